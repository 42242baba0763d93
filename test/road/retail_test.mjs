// Real days of a wholesaler's order lines, every invoice an order through the API and along the whole road to its receipt, many
// at once. What no wholesaler would take as an order is refused or booked as what it is, and the report names it; what was
// taken and what was not add up to the day, to the penny. The days are read in ../shared/data/retail; an excerpt of
// our own making stands in for them where there are none. RETAIL=all runs all days.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf, invoicesOf, kindOf, pence, pounds, productsOf, readDay } from "./retail.mjs";
import { bothEngines, day } from "./world.mjs";

const DAYS = "../shared/data/retail", QUICK = ["2011-03-01.csv"];
const AT_ONCE = 48, WAVE_MAX = 20, PACKAGE_LINES = 100, CREDIT = "20000.00", RAISED = "999999.00";
const WALK_IN = "CASH"; // 散客: who pays at the counter and leaves no name
const LOC = "A-01", EXCERPT = { lines: 16, invoices: 9, cancel_invoices: 2, customers: 3, lines_without_customer: 4, products: 9,
  negative_lines: 4, quantity_sum: 2442, amount_sum: "4889.06" };

function days() {
  const excerpt = { name: "excerpt", lines: readDay("test/road/retail_excerpt.csv"), facts: EXCERPT };
  if (!existsSync(DAYS)) return [excerpt];
  const facts = JSON.parse(readFileSync(`${DAYS}/facts.json`, "utf8"));
  const names = process.env.RETAIL === "all" ? readdirSync(DAYS).filter((f) => f.endsWith(".csv")).sort() : QUICK;
  return [excerpt, ...names.map((name) => ({ name, lines: readDay(`${DAYS}/${name}`), facts: facts[name] }))];
}

// ---- the goods, the customers, the stock: by `huodan import` ----

const quoted = (v) => `"${String(v).replaceAll('"', '""')}"`;
function bring(world, folder, kind, head, rows) {
  const file = join(folder, `${kind}.csv`);
  writeFileSync(file, [head.join(","), ...rows.map((r) => r.map(quoted).join(","))].join("\n"));
  world.command(["import", kind, file]);
}

const goesOut = (invoice, l) => (kindOf(invoice) === "order" && l.quantity > 0 ? l.quantity : kindOf(invoice) === "correction" && l.quantity < 0 ? -l.quantity : 0);

// Exactly what goes out is brought in; a third of the goods that no count touches in two lots, so that a line is picked at two places.
function stockRows(invoices) {
  const need = new Map(), counted = new Set();
  for (const i of invoices) for (const l of i.lines) {
    need.set(l.sku, (need.get(l.sku) ?? 0) + goesOut(i, l));
    if (kindOf(i) === "correction") counted.add(l.sku);
  }
  return [...need].filter(([, n]) => n > 0).flatMap(([sku, n], i) =>
    i % 3 || n < 2 || counted.has(sku) ? [[sku, LOC, "L1", n]] : [[sku, LOC, "L1", n - (n >> 1)], [sku, "B-02", "L2", n >> 1]]);
}

function setOut(world, lines, invoices) {
  const folder = mkdtempSync(join(tmpdir(), "huodan-retail-"));
  const products = productsOf(lines), customers = [...new Map(lines.filter((l) => l.customer).map((l) => [l.customer, l])).values()];
  bring(world, folder, "products", ["sku", "name", "base_unit", "list_price", "integer_only"],
    products.map((p) => [p.sku, p.name, "pc", pounds(p.price), 1]));
  bring(world, folder, "customers", ["code", "name", "address", "credit_limit", "credit_days"],
    [...customers.map((l) => [l.customer, `Customer ${l.customer}`, l.country, CREDIT, 30]), [WALK_IN, "散客 Walk-in", "", "", ""]]);
  bring(world, folder, "stock", ["sku", "location", "lot", "quantity"], stockRows(invoices));
  rmSync(folder, { recursive: true });
  return new Map(products.map((p) => [p.sku, p.price]));
}

// ---- what is no order ----

// Sent as an order all the same: each line that cannot be sold is named, and no other.
async function refused(world, invoice, body) {
  const answer = await world.raw("clerk", "POST", "/orders", { body });
  const named = (answer.body?.errors ?? []).map((e) => e.pointer);
  const wanted = invoice.lines.flatMap((l, i) => (l.quantity < 0 ? [`/lines/${i}/quantity`] : []));
  if (answer.status !== 422 || JSON.stringify(named) !== JSON.stringify(wanted))
    throw new Error(`${invoice.number} was not refused by its lines: ${answer.status} ${answer.text.slice(0, 300)}`);
}

// A count put right: found or written off, with the invoice as its note.
async function correct(world, invoice) {
  for (const l of invoice.lines)
    await world.post("warehouse", "/stock/movements", { sku: l.sku, location: LOC, lot: "L1", quantity: String(l.quantity), reason: "count",
      note: `${invoice.number} ${l.name}`.trim() });
}

// ---- one order along the road ----

// The warehouse releases what waits as one wave.
class Waves {
  waiting = [];
  busy = false;
  constructor(world) { this.world = world; }
  pick(order) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ order, resolve, reject });
      if (!this.busy) void this.release();
    });
  }
  async release() {
    this.busy = true;
    while (this.waiting.length) {
      const now = this.waiting.splice(0, WAVE_MAX);
      try {
        const { picks } = await this.world.post("warehouse", "/waves", { orders: now.map((w) => w.order) });
        for (const w of now) w.resolve(picks.find((p) => p.order === w.order));
      } catch (error) { for (const w of now) w.reject(error); }
    }
    this.busy = false;
  }
}

const bodyOf = (invoice, lines, prices) => ({
  channel: invoice.customer ? "phone" : "online", external_id: invoice.number, customer: invoice.customer || WALK_IN, delivery_date: day(1),
  lines: lines.map((l) => ({ sku: l.sku, quantity: String(l.quantity), ...(l.price !== prices.get(l.sku) && { price: pounds(l.price) }) })),
});

// As a reviewer works: reads the evidence, lets pass with a reason what is blocked; who was too early reads it again.
async function approve(world, review, reviewer) {
  for (let tries = 0; ; tries++) {
    const { version, checks } = await world.get(reviewer, `/reviews/${review}`);
    const overrides = checks.filter((c) => c.result === "block").map((c) => ({ check: c.check, reason: "known for years, pays" }));
    const answer = await world.raw(reviewer, "POST", `/reviews/${review}/approve`, { body: { version, overrides } });
    if (answer.status === 200) return overrides.length;
    if (tries === 5) throw new Error(`approve: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
}

async function pack(world, shipment) {
  const { lines } = await world.get("warehouse", `/shipments/${shipment}`);
  for (let i = 0; i < lines.length; i += PACKAGE_LINES)
    await world.post("warehouse", `/shipments/${shipment}/packages`,
      { lines: lines.slice(i, i + PACKAGE_LINES).map((l) => ({ line: l.line, quantity: l.quantity })) });
}

async function customerOf(world, code) {
  const { items } = await world.get("clerk", `/customers?q=${code}`);
  return items.find((k) => k.code === code);
}

// At the ramp the limit is asked again: orders let over it since count too. Then the reviewer raises it, or the goods stay.
async function dispatch(world, shipment, customer) {
  const path = `/shipments/${shipment}`, { version } = await world.get("warehouse", path);
  const body = { carrier: "truck1", driver: "李师傅", version };
  const answer = await world.raw("warehouse", "POST", `${path}/dispatch`, { body });
  if (answer.status === 200) return;
  if (answer.body?.code !== "CREDIT") throw new Error(`dispatch: ${answer.status} ${answer.text.slice(0, 300)}`);
  const { id } = await customerOf(world, customer);
  await world.post("reviewer", `/customers/${id}/credit`, { credit_limit: RAISED, credit_days: 30 });
  await world.post("warehouse", `${path}/dispatch`, body);
}

async function deliver(world, shipment, customer) {
  const path = `/shipments/${shipment}`, at = new Date().toISOString();
  await dispatch(world, shipment, customer);
  for (const state of ["picked_up", "out_for_delivery"]) await world.post("clerk", `${path}/tracking`, { state, at });
  const sent = await world.get("clerk", path);
  await world.post("clerk", `${path}/receipt`, { signer: "at the door", at, version: sent.version,
    lines: sent.lines.map((l) => ({ line: l.line, received: l.quantity, refused: "0" })) });
}

async function wholeRoad(world, waves, order, customer, n) {
  const { snapshot } = await world.post("clerk", `/orders/${order.id}/submit`);
  const { review } = await world.post("clerk", `/orders/${order.id}/confirm`, { method: "phone", person: "buyer", snapshot });
  const overridden = await approve(world, review, n % 2 ? "reviewer" : "reviewer2");
  await world.post("warehouse", `/orders/${order.id}/confirm-stock`, {});
  const pick = await waves.pick(order.id);
  for (const l of pick.lines) await world.post("warehouse", `/picks/${pick.id}/lines/${l.line}`, { quantity: l.quantity, scan: l.sku });
  const { shipment } = await world.post("warehouse", `/picks/${pick.id}/done`, {});
  await pack(world, shipment);
  await deliver(world, shipment, customer);
  return overridden;
}

// ---- the report: what became of every line ----

const KINDS = [["sold", "ordered by customers"], ["walk-in", "ordered by walk-ins (散客)"], ["gift", "given with an order, price 0"],
  ["cancellation", "refused: cancellations (C…)"], ["negative", "refused: negative lines"], ["found", "booked to stock: found"],
  ["lost", "booked to stock: written off"]];

class Report {
  rows = new Map(KINDS.map(([kind]) => [kind, { invoices: new Set(), lines: 0, quantity: 0, amount: 0 }]));
  add(kind, invoice, quantity, amount) {
    const row = this.rows.get(kind);
    row.invoices.add(invoice.number);
    row.lines++;
    row.quantity += quantity;
    row.amount += amount;
  }
  total() {
    const all = [...this.rows.values()];
    return { lines: all.reduce((n, r) => n + r.lines, 0), invoices: new Set(all.flatMap((r) => [...r.invoices])).size,
      quantity_sum: all.reduce((n, r) => n + r.quantity, 0), amount_sum: pounds(all.reduce((n, r) => n + r.amount, 0)) };
  }
  text(title) {
    const row = (what, invoices, lines, quantity, amount) => `  ${what.padEnd(34)} ${String(invoices).padStart(8)} ${String(lines).padStart(7)} ${String(quantity).padStart(9)} ${amount.padStart(12)}`;
    const t = this.total();
    return [title, row("", "invoices", "lines", "quantity", "amount"),
      ...KINDS.map(([kind, what]) => [what, this.rows.get(kind)]).filter(([, r]) => r.lines)
        .map(([what, r]) => row(what, r.invoices.size, r.lines, r.quantity, pounds(r.amount))),
      row("the day", t.invoices, t.lines, t.quantity_sum, t.amount_sum)].join("\n");
  }
}

// An order counts by what the server says was delivered, not by what was sent.
function taken(report, invoice, order) {
  for (const l of order.lines) {
    const kind = pence(l.amount) === 0 ? "gift" : invoice.customer ? "sold" : "walk-in";
    report.add(kind, invoice, Number(l.delivered), pence(l.amount));
  }
}

// ---- the days ----

async function one(world, waves, prices, report, invoice, n, seen) {
  const kind = kindOf(invoice), good = invoice.lines.filter((l) => l.quantity > 0);
  if (good.length < invoice.lines.length) await refused(world, invoice, bodyOf(invoice, invoice.lines, prices));
  if (kind === "correction") await correct(world, invoice);
  for (const l of invoice.lines) {
    if (kind === "correction") report.add(l.quantity < 0 ? "lost" : "found", invoice, l.quantity, l.quantity * l.price);
    else if (l.quantity < 0) report.add(kind === "cancellation" ? kind : "negative", invoice, l.quantity, l.quantity * l.price);
  }
  if (kind !== "order" || !good.length) return;
  const body = bodyOf(invoice, good, prices), order = await world.post("clerk", "/orders", body, 201);
  const overridden = await wholeRoad(world, waves, order, body.customer, n);
  const again = await world.post("clerk", "/orders", body, 200);
  const end = await world.get("clerk", `/orders/${order.id}`);
  if (again.id !== order.id || end.state !== "delivered" || end.lines.length !== good.length)
    throw new Error(`${invoice.number}: ${end.state}, sent again ${again.id} for ${order.id}`);
  for (const [i, l] of end.lines.entries())
    if (l.sku !== good[i].sku || pence(l.amount) !== good[i].quantity * good[i].price || Number(l.delivered) !== good[i].quantity)
      throw new Error(`${invoice.number} line ${l.line}: ${JSON.stringify(l)} for ${JSON.stringify(good[i])}`);
  taken(report, invoice, end);
  seen.push({ order, customer: body.customer, lines: good.length, amount: pence(end.total), overridden });
}

async function atOnce(jobs, work) {
  const queue = jobs.entries();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const [n, job] of queue) await work(job, n); }));
}

// What is left is what was found; what is owed is what was ordered.
async function accounts(world, check, invoices, seen) {
  const left = new Map(), owed = new Map();
  for (const i of invoices.filter((x) => kindOf(x) === "correction"))
    for (const l of i.lines) if (l.quantity > 0) left.set(l.sku, (left.get(l.sku) ?? 0) + l.quantity);
  for (const s of seen) owed.set(s.customer, (owed.get(s.customer) ?? 0) + s.amount);
  const wrong = [];
  for (let cursor = ""; cursor !== null;) {
    const page = await world.get("clerk", `/stock?limit=200&cursor=${encodeURIComponent(cursor)}`);
    for (const s of page.items) if (Number(s.on_hand) !== (left.get(s.sku) ?? 0) || s.reserved !== "0") wrong.push(s);
    cursor = page.next_cursor ?? null;
  }
  check("the shelves hold what was found, nothing else", !wrong.length, wrong.slice(0, 5));
  for (const [code, amount] of owed) {
    const k = await customerOf(world, code);
    if (pence(k?.credit_receivable ?? "-1") !== amount) wrong.push({ code, amount, has: k?.credit_receivable });
  }
  check("each customer owes what was delivered", !wrong.length, wrong.slice(0, 5));
}

await bothEngines("retail", ["clerk", "reviewer", "reviewer2", "warehouse", "admin"], async (world, check) => {
  const all = days().map((d) => ({ ...d, invoices: invoicesOf(d.lines), report: new Report() }));
  const invoices = all.flatMap((d) => d.invoices.map((invoice) => ({ invoice, report: d.report })));
  const seen = [];
  for (const d of all) {
    const read = factsOf(d.lines);
    check(`${d.name} is read as its facts say`, Object.entries(d.facts).every(([k, v]) => read[k] === v), read);
  }
  const prices = setOut(world, all.flatMap((d) => d.lines), invoices.map((x) => x.invoice)), waves = new Waves(world);
  const began = Date.now();
  const counts = (x) => kindOf(x.invoice) === "correction"; // the shelves are counted before the day begins
  for (const part of [invoices.filter(counts), invoices.filter((x) => !counts(x))])
    await atOnce(part, ({ invoice, report }, n) => one(world, waves, prices, report, invoice, n, seen));
  const took = (Date.now() - began) / 1000, lines = seen.reduce((n, s) => n + s.lines, 0);
  for (const d of all) {
    const total = d.report.total();
    check(`${d.name}: taken and not taken add up to the day`, Object.entries(total).every(([k, v]) => v === d.facts[k]), total);
    console.log(d.report.text(`retail on ${world.name}: ${d.name}`));
  }
  await accounts(world, check, invoices.map((x) => x.invoice), seen);
  const asked = Date.now();
  world.command(["verify"]);
  console.log(`retail on ${world.name}: ${seen.length} orders of ${lines} lines delivered in ${took.toFixed(1)} s, ` +
    `${(seen.length / took).toFixed(1)} orders/s, ${(lines / took).toFixed(0)} lines/s; ` +
    `${seen.filter((s) => s.overridden).length} let pass over their credit; verified in ${Date.now() - asked} ms`);
});
