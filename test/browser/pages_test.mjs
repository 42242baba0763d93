// Every page of every role, in both languages, wide and phone-narrow: nothing the browser complains about, nothing wider than
// the screen, no WCAG fault; and an order entered without the mouse.
import { accessible, hold, run, signIn } from "./browser.mjs";

const pages = {
  clerk: ["/", "/orders", "/orders?state=in_review&channel=phone", "/orders?q=zzzz", "/shipments?q=FH2026", "/orders/new", "/customers", "/products", "/stock", "/shipments", "/notices", "/mails", "/me",
    "/intake", "/call?tel=13800000000", "/payments", "/tasks", "/search?q=SO2", "/search?q=zzzz"],
  reviewer: ["/", "/reviews", "/review-rules", "/orders", "/shortages", "/stock"],
  warehouse: ["/", "/picks", "/waves", "/scan", "/shipments", "/stock", "/stock-counts", "/stock-expiring", "/stock-low", "/crates", "/carriers"],
  service: ["/", "/shipments", "/orders", "/cases", "/cases/causes", "/follow-ups", "/returns"],
  admin: ["/", "/people", "/keys", "/settings", "/rights", "/notices", "/notice-words", "/notice-words/dispatched", "/prices", "/products", "/customers", "/platforms", "/archive",
    "/process", "/process?detail=100&steps=all", "/process/variants", "/process/people", "/process/service", "/process/trend", "/process/orders", "/board"],
};

// The first order, review and so on that a list leads to, so that the pages of single things are seen too, and what these lead to
// of their own: a customer's crates, an order's records.
const linksTo = async (page, pattern) => (await page.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")))).filter((href) => pattern.test(href));

async function inside(page, path) {
  return (await linksTo(page, new RegExp(`^${path}/(\\d+|[A-Z]+\\d+)$`)))[0];
}

async function look(page, faults, path) {
  await page.goto(path, { waitUntil: "load" });
  await page.waitForTimeout(50);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 1) faults.push(`${path}: ${wide} px wider than the screen`);
  faults.push(...(await accessible(page)));
}

function everyPage(role, options) {
  return async (world) => {
    const page = await signIn(world, role, options), faults = [];
    for (const path of pages[role]) {
      await look(page, faults, path);
      const one = await inside(page, path);
      if (!one) continue;
      await look(page, faults, one);
      const more = new Set(await linksTo(page, new RegExp(`^${one}/(?!raw$)[a-z-]+$`)));
      for (const path of more) await look(page, faults, path);
    }
    faults.push(...page.faults);
    await page.context().close();
    hold(!faults.length, faults.join("\n  "));
  };
}

// What is not there, not allowed: said in the reader's language, with a way on; the demo's lists are no pages.
async function wrongDoors(world) {
  for (const [locale, word] of [["zh-CN", "没有找到"], ["en", "Not found"]]) {
    const page = await signIn(world, "clerk", { locale });
    for (const [path, status] of [["/orders/99999999", 404], ["/people", 403], ["/ui/demo-customers.csv", 404]]) {
      const answer = await page.goto(path);
      hold(answer.status() === status, `${path} answers ${answer.status()}`);
      hold(await page.isVisible('main a[href="/"]'), `${path} leads nowhere`);
      const faults = await accessible(page);
      hold(!faults.length, faults.join("\n  "));
    }
    await page.goto("/orders/99999999");
    hold((await page.textContent("h1")) === word, await page.textContent("h1"));
    await page.goto("/orders?state=in_review&channel=phone");
    await page.click(".hd-filter a");
    hold(new URL(page.url()).search === "?state=in_review", `taking a filter away leads to ${page.url()}`);
    await page.context().close();
  }
}

// Every list goes on where it ended: what the next links lead through is what the API lists, each row once, filters kept. Mails and
// archived orders the demo has none of.
const lists = ["/orders?", "/orders?channel=phone&", "/orders?q=SO2&", "/customers?", "/customers?q=c0&", "/products?", "/products?q=%E7%99%BD&", "/prices?", "/stock?", "/shipments?state=all&",
  "/shipments?q=FH2&", "/waves?", "/intake?", "/notices?", "/payments?", "/follow-ups?", "/follow-ups?state=done&", "/cases?", "/returns?", "/stock-counts?", "/tasks?"];

const asked = { headers: { Accept: "application/json" } };

async function listed(page, list) {
  const all = [];
  for (let cursor = ""; cursor !== null;) {
    const answer = await (await page.request.get(`/api/v1${list}limit=200${cursor && `&cursor=${cursor}`}`, asked)).json();
    all.push(...answer.items);
    cursor = answer.next_cursor;
  }
  return all.length;
}

// The rows of all its pages, of which there are at least two.
async function leafThrough(page, list, n) {
  const all = [];
  let pages = 0;
  for (let path = `${list}limit=${Math.min(200, Math.ceil(n / 2))}`; path; pages++) {
    await page.goto(path);
    all.push(...await page.$$eval("#main tbody tr, #main .hd-q > li", (rows) => rows.map((tr) => tr.textContent)));
    path = await (await page.$('a[rel="next"]'))?.getAttribute("href");
  }
  hold(n < 2 || pages > 1, `${list} has ${n} on one page of ${Math.ceil(n / 2)}`);
  return all;
}

async function twoCounts(page) {
  const { csrf } = await (await page.request.get("/api/v1/me", asked)).json();
  const { items } = await (await page.request.get("/api/v1/stock?limit=2", asked)).json();
  for (const { sku } of items) {
    const made = await page.request.post("/api/v1/stock-counts", { headers: { ...asked.headers, "X-CSRF-Token": csrf }, data: { sku } });
    hold(made.ok(), await made.text());
  }
}

async function nextPages(world) {
  const page = await signIn(world, "admin");
  await twoCounts(page);
  for (const list of lists) {
    const n = await listed(page, list), rows = await leafThrough(page, list, n);
    hold(n > 0, `${list} has nothing`);
    hold(rows.length === n, `${list} has ${n}, its pages show ${rows.length}`);
  }
  hold(!page.faults.length, page.faults.join("\n  "));
  await page.context().close();
}

async function typedOrder(world) {
  const page = await signIn(world, "clerk");
  await page.goto("/orders/new");
  const type = async (text, settle = 350) => { await page.keyboard.type(text); await page.waitForTimeout(settle); };
  await type("C006");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  for (const [goods, n] of [["SC0103", "2"], ["yc", "3"], ["DP0104", "1"], ["xhs", "5"], ["baicai", "2"], ["胡萝卜", "1"], ["SC0120", "4"], ["LY0104", "2"], ["tudou", "1"], ["SC0126", "6"]]) {
    await type(goods);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(80);
    await type(n, 40);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("F8");
  await page.waitForSelector("#read-back:not([hidden])");
  const words = await page.textContent("[data-read-back]");
  hold(words.includes("10 样"), `read back: ${words}`);
  await page.evaluate(() => scrollTo(0, 0));
  const faults = await accessible(page);
  hold(!faults.length, faults.join("\n  "));
  await page.keyboard.type("吴秀兰");
  await page.keyboard.press("F9");
  await page.waitForSelector(".st-in_review");
  hold(!page.faults.length, page.faults.join("\n  "));
  await page.context().close();
}

// A call while another is on: the first is parked, survives a closed tab, and goes on; rows pasted from a chat; what the customer
// took before comes by one key.
async function twoCalls(world) {
  const page = await signIn(world, "clerk");
  await page.goto("/orders/new");
  const enterLine = async (goods, n) => {
    await page.keyboard.type(goods);
    await page.waitForTimeout(350);
    await page.keyboard.press("Enter");
    await page.keyboard.type(n);
    await page.keyboard.press("Enter");
  };
  const call = async (who) => {
    await page.keyboard.type(who);
    await page.waitForTimeout(350);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
  };
  await call("C040");
  await enterLine("SC0120", "2");
  await page.keyboard.press("Alt+g");
  await page.waitForSelector("[data-grid-parked] button");
  await page.waitForFunction(() => document.querySelector("#customer").value === ""); // the next call begins with a clean sheet
  const drafts = await (await page.request.get("/api/v1/orders?state=draft&customer=C040", { headers: { Accept: "application/json" } })).json();
  hold(drafts.items.length === 1, "the parked call is no draft on the server");
  await page.goto("/");
  await page.goto("/orders/new");
  await page.keyboard.press("Alt+1");
  await page.waitForFunction(() => document.querySelector("#customer").value === "C040");
  await page.locator('[data-grid-rows] tr:last-child input[role="combobox"]').focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "白心土豆 8件，胡萝卜四件\n没有这个货 3箱");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.waitForSelector(".hd-toast");
  await page.waitForSelector('[data-grid-rows] [aria-invalid="true"]');
  const cells = await page.$$eval("[data-grid-rows] tr", (all) => all.map((tr) => `${tr.querySelector("input").value} ${tr.querySelectorAll("input")[2].value}`));
  hold(cells[1] === "白心土豆 8" && cells[2] === "胡萝卜 4", `pasted: ${cells.join(" | ")}`);
  hold(await page.locator('[data-grid-rows] [aria-invalid="true"]').count() === 1, "what was not recognised is not marked");
  await page.keyboard.press("F8"); // words nobody chose goods for hold the order back
  hold(await page.isHidden("#read-back"), "an unclear line was left out");
  await page.keyboard.press("Alt+Delete");
  await page.keyboard.press("F8");
  await page.waitForSelector("#read-back:not([hidden])");
  await page.keyboard.press("F9");
  await page.waitForSelector(".st-in_review");
  await page.goto("/orders/new");
  hold(await page.locator("[data-grid-parked] button").count() === 0, "a confirmed order is still parked");
  await call("C040");
  await page.waitForSelector(".hd-usual-one");
  await page.keyboard.press("Alt+u");
  await page.keyboard.press("1");
  await page.waitForFunction(() => document.querySelector('[aria-label="货品 1"]').value !== ""); // the usual goods are added
  await page.keyboard.press("Alt+r");
  await page.waitForFunction(() => rows().filter((line) => line.offer).length === 3); // the last order is copied
  hold(!page.faults.length, page.faults.join("\n  "));
  await page.context().close();
}

const tests = { "ten lines without the mouse": typedOrder, "two calls, rows pasted, the usual goods": twoCalls, "what is not there": wrongDoors, "lists go on where they ended": nextPages };
for (const role of Object.keys(pages)) {
  tests[`${role}, Chinese, wide`] = everyPage(role, {});
  tests[`${role}, English, narrow, dark`] = everyPage(role, { width: 390, locale: "en", dark: true });
}
await run("pages", tests);
