// The order's way as the bench drives it: each step by its name, timed, one order after the other or many at once.
import { day } from "../road/world.mjs";
import { p50, p99 } from "./machine.mjs";

export class Steps {
  times = new Map();
  constructor(world) { this.world = world; }
  async post(name, who, path, body) {
    const answer = await this.world.raw(who, "POST", path, { body });
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    if (!this.times.has(name)) this.times.set(name, []);
    this.times.get(name).push(answer.ms);
    return answer.body;
  }
  row(name) {
    const of = this.times.get(name);
    return { n: of.length, p50: p50(of), p99: p99(of), sum: of.reduce((a, b) => a + b, 0) };
  }
}

let orders = 0;
// `n` lines among the goods that are in stock, none twice.
export function body(n, customer = "K0") {
  orders++;
  return { channel: "phone", external_id: `road-${process.pid}-${orders}`, customer, delivery_date: day(1),
    lines: Array.from({ length: n }, (_, i) => ({ sku: `B${(orders * 13 + i) % 2000}`, quantity: "1" })) };
}

export async function inReview(steps, n, customer) {
  const order = await steps.post("create", "clerk", "/orders", body(n, customer));
  const { snapshot } = await steps.post("submit", "clerk", `/orders/${order.id}/submit`);
  const { review } = await steps.post("confirm (opens the review)", "clerk", `/orders/${order.id}/confirm`, { method: "phone", person: "吴秀兰", snapshot });
  return { id: order.id, review };
}

export async function approved(steps, n, customer) {
  const order = await inReview(steps, n, customer), { version } = await steps.world.get("reviewer", `/reviews/${order.review}`);
  await steps.post("approve (reserves the goods)", "reviewer", `/reviews/${order.review}/approve`, { version });
  return order;
}

export async function dispatched(steps, n, customer) {
  const { id } = await approved(steps, n, customer);
  await steps.post("confirm stock", "warehouse", `/orders/${id}/confirm-stock`, {});
  const { picks: [pick] } = await steps.post("wave of one order", "warehouse", "/waves", { orders: [id] });
  for (const l of pick.lines) await steps.post("pick one line", "warehouse", `/picks/${pick.id}/lines/${l.line}`, { quantity: l.quantity, scan: l.sku });
  const { shipment } = await steps.post("pick done", "warehouse", `/picks/${pick.id}/done`, {});
  const { lines } = await steps.world.get("warehouse", `/shipments/${shipment}`);
  await steps.post("pack", "warehouse", `/shipments/${shipment}/packages`, { lines: lines.map((l) => ({ line: l.line, quantity: l.quantity })) });
  const { version } = await steps.world.get("warehouse", `/shipments/${shipment}`);
  await steps.post("dispatch", "warehouse", `/shipments/${shipment}/dispatch`, { carrier: "truck1", driver: "李师傅", version });
  return { id, shipment };
}

export async function delivered(steps, n, customer) {
  const { id, shipment } = await dispatched(steps, n, customer), at = new Date().toISOString();
  await steps.post("tracking event", "clerk", `/shipments/${shipment}/tracking`, { state: "in_transit", at });
  const { version, lines } = await steps.world.get("clerk", `/shipments/${shipment}`);
  await steps.post("receipt", "clerk", `/shipments/${shipment}/receipt`, { signer: "吴秀兰", at, version,
    lines: lines.map((l) => ({ line: l.line, received: l.quantity, refused: "0" })) });
  return { id, shipment };
}

export async function atOnce(n, width, work) {
  const queue = Array.from({ length: n }, (_, i) => i).values();
  await Promise.all(Array.from({ length: width }, async () => { for (const i of queue) await work(i); }));
}
