// The pictures of the README, taken from the demo company: node test/browser/pictures.mjs
import { signIn, start } from "./browser.mjs";

const world = await start();
const clerk = await signIn(world, "clerk");
await clerk.goto("/");
await clerk.screenshot({ path: "docs/img/home.png" });

await clerk.goto("/orders/new");
const type = async (text) => { await clerk.keyboard.type(text); await clerk.waitForTimeout(350); };
await type("C006");
await clerk.keyboard.press("Enter");
await clerk.waitForTimeout(300);
for (const [goods, n] of [["SC0103", "8"], ["SC0112", "4"], ["SC0120", "5"], ["LY0104", "10"]]) {
  await type(goods);
  await clerk.keyboard.press("Enter");
  await clerk.waitForTimeout(100);
  await clerk.keyboard.type(n);
  await clerk.keyboard.press("Enter");
}
await type("xhs");
await clerk.screenshot({ path: "docs/img/entry.png" });

const reviewer = await signIn(world, "reviewer");
await reviewer.goto("/reviews");
await reviewer.screenshot({ path: "docs/img/review.png" });

const picker = await signIn(world, "warehouse", { width: 390 });
await picker.goto("/picks");
const pick = await picker.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")).find((h) => /^\/picks\/\d+$/.test(h)));
await picker.goto(pick);
await picker.screenshot({ path: "docs/img/pick-390.png" });
const packer = await signIn(world, "warehouse");
await packer.goto("/shipments");
await packer.screenshot({ path: "docs/img/shipments.png" });
const ship = await packer.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")).find((h) => /^\/shipments\/\d+$/.test(h)));
await packer.goto(ship);
await packer.screenshot({ path: "docs/img/shipment.png" });
process.exit(await world.stop());
