// One order from entry to receipt in the browser, everyone at their own login; and a clerk who types faster than the network.
import { hold, run, signIn } from "./browser.mjs";

// A refused scan is an answer the browser logs as an error; it is meant here.
const meant = (fault) => /409/.test(fault);

async function typeOrder(page, goods, wait) {
  await page.goto("/orders/new");
  await page.keyboard.type("C006");
  await page.waitForTimeout(wait);
  await page.keyboard.press("Enter");
  for (const [what, n] of goods) {
    await page.waitForTimeout(wait);
    await page.keyboard.type(what);
    await page.waitForTimeout(wait);
    await page.keyboard.press("Enter");
    await page.keyboard.type(n);
    await page.keyboard.press("Enter");
  }
}

async function enter(world) {
  const page = await signIn(world, "clerk");
  await typeOrder(page, [["SC0120", "2"], ["LY0104", "1"]], 400);
  await page.keyboard.press("F8");
  await page.waitForSelector("#read-back:not([hidden])");
  await page.keyboard.type("吴秀兰");
  await page.keyboard.press("F9");
  await page.waitForSelector(".st-in_review");
  return { page, order: /\d+$/.exec(page.url())[0], review: await page.getAttribute('a[href^="/reviews/"]', "href") };
}

async function approve(world, review) {
  const page = await signIn(world, "reviewer", { locale: "en" });
  await page.goto(review);
  await page.keyboard.press("F9");
  await page.waitForURL((url) => url.pathname !== review);
  return page;
}

async function pick(page, order) {
  await page.goto(`/orders/${order}`);
  await page.keyboard.press("F9");
  await page.waitForSelector('button[data-key="F9"]', { state: "detached" });
  await page.goto("/picks");
  await page.click(`button[formaction="/orders/${order}/wave"]`);
  await page.waitForURL(/\/picks\/\d+$/);
  await page.fill('[name="scan"]', "nonsense");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-alarm]:not([hidden])"); // the whole screen says so, and names what is right
  hold((await page.textContent("[data-alarm]")).includes("nonsense"), "the alarm does not say what was scanned");
  await page.keyboard.press("Escape");
  hold(await page.evaluate(() => document.activeElement.name) === "scan", "the scan field is not ready for the next scan");
  for (let left = await page.locator(".hd-walked li").count(); left > 0; left--) {
    await page.fill('[name="scan"]', "");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  }
  await page.click('form[action$="/done"] button');
  await page.waitForURL(/\/shipments\/\d+$/);
}

// The shelf has less than the books: reported line by line, settled by the clerk; then two orders in one wave.
async function shortAndWave(world) {
  const page = await signIn(world, "warehouse");
  await page.goto("/picks");
  const short = await page.getAttribute('a[href$="#short"]', "href");
  await page.goto(short);
  await page.fill('[name="short.0.quantity"]', "1");
  await page.fill('[name="short.0.reason"]', "库位是空的");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Alt+s")]);
  hold(await page.isHidden("#short"), "what is short can still be confirmed as there");
  const clerk = await signIn(world, "clerk", { locale: "en" });
  await clerk.goto("/");
  await clerk.click(`a[href="${short.replace("#short", "")}"] b`);
  await clerk.waitForSelector("#shortage");
  hold((await clerk.textContent("#shortage")).includes("库位是空的"), "the clerk does not see why");
  await Promise.all([clerk.waitForEvent("load"), clerk.keyboard.press("Alt+1")]);
  hold(await clerk.isHidden("#shortage"), "the shortage is not settled");
  await page.goto("/picks");
  const waiting = await page.locator('[name^="chosen."]').count();
  hold(waiting >= 2, `${waiting} orders wait for a wave`);
  await page.check("[data-tick-all]");
  await page.click('form[action="/waves"] .btn-primary');
  await page.waitForURL(/\/waves\/\d+$/);
  hold(await page.locator("main section").count() === waiting, "not all chosen orders are in the wave");
  const faults = [...page.faults, ...clerk.faults];
  hold(!faults.length, faults.join("\n  "));
}

async function send(page) {
  await Promise.all([page.waitForEvent("load"), page.click('button[data-key="F9"]')]);
  await page.selectOption('select[name="carrier"]', "truck1");
  await page.click('form[action$="/dispatch"] button');
  await page.waitForSelector(".st-dispatched");
}

async function wholeRoad(world) {
  const { page: clerk, order, review } = await enter(world);
  const reviewer = await approve(world, review);
  const warehouse = await signIn(world, "warehouse", { width: 390 });
  await pick(warehouse, order);
  await send(warehouse);
  await clerk.goto(new URL(warehouse.url()).pathname);
  await clerk.fill('[name="signer"]', "吴秀兰");
  await clerk.click('form[action$="/receipt"] button:not([type="button"])');
  await clerk.waitForSelector('form[action$="/receipt"]', { state: "detached" });
  await clerk.goto(`/orders/${order}`);
  hold(await clerk.isVisible(".hd-head .st-delivered"), "the order is not delivered");
  const told = await clerk.$$eval(".hd-tl b", (all) => all.map((b) => b.textContent));
  hold(told.filter((t) => t.startsWith("客户签收")).length === 1 && told.filter((t) => t.startsWith("发车")).length === 1 && told.length < 16, `the timeline tells a move more than once: ${told.join(" | ")}`);
  await clerk.goto("/");
  const news = await clerk.$$eval("#news li", (all, path) => all.filter((li) => li.querySelector(`a[href="${path}"]`)).map((li) => li.querySelector("b").textContent), `/orders/${order}`);
  hold(news[0]?.startsWith("客户签收") && news.filter((t) => t.startsWith("客户签收")).length === 1, `the first page tells the receipt as ${news.join(" | ")}`);
  const faults = [clerk, reviewer, warehouse].flatMap((p) => p.faults).filter((f) => !meant(f));
  hold(!faults.length, faults.join("\n  "));
}

// Answers take 700 ms; the clerk does not wait for any of them.
async function typedAhead(world) {
  const page = await signIn(world, "clerk");
  await page.route(/\/find\?/, async (route) => { await new Promise((r) => setTimeout(r, 700)); await route.continue(); });
  await page.goto("/orders/new");
  await page.keyboard.type("C006");
  await page.keyboard.press("Enter");
  await page.keyboard.type("SC0120");
  await page.waitForTimeout(1500);
  await page.keyboard.press("Enter");
  await page.keyboard.type("12");
  await page.waitForTimeout(1500);
  hold((await page.inputValue("#customer")) === "C006", "the customer is not chosen");
  hold((await page.inputValue('[aria-label="货品 1"]')) === "紫皮洋葱", "the goods are not chosen");
  hold((await page.inputValue('[aria-label="数量"]')) === "12", "what was typed ahead is lost");
  hold(!page.faults.length, page.faults.join("\n  "));
}

await run("road in the browser", { "from entry to receipt, changing logins": wholeRoad, "typing faster than the network": typedAhead, "a shortage and a wave of several orders": shortAndWave });
