// Every page of every role, in both languages, wide and phone-narrow: nothing the browser complains about, nothing wider than
// the screen, no WCAG fault; and an order entered without the mouse.
import { accessible, hold, run, signIn } from "./browser.mjs";

const pages = {
  clerk: ["/", "/orders", "/orders/new", "/customers", "/products", "/stock", "/shipments", "/me"],
  reviewer: ["/", "/reviews", "/orders", "/stock"],
  warehouse: ["/", "/picks", "/shipments", "/stock"],
  service: ["/", "/shipments", "/orders"],
  admin: ["/", "/people", "/keys", "/settings", "/rights", "/prices", "/products"],
};

// The first order, review and so on that a list leads to, so that the pages of single things are seen too.
async function inside(page, path) {
  const links = await page.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")));
  return links.find((href) => new RegExp(`^${path}/\\d+$`).test(href));
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
      if (one) await look(page, faults, one);
    }
    faults.push(...page.faults);
    await page.context().close();
    hold(!faults.length, faults.join("\n  "));
  };
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
  await page.waitForURL(/\/orders\/\d+$/);
  const lines = await page.locator("main tbody tr").count();
  hold(lines >= 10, `${lines} lines`);
  hold(await page.locator(".hd-read").isVisible(), "nothing to read back");
  await page.keyboard.type("吴秀兰");
  await page.keyboard.press("F9");
  await page.waitForSelector(".st-in_review");
  hold(!page.faults.length, page.faults.join("\n  "));
  await page.context().close();
}

const tests = { "ten lines without the mouse": typedOrder };
for (const role of Object.keys(pages)) {
  tests[`${role}, Chinese, wide`] = everyPage(role, {});
  tests[`${role}, English, narrow, dark`] = everyPage(role, { width: 390, locale: "en", dark: true });
}
await run("pages", tests);
