// The pictures of the README, taken from the demo company: node test/browser/pictures.mjs
import { signIn, start } from "./browser.mjs";

const world = await start();
const clerk = await signIn(world, "clerk");
await clerk.goto("/");
await clerk.screenshot({ path: "docs/img/home.png" });

// A customer who ordered before: the usual goods and the last order stand beside the lines.
const call = async (lines) => {
  await clerk.goto("/orders/new");
  await clerk.keyboard.type("C006");
  await clerk.waitForTimeout(350);
  await clerk.keyboard.press("Enter");
  await clerk.waitForTimeout(300);
  for (const [goods, n] of lines) {
    await clerk.keyboard.type(goods);
    await clerk.waitForTimeout(350);
    await clerk.keyboard.press("Enter");
    await clerk.keyboard.type(n);
    await clerk.keyboard.press("Enter");
  }
};
await call([["SC0103", "6"], ["SC0112", "4"], ["SC0126", "8"], ["LY0104", "8"], ["DP0104", "5"], ["SC0157", "3"]]);
await clerk.keyboard.press("F8");
await clerk.waitForSelector("#read-back:not([hidden])");
await clerk.keyboard.press("F9");
await clerk.waitForURL(/\/orders\/\d+$/);
await clerk.goto("/orders/new");
await clerk.keyboard.type("C040");
await clerk.waitForTimeout(350);
await clerk.keyboard.press("Enter");
await clerk.waitForTimeout(300);
await clerk.keyboard.press("Alt+g"); // one call is parked
await clerk.waitForTimeout(500);
await call([["SC0103", "8"], ["SC0112", "4"], ["SC0120", "5"], ["LY0104", "10"]]);
await clerk.waitForTimeout(400);
await clerk.keyboard.type("xhs");
await clerk.waitForTimeout(400);
await clerk.screenshot({ path: "docs/img/entry.png" });
await clerk.keyboard.press("Escape");

const reviewer = await signIn(world, "reviewer");
await reviewer.goto("/reviews");
await reviewer.screenshot({ path: "docs/img/review.png" });
await reviewer.goto("/shortages");
await reviewer.goto(await reviewer.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")).find((h) => /^\/shortages\/\d+/.test(h))));
await reviewer.setViewportSize({ width: 1440, height: 640 });
await reviewer.screenshot({ path: "docs/img/shortage.png" });

const picker = await signIn(world, "warehouse", { width: 390 });
await picker.goto("/picks");
const pick = await picker.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")).find((h) => /^\/picks\/\d+$/.test(h)));
await picker.goto(pick);
await picker.screenshot({ path: "docs/img/pick-390.png" });
await picker.fill('[name="scan"]', "6900000000000");
await picker.keyboard.press("Enter");
await picker.waitForSelector("[data-alarm]:not([hidden])");
await picker.screenshot({ path: "docs/img/pick-wrong-390.png" });
const packer = await signIn(world, "warehouse");
await packer.goto("/shipments");
await packer.screenshot({ path: "docs/img/shipments.png" });
const ship = await packer.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")).find((h) => /^\/shipments\/\d+$/.test(h)));
await packer.goto(ship);
await packer.screenshot({ path: "docs/img/shipment.png" });
process.exit(await world.stop());
