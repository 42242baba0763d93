// 64 orders want the last units of ten products at once, and four reviewers approve them in parallel: each unit is given
// away once, who comes too late is told which line, and nothing stays reserved for nobody.
import { bothEngines, day } from "./world.mjs";

const PRODUCTS = 10, UNITS = 3, CLIENTS = 64;
const sku = (i) => `LAST-${i}`;

async function setOut(world) {
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂", credit_limit: "9999999.00", credit_days: 30 });
  for (let i = 0; i < PRODUCTS; i++) {
    await world.post("admin", "/products", { sku: sku(i), name: `最后 ${i}`, base_unit: "件", price: "10.00" });
    await world.post("warehouse", "/stock/movements", { sku: sku(i), quantity: String(UNITS), reason: "receipt" });
  }
}

// Each order wants one of two neighbours, in both sequences, so that locks taken in the order of lines would meet head on.
function wanted(n) {
  const a = n % PRODUCTS, b = (n + 1 + (n % 3)) % PRODUCTS;
  const lines = [a, b].map((i) => ({ sku: sku(i), quantity: "1" }));
  return { channel: "phone", external_id: `last-${n}`, customer: "C1", delivery_date: day(1), lines: n % 2 ? lines.reverse() : lines };
}

async function approve(world, order, n) {
  const reviewer = ["reviewer", "reviewer2", "reviewer3", "reviewer4"][n % 4];
  const { checks } = await world.get(reviewer, `/reviews/${order.review}`);
  const overrides = checks.filter((c) => c.check !== "stock" && c.result !== "pass").map((c) => ({ check: c.check, reason: "抢购" }));
  return world.raw(reviewer, "POST", `/reviews/${order.review}/approve`, { body: { version: order.version, overrides } });
}

bothEngines("contention", ["clerk", "reviewer", "reviewer2", "reviewer3", "reviewer4", "warehouse", "admin"], async (world, check) => {
  await setOut(world);
  const orders = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => world.inReview(wanted(n))));
  const answers = await Promise.all(orders.map((order, n) => approve(world, order, n)));
  const won = answers.filter((a) => a.status === 200).length;
  const late = answers.filter((a) => a.status === 409);
  check("every answer is yes or 409", won + late.length === CLIENTS, answers.find((a) => ![200, 409].includes(a.status)));
  const unnamed = late.find((a) => a.body?.code !== "OUT_OF_STOCK" || !/Line \d.*最后 \d/.test(a.body.detail));
  check("who is late is told which goods are short", !unnamed, unnamed?.body);
  let reserved = 0, left = 0, over = 0;
  const held = {};
  for (const [n, a] of answers.entries()) {
    if (a.status === 200) for (const line of wanted(n).lines) held[line.sku] = (held[line.sku] ?? 0) + 1;
  }
  for (let i = 0; i < PRODUCTS; i++) {
    const { items: [stock] } = await world.get("clerk", `/stock?sku=${sku(i)}`);
    if (Number(stock.reserved) !== (held[sku(i)] ?? 0) || Number(stock.on_hand) !== UNITS) over++;
    reserved += Number(stock.reserved);
    left += Number(stock.available);
  }
  check("reserved is what the approved orders want, no more", over === 0 && reserved === 2 * won && reserved + left === PRODUCTS * UNITS, { reserved, left, won });
  const again = await Promise.all(orders.filter((_, n) => answers[n].status === 409).map((order, n) => approve(world, order, n)));
  check("nothing was held back that could have been given", again.every((a) => a.status === 409), again.find((a) => a.status !== 409));
  console.log(`contention on ${world.name}: ${won} orders got ${reserved} of ${PRODUCTS * UNITS} units, ${late.length} came too late`);
});
