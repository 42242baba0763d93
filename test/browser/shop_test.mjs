// The shop of a known customer on its phone: by link and by password, with scripts and without, in both languages.
import { accessible, hold, run, signIn } from "./browser.mjs";

const json = { headers: { Accept: "application/json" } };

// A customer with orders, and the link the clerk makes for it; made once, since another one ends it.
let made;
async function door(world) {
  if (made) return made;
  const clerk = await signIn(world, "clerk");
  const { items } = await (await clerk.request.get("/api/v1/orders?state=completed", json)).json();
  const found = await (await clerk.request.get(`/api/v1/customers?q=${items[0].customer}`, json)).json();
  const customer = found.items.find((one) => one.code === items[0].customer);
  await clerk.goto(`/customers/${customer.id}`);
  await clerk.click(`a[href="/customers/${customer.id}/shop"]`);
  await clerk.fill('[name="password"]', "a password of theirs");
  await Promise.all([clerk.waitForEvent("load"), clerk.click('form[action$="/shop/password"] button')]);
  await clerk.click('form[action$="/shop/link"] button');
  const path = new URL(await clerk.inputValue("#url")).pathname;
  const faults = [...await accessible(clerk), ...clerk.faults];
  hold(!faults.length, faults.join("\n  "));
  return (made = { clerk, customer, path, number: items[0].number });
}

async function phone(world, options = {}) {
  const context = await world.browser.newContext({ viewport: { width: options.width ?? 390, height: 844 }, locale: options.locale ?? "zh-CN",
    colorScheme: options.dark ? "dark" : "light", javaScriptEnabled: options.scripts ?? true, baseURL: world.base });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (m) => { if (m.type() === "error") page.faults.push(`${page.url()}: ${m.text()}`); });
  page.on("pageerror", (e) => page.faults.push(`${page.url()}: ${e.message}`));
  return page;
}

const press = (page, selector) => Promise.all([page.waitForEvent("load"), page.click(selector)]);
const bar = ".hd-shop-bar .btn-primary";

async function look(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 1) page.faults.push(`${page.url()}: ${wide} px wider than the screen`);
  const small = await page.$$eval("main .btn:not(.btn-link), .hd-shop .form-control, .hd-shop .form-select", (all) => all.filter((e) => e.offsetParent !== null && e.offsetHeight < 48).length);
  if (small) page.faults.push(`${page.url()}: ${small} things lower than 48 px`);
  page.faults.push(...await accessible(page));
}

// Found by its initials, counted with the buttons, checked, sent; then its own page and the earlier orders.
function orders(locale, options) {
  return async (world) => {
    const { path } = await door(world), page = await phone(world, { locale, ...options });
    await page.goto(path);
    hold(await page.evaluate(() => document.documentElement.lang) === locale, "another language");
    await look(page);
    await page.fill("#q", "td");
    await Promise.all([page.waitForEvent("load"), page.press("#q", "Enter")]);
    const first = page.locator(".hd-shop-rows li").first();
    for (let i = 0; i < 3; i++) await first.locator('[data-step="1"]').click();
    await first.locator('[data-step="-1"]').click();
    hold(await first.locator('[name$=".quantity"]').inputValue() === "2", "the buttons do not count");
    hold(await page.textContent("[data-shop-count]") === "1", "what is chosen is not counted");
    const touch = await first.locator('[data-step="1"]').boundingBox();
    hold(touch.width >= 48 && touch.height >= 48, `the button is ${touch.width} × ${touch.height}`);
    await look(page);
    await press(page, bar);
    await look(page);
    await press(page, bar);
    if (await page.isVisible('[name="again"] ~ section, [role="alert"]')) await press(page, bar); // like the one of the other languages
    hold(/\/sent\/\d+$/.test(page.url()), `sending leads to ${page.url()}`);
    const number = /SO\d+-\d+/.exec(await page.textContent("main"))?.[0];
    hold(number, "there is no number");
    await look(page);
    await page.goto(`${path}/orders`);
    hold((await page.textContent(".hd-shop-orders li")).includes(number), "it is not among the earlier orders");
    await look(page);
    await Promise.all([page.waitForURL(/\/o\/[0-9a-f]{32}$/), page.click('form[action$="/open"] button')]);
    hold((await page.textContent("main")).includes(number), "another order is opened");
    hold(!page.faults.length, page.faults.join("\n  "));
    await page.context().close();
  };
}

// No scripts: the form carries the basket through searching and leafing; what is wrong stands at its row; nothing is sent twice.
async function withoutScripts(world) {
  const { clerk, customer, path, number } = await door(world), page = await phone(world, { scripts: false });
  await page.goto(path);
  hold(await page.isHidden('[data-step="1"]'), "buttons that do nothing are shown");
  await press(page, bar);
  hold(await page.isVisible('[role="alert"]'), "an empty basket is taken");
  await page.click("details summary");
  const before = page.locator(".hd-shop-orders li").filter({ hasText: number });
  await Promise.all([page.waitForEvent("load"), before.locator('a[href*="again="]').click()]);
  const basket = page.locator(".hd-shop > section").filter({ has: page.locator("h2") }).first();
  const lines = await basket.locator("li").count();
  hold(lines > 1, "the earlier order is not taken over");
  const sku = await basket.locator('[name$=".sku"]').first().inputValue();
  await basket.locator('[name$=".quantity"]').first().fill("7");
  await page.fill("#q", "zzzzzz");
  await press(page, '.hd-shop-find button');
  await press(page, 'button[name="whole"]');
  await press(page, 'button[name="after"]');
  await page.fill("#remarks", "早点送，谢谢");
  const kept = page.locator(`li:has([value="${sku}"]) [name$=".quantity"]`);
  hold(await kept.inputValue() === "7", `the basket is lost: ${await kept.inputValue()}`);
  await press(page, bar);
  hold((await page.textContent("main")).includes("早点送，谢谢"), "the remark is lost");
  const form = await page.$$eval("form.hd-shop input", (all) => all.map((e) => [e.name, e.value]));
  await press(page, bar);
  if (await page.isVisible('[name="again"] ~ section')) await press(page, bar);
  hold(/\/sent\/\d+$/.test(page.url()), `sending leads to ${page.url()}`);
  const list = async () => (await (await clerk.request.get(`/api/v1/orders?customer=${customer.code}&limit=200`, json)).json()).items.length;
  const had = await list(), key = form.find(([name]) => name === "idempotency_key");
  for (let i = 0; i < 2; i++) {
    const twice = await page.request.post(`${path}/send`, { form: Object.fromEntries([...form, ["again", "true"], [key[0], `${key[1]}-x`]]), maxRedirects: 0 });
    hold(twice.status() === 303, `sent again: ${twice.status()}`);
  }
  hold(await list() === had + 1, `${await list() - had} orders by one key`);
  await page.goto(`${path}/check`);
  hold(new URL(page.url()).pathname === path, `a page that a form made, reloaded: ${page.url()}`);
  await page.context().close();
}

// Between looking and sending the price changes: both are shown, and nothing is sent before the customer has seen it.
async function priceChanges(world) {
  const { customer, path } = await door(world), page = await phone(world), admin = await signIn(world, "admin");
  await page.goto(`${path}?q=td`);
  const row = page.locator(".hd-shop-rows li").last();
  const sku = await row.locator('[name$=".sku"]').inputValue();
  await row.locator('[name$=".quantity"]').fill("3");
  await press(page, bar);
  const was = await page.inputValue('[name="lines.0.price"]');
  const unit = /\/(\S+)/.exec(await page.textContent("tbody small"))[1];
  const { csrf } = await (await admin.request.get("/api/v1/me", json)).json();
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const priced = await admin.request.post("/api/v1/prices", { headers: { Accept: "application/json", "X-CSRF-Token": csrf },
    data: { kind: "contract", customer: customer.code, sku, price: "77.77", price_unit: unit, valid_from: today, contract_no: "HT-77" } });
  hold(priced.ok(), await priced.text());
  await press(page, bar);
  hold(/\/send$/.test(page.url()), "it was sent at a price nobody has seen");
  const said = await page.textContent("main");
  hold(said.includes("77.77") && said.includes(was), said);
  await look(page);
  await press(page, bar);
  if (await page.isVisible('[name="again"] ~ section')) await press(page, bar);
  hold(/\/sent\/\d+$/.test(page.url()), `sending leads to ${page.url()}`);
  hold(!page.faults.length, page.faults.join("\n  "));
  await page.context().close();
}

async function byPassword(world) {
  const { customer } = await door(world), page = await phone(world);
  await page.goto("/shop/me");
  hold(new URL(page.url()).pathname === "/shop", `without signing in: ${page.url()}`);
  await look(page);
  await page.click('[lang="en"]');
  await page.waitForFunction(() => document.documentElement.lang === "en"); // nobody's choice, remembered by the browser
  await page.fill("#code", customer.code);
  await page.fill("#password", "not this one");
  await page.press("#password", "Enter");
  await page.waitForSelector("[data-form-error]");
  await page.fill("#password", "a password of theirs");
  await Promise.all([page.waitForURL(/\/shop\/me$/), page.press("#password", "Enter")]);
  hold((await page.textContent("main")).includes(customer.name), "somebody else's shop");
  hold(await page.evaluate(() => document.documentElement.lang) === "en", "the language is forgotten");
  await look(page);
  const cookie = (await page.context().cookies()).find((one) => one.name.endsWith("huodan_shop"));
  hold(cookie.httpOnly && cookie.sameSite === "Lax", "the cookie can be read by scripts or sent from elsewhere");
  hold((await page.request.get("/api/v1/orders", json)).status() === 401, "the shop's cookie opens more than the shop");
  const forged = await page.request.post("/shop/me/basket", { headers: { Origin: "https://elsewhere.example" }, form: {} });
  hold(forged.status() === 403, `another site's form: ${forged.status()}`);
  await Promise.all([page.waitForURL(/\/shop$/), page.click('form[action$="/logout"] button')]);
  await page.goto("/shop/me");
  hold(new URL(page.url()).pathname === "/shop", "signing out does not");
  hold(!page.faults.filter((fault) => !/401/.test(fault)).length, page.faults.join("\n  "));
  await page.context().close();
}

await run("shop", {
  "order, phone, zh": orders("zh-CN"),
  "order, phone, en": orders("en"),
  "order, wide, zh": orders("zh-CN", { width: 1440 }),
  "order, wide, en, dark": orders("en", { width: 1440, dark: true }),
  "without scripts": withoutScripts,
  "the price changes": priceChanges,
  "by password": byPassword,
});
