// Clients that do not give up: each request has a key, and is sent again with it until somebody answers. What was answered
// first is kept, because every repeat has to bring the same.
import { day } from "../road/world.mjs";

// A seeded sequence, so that a run that failed can be run again.
export function chance(seed) {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

export const people = ["clerk", "clerk2", "reviewer", "reviewer2", "warehouse", "service", "admin"];
const PRODUCTS = 12;

export async function furnish(world) {
  for (let i = 0; i < 3; i++) await world.post("admin", "/customers", { code: `C${i}`, name: `客户${i}`, credit_limit: "99999999.00", credit_days: 30 });
  for (let i = 0; i < PRODUCTS; i++) {
    await world.post("admin", "/products", { sku: `S${i}`, name: `果${i}`, base_unit: "公斤", price: `${i + 2}.50` });
    await world.post("warehouse", "/stock/movements", { sku: `S${i}`, quantity: "100000", location: "A-01", lot: "L1", reason: "receipt" });
  }
}

export class Clients {
  constructor(world, seed, patience = Infinity) {
    Object.assign(this, { world, pick: chance(seed), answers: [], orders: new Set(), delivered: 0, made: 0, up: Promise.resolve(), over: false, repeats: 0, faults: [], patience });
  }

  async send(who, method, path, body, key) {
    const exchange = { who, method, path, body, headers: { "Idempotency-Key": key } };
    for (let tries = 0; ; tries++) {
      await this.up;
      const base = this.world.base;
      try {
        const answer = await this.world.raw(who, method, path, exchange);
        if (answer.status !== 503) {
          if (answer.status < 300) this.answers.push({ ...exchange, status: answer.status, text: answer.text });
          if (tries > 0) this.repeats++;
          return answer;
        }
      } catch { /* nobody answered: was it done? */ }
      if (tries > this.patience) throw new Error("nobody answers");
      if (base === this.world.base) await new Promise((done) => setTimeout(done, 15));
    }
  }

  async step(name, who, path, body, ...wanted) {
    const answer = await this.send(who, "POST", path, body ?? {}, name);
    if (!(wanted.length ? wanted : [200, 201]).includes(answer.status)) throw new Error(`${who} POST ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.body;
  }

  async get(who, path) {
    for (let tries = 0; ; tries++) {
      if (tries > this.patience) throw new Error("nobody answers");
      await this.up;
      try {
        const answer = await this.world.raw(who, "GET", path);
        if (answer.status === 200) return answer.body;
        if (answer.status !== 503) throw new Error(`GET ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
      } catch (error) { if (/^GET/.test(error.message)) throw error; }
      await new Promise((done) => setTimeout(done, 15));
    }
  }

  // One order along the whole road; every step may be the one at which the server dies.
  async road(n) {
    const key = (step) => `o${n}-${step}`;
    const lines = Array.from({ length: 1 + this.pick(4) }, () => ({ sku: `S${this.pick(PRODUCTS)}`, quantity: String(1 + this.pick(9)) }));
    const order = await this.step(key("create"), n % 2 ? "clerk" : "clerk2", "/orders",
      { channel: "phone", external_id: `E${n}`, customer: `C${n % 3}`, delivery_date: day(1), lines }, 201);
    this.orders.add(order.id);
    this.acknowledged?.(order.id);
    const { snapshot } = await this.step(key("submit"), "clerk", `/orders/${order.id}/submit`);
    if (this.pick(12) === 0) return void await this.step(key("edit"), "clerk", `/orders/${order.id}/edit`);
    const { review } = await this.step(key("confirm"), "clerk", `/orders/${order.id}/confirm`, { method: "phone", person: "吴秀兰", snapshot });
    const { version, checks } = await this.get("reviewer", `/reviews/${review}`);
    if (this.pick(12) === 0) return void await this.step(key("reject"), "reviewer", `/reviews/${review}/reject`, { version, reason: "不行" });
    const overrides = checks.filter((c) => c.result !== "pass").map((c) => ({ check: c.check, reason: "可以" }));
    await this.step(key("approve"), n % 3 ? "reviewer" : "reviewer2", `/reviews/${review}/approve`, { version, overrides });
    await this.step(key("stock"), "warehouse", `/orders/${order.id}/confirm-stock`);
    const { picks: [pick] } = await this.step(key("wave"), "warehouse", "/waves", { orders: [order.id] });
    for (const line of pick.lines)
      await this.step(key(`pick${line.line}`), "warehouse", `/picks/${pick.id}/lines/${line.line}`, { quantity: line.quantity });
    const { shipment } = await this.step(key("done"), "warehouse", `/picks/${pick.id}/done`);
    const packing = await this.get("warehouse", `/shipments/${shipment}`);
    await this.step(key("pack"), "warehouse", `/shipments/${shipment}/packages`, { lines: packing.lines.map(({ line, quantity }) => ({ line, quantity })) });
    const packed = await this.get("warehouse", `/shipments/${shipment}`);
    await this.step(key("dispatch"), "warehouse", `/shipments/${shipment}/dispatch`, { carrier: "truck1", version: packed.version });
    await this.step(key("track"), "service", `/shipments/${shipment}/tracking`, { state: "in_transit", at: new Date().toISOString() });
    const gone = await this.get("service", `/shipments/${shipment}`);
    await this.step(key("receipt"), "service", `/shipments/${shipment}/receipt`, { signer: "吴秀兰", version: gone.version,
      lines: gone.lines.map(({ line, quantity }) => ({ line, received: quantity, refused: "0" })) });
    this.delivered++;
  }

  // `n` of them, each with one order after the other, until this.over.
  run(n) {
    return Promise.all(Array.from({ length: n }, async () => {
      while (!this.over) {
        try { await this.road(++this.made); } catch (error) { this.faults.push(error.message); this.over = true; }
      }
    }));
  }

  // Some of what was answered, once more: the same status, the same bytes.
  async sameAgain(share) {
    for (let i = 0; i < share && this.answers.length > 0; i++) {
      const first = this.answers[this.pick(this.answers.length)];
      const again = await this.world.raw(first.who, first.method, first.path, first);
      if (again.status !== first.status || again.text !== first.text)
        this.faults.push(`${first.method} ${first.path} ${first.headers["Idempotency-Key"]}: first ${first.status} ${first.text.slice(0, 200)}, then ${again.status} ${again.text.slice(0, 200)}`);
    }
  }

  async allOrders() {
    const ids = [];
    for (let cursor = ""; cursor !== null;) {
      const { items, next_cursor } = await this.get("clerk", `/orders?limit=200${cursor && `&cursor=${cursor}`}`);
      ids.push(...items.map((o) => o.id));
      cursor = next_cursor;
    }
    return ids;
  }
}
