// What browser tests share: a server of their own with the demo company, Chromium, signing in, and what counts as a fault.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "../../ui/node_modules/playwright-core/index.mjs";

export const build = process.env.BUILD ?? "build";
export const people = { clerk: "mei.fang", reviewer: "qiao.ling", warehouse: "cheng.lei", service: "ye.qin", admin: "fang.ming" };
export const password = "huodan2026";

export async function start() {
  const folder = mkdtempSync(join(tmpdir(), "huodan-browser-"));
  const server = spawn(`${build}/huodan`, ["serve", "--demo", "--db", `sqlite:${folder}/h.db`, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  const base = await new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
      const ready = /huodan: ready (http:\S+)/.exec(said);
      if (ready) resolve(ready[1]);
    });
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  const stop = async () => {
    await browser.close();
    server.removeAllListeners("exit");
    const ended = new Promise((resolve) => server.on("exit", resolve));
    server.kill("SIGTERM");
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  return { base, browser, db: `sqlite:${folder}/h.db`, stop };
}

// A page of a signed-in person. What the browser complains about is collected in page.faults.
export async function signIn({ base, browser }, role, options = {}) {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1440, height: 900 }, locale: options.locale ?? "zh-CN",
    colorScheme: options.dark ? "dark" : "light", baseURL: base });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (m) => { if (m.type() === "error") page.faults.push(`${page.url()}: ${m.text()}`); });
  page.on("pageerror", (e) => page.faults.push(`${page.url()}: ${e.message}`));
  page.on("response", (r) => { if (r.status() >= 500) page.faults.push(`${r.status()} ${r.url()}`); });
  await page.goto("/login");
  await page.fill('[name="login"]', people[role]);
  await page.fill('[name="password"]', password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/login")), page.keyboard.press("Enter")]);
  const lang = await page.evaluate(() => document.documentElement.lang), want = options.locale ?? "zh-CN";
  if (lang !== want) throw new Error(`the page is in ${lang}, not in ${want}`);
  return page;
}

const axe = readFileSync(new URL("../../ui/node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

// WCAG 2.2 A and AA faults of the page that is open, one line each.
export async function accessible(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return found.violations.map((v) => `${page.url()}: ${v.id}: ${v.nodes.length}× ${v.nodes[0].target.join(" ")}: ${v.help}`);
}

// Runs the tests one after another and says how it went in the form test/run.sh counts.
export async function run(name, tests) {
  let passed = 0, failed = 0;
  const world = await start();
  for (const [title, test] of Object.entries(tests)) {
    try {
      await test(world);
      passed++;
    } catch (error) {
      failed++;
      console.error(`FAILED ${title}: ${error.message.slice(0, 1500)}`);
    }
  }
  if ((await world.stop()) !== 0) failed++;
  console.log(`${name}: ${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed ? 1 : 0);
}

export function hold(condition, message) {
  if (!condition) throw new Error(message);
}
