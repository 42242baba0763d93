// A clerk clears twenty mixed messages without touching the mouse: what is sure is ordered with one key, what is not is
// chosen, taken, left out or said no to, and the next message opens by itself.
import { accessible, hold, run, signIn } from "./browser.mjs";

const tomorrow = new Date(Date.now() + 8 * 3600e3 + 86400e3).toISOString().slice(0, 10);
const sure = ["土豆2件，青椒1件", "明天 大白菜3件 生姜5斤", "土豆1件\n胡萝卜10斤\n小香葱4捆"];
const customers = ["C001", "C003", "C005", "C006", "C007", "C008", "C009", "C010", "C011", "C012", "C013", "C014", "C015", "C016", "C017", "C018", "C019", "C020", "C021", "C022"];

async function api(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const answer = await fetch(`/api/v1${p}`, { method: m, headers: { "Content-Type": "application/json", Accept: "application/json" }, body: b && JSON.stringify(b) });
    return answer.json();
  }, [method, path, body]);
}

// Twenty: sure ones without a day, some with unknown goods, some that are no order.
async function fill(page) {
  for (const letter of (await api(page, "GET", "/intake?limit=200")).items) await api(page, "POST", `/intake/${letter.id}/dismiss`, { reason: "清空" });
  for (const [i, customer] of customers.entries()) {
    const text = i % 5 === 3 ? `${sure[i % 3]}，月球石头2箱` : i % 5 === 4 ? "货款转过去了，查收一下" : sure[i % 3];
    const made = await api(page, "POST", "/intake", { channel: "chat", sender: `wx${i}`, customer, text });
    if (!made.id) throw new Error(JSON.stringify(made));
  }
}

async function twenty(world) {
  const page = await signIn(world, "clerk");
  await fill(page);
  const first = (await api(page, "GET", "/intake?limit=1")).items[0].id;
  await page.goto(`/intake/${first}`);
  const ready = () => page.waitForFunction(() => !document.querySelector("#work") ? document.readyState === "complete" : typeof busy !== "undefined" && !busy);
  let pressed = 0;
  const press = async (key) => { pressed++; await page.keyboard.press(key); await ready().catch((e) => { if (!/navigation|destroyed/.test(e.message)) throw e; }); };
  for (let step = 0; step < 200 && /\/intake\/\d+/.test(page.url()); step++) {
    const state = await page.evaluate(() => ({ nothing: document.querySelectorAll("tr.is-block").length, look: document.querySelectorAll("tr.is-warn").length,
      twin: !!document.querySelector("[action$='/keep']"), day: !!document.querySelector("[data-key='D']"), can: !!document.querySelector("[data-key='Ctrl+Enter']:not(:disabled)"),
      rows: document.querySelectorAll("[data-row]").length, url: location.pathname }));
    const before = state.url;
    if (!state.rows) await press("Alt+x");
    else if (state.nothing) await press("n");
    else if (state.look) { await press("1"); await press("Enter"); }
    else if (state.day) await press("d");
    else if (state.can) await press("Control+Enter");
    else throw new Error(`stuck at ${before}: ${JSON.stringify(state)}: ${await page.textContent("#work [role=status], .hd-note")}`);
    await page.waitForTimeout(20);
  }
  const left = (await api(page, "GET", "/intake")).items.filter((i) => customers.includes(i.customer));
  hold(left.length === 0, `${left.length} left: ${JSON.stringify(left[0])}`);
  const ordered = (await api(page, "GET", "/intake?state=ordered&limit=200")).items;
  hold(ordered.length >= 16, `${ordered.length} became orders`);
  const order = await api(page, "GET", `/orders/${ordered[0].order_id}`);
  hold(order.state === "draft" && order.delivery_date === tomorrow && order.channel === "chat", JSON.stringify(order).slice(0, 300));
  hold(pressed < 100, `${pressed} keys`);
  const faults = page.faults.filter((f) => !/409|422/.test(f));
  hold(!faults.length, faults.join("\n  "));
  console.log(`twenty messages by ${pressed} keys`);
}

// Goods are looked for by typing, and what was said is known the next time.
async function learns(world) {
  const page = await signIn(world, "clerk", { locale: "en" });
  const made = await api(page, "POST", "/intake", { channel: "chat", sender: "wxl", customer: "C030", text: "魔法豆3斤" });
  await page.goto(`/intake/${made.id}`);
  await page.keyboard.press("/");
  await page.keyboard.type("黄心土豆");
  await page.waitForSelector("tr.is-block [role=option], tr.is-warn [role=option]");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await page.waitForSelector("tr.is-block, tr.is-warn", { state: "detached" });
  const again = await api(page, "POST", "/intake", { channel: "chat", sender: "wxl2", customer: "C030", text: "魔法豆5斤" });
  hold(again.lines[0].state === "accepted", JSON.stringify(again.lines));
  hold(!page.faults.length, page.faults.join("\n  "));
}

async function looks(world) {
  const faults = [];
  for (const [locale, width] of [["zh-CN", 1440], ["en", 390]]) {
    const page = await signIn(world, "clerk", { locale, width });
    const { id } = await api(page, "POST", "/intake", { channel: "chat", sender: `w${width}`, customer: "C035", text: "生姜5斤、生蚝2箱、鸡精1件" });
    const list = await api(page, "POST", "/intake", { channel: "email", external_id: `<${width}@x>`, customer: "C017", text: "品名\t数量\t备注\n土豆\t2件\t\n紫苏\t2斤\t\n" });
    for (const path of ["/intake", "/intake?paste=1", "/intake?state=ordered", `/intake/${id}`, `/intake/${list.id}`]) {
      await page.goto(path);
      await page.evaluate(() => scrollTo(0, 0));
      faults.push(...await accessible(page));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 1) faults.push(`${path} is ${wide}px too wide at ${width}`);
    }
    faults.push(...page.faults);
  }
  hold(!faults.length, faults.join("\n  "));
}

await run("inbox in the browser", { "twenty messages by keyboard": twenty, "goods looked for, and learnt": learns, "accessible, and fits": looks });
