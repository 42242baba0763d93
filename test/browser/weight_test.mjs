// A picker weighs fish on the phone: the net weight stands there while it is typed, one far from the promise is not taken without
// its reason, and what was weighed goes on to the shipment and the order.
import { accessible, hold, run, signIn } from "./browser.mjs";

const tomorrow = new Date(Date.now() + 8 * 3600e3 + 86400e3).toISOString().slice(0, 10);

async function api(world, role, method, path, body) {
  const page = await signIn(world, role);
  const answer = await page.evaluate(async ([m, p, b]) => {
    const made = await fetch(`/api/v1${p}`, { method: m, headers: { "Content-Type": "application/json", Accept: "application/json" }, body: b && JSON.stringify(b) });
    return { status: made.status, body: await made.json() };
  }, [method, path, body]);
  await page.context().close();
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

// Two of a product, approved and released; the pick's id.
async function released(world, { sku, ...product }) {
  await api(world, "admin", "POST", "/products", { sku, integer_only: true, ...product });
  await api(world, "admin", "POST", "/customers", { code: `K${sku}`, name: "老城鱼馆" });
  await api(world, "warehouse", "POST", "/stock/movements", { sku, location: "C-01-01-1", quantity: "20", reason: "receipt" });
  const order = await api(world, "clerk", "POST", "/orders", { channel: "phone", customer: `K${sku}`, delivery_date: tomorrow, lines: [{ sku, quantity: "2" }] });
  const { snapshot } = await api(world, "clerk", "POST", `/orders/${order.id}/submit`);
  const { review } = await api(world, "clerk", "POST", `/orders/${order.id}/confirm`, { method: "phone", person: "王", snapshot });
  await api(world, "reviewer", "POST", `/reviews/${review}/approve`, { version: 1 });
  await api(world, "warehouse", "POST", `/orders/${order.id}/confirm-stock`, {});
  const wave = await api(world, "warehouse", "POST", "/waves", { orders: [order.id] });
  return { order: order.id, pick: wave.picks[0].id };
}

async function weighed(world) {
  // nominally 5 kg a case, 20.00 the kilo
  const { order, pick } = await released(world, { sku: "FISH", name: "冰鲜鲈鱼", base_unit: "箱", catch_weight: true, nominal_kg: "5", price: "20.00", price_unit: "公斤" });
  const page = await signIn(world, "warehouse", { width: 390 });
  await page.goto(`/picks/${pick}`);
  hold(await page.locator("[data-far]").isHidden(), "a reason is asked for before anything was weighed");
  await page.fill('[name="gross_kg"]', "16.4");
  await page.fill('[name="crates"]', "2");
  await page.fill('[name="tare_kg"]', "1.2");
  hold(await page.textContent("[data-net-kg]") === "14", "gross less two crates is 14 kg");
  hold(await page.locator("[data-far]").isVisible(), "14 kg for 10 asks for no reason");
  await page.click("[data-pick] > .btn-primary");
  await page.waitForSelector('[name="weight_reason"][aria-invalid="true"]');
  const faults = await accessible(page);
  hold(!faults.length, faults.join("\n"));
  await page.fill('[name="gross_kg"]', "13");
  hold(await page.textContent("[data-net-kg]") === "10.6" && await page.locator("[data-far]").isHidden(), "10.6 kg is near enough");
  await page.click("[data-pick] > .btn-primary");
  await page.waitForSelector('form[action$="/done"]');
  await Promise.all([page.waitForURL(/shipments/), page.click('form[action$="/done"] button')]);
  hold((await page.textContent("#shipment")).includes("10.6"), "the shipment does not say what was weighed");
  await page.goto(`/orders/${order}`);
  hold((await page.textContent("#order")).includes("212.00"), "the order is not billed by its weight");
}

// What nobody weighs stands in crates too.
async function crated(world) {
  await api(world, "admin", "POST", "/crates", { code: "BIG", name: "大周转筐", tare_kg: "1.2", deposit: "30.00", active: true });
  const { pick } = await released(world, { sku: "WATER", name: "桶装水", base_unit: "桶", price: "8.00" });
  const page = await signIn(world, "warehouse", { width: 390 });
  await page.goto(`/picks/${pick}`);
  await page.click("details:has([name=crate]) > summary");
  await page.selectOption('[name="crate"]', "BIG");
  await page.fill('[name="crates"]', "2");
  await page.click("[data-pick] > .btn-primary");
  await page.waitForSelector('form[action$="/done"]');
  await Promise.all([page.waitForURL(/shipments/), page.click('form[action$="/done"] button')]);
  hold((await page.textContent("#shipment")).includes("60.00"), "two crates of 30.00 do not stand on the shipment");
}

await run("weight", { "fish is weighed on the phone and billed by it": weighed, "water goes out in crates": crated });
