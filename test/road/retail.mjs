// A wholesaler's days as order lines in CSV: read exactly (money in pence, whole numbers all along), put together as invoices,
// and each line named for what it is in the trade.
import { readFileSync } from "node:fs";

// "2.1" → 210. More than two decimals would not be money here.
export function pence(text) {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`not an amount: ${text}`);
  return (sign ? -1 : 1) * (Number(whole) * 100 + Number(part.padEnd(2, "0")));
}
export const pounds = (n) => `${n < 0 ? "-" : ""}${Math.floor(Math.abs(n) / 100)}.${String(Math.abs(n) % 100).padStart(2, "0")}`;

function cells(line) {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]).slice(0, 8)
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

export function readDay(file) {
  return readFileSync(file, "utf8").split(/\r?\n/).slice(1).filter(Boolean).map((text) => {
    const [invoice, sku, name, quantity, at, price, customer, country] = cells(text);
    return { invoice, sku, name: name.trim(), quantity: Number(quantity), at, price: pence(price), customer: customer.replace(/\.0$/, ""), country };
  });
}

const distinct = (lines, key) => new Set(lines.map((l) => l[key]).filter(Boolean)).size;
const sum = (lines, of) => lines.reduce((total, l) => total + of(l), 0);

// The same figures as facts.json has for a day.
export function factsOf(lines) {
  return {
    lines: lines.length, invoices: distinct(lines, "invoice"),
    cancel_invoices: new Set(lines.filter((l) => l.invoice.startsWith("C")).map((l) => l.invoice)).size,
    customers: distinct(lines, "customer"), lines_without_customer: lines.filter((l) => !l.customer).length,
    products: distinct(lines, "sku"), negative_lines: lines.filter((l) => l.quantity < 0).length,
    quantity_sum: sum(lines, (l) => l.quantity), amount_sum: pounds(sum(lines, (l) => l.quantity * l.price)),
  };
}

export function invoicesOf(lines) {
  const all = new Map();
  for (const l of lines) {
    if (!all.has(l.invoice)) all.set(l.invoice, { number: l.invoice, customer: l.customer, lines: [] });
    all.get(l.invoice).lines.push(l);
  }
  return [...all.values()];
}

// What an invoice is: goods sold, goods taken back, or no sale at all but a count put right (nobody bought, nothing was paid).
export function kindOf(invoice) {
  if (invoice.number.startsWith("C")) return "cancellation";
  return !invoice.customer && invoice.lines.every((l) => l.price === 0) ? "correction" : "order";
}

// The name and the price a product carries most often; a correction's remarks ("damages") name no product.
function oftenest(values) {
  const times = new Map();
  for (const v of values) times.set(v, (times.get(v) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0];
}

export function productsOf(lines) {
  const all = Map.groupBy ? Map.groupBy(lines, (l) => l.sku) : group(lines);
  return [...all].map(([sku, of]) => ({
    sku, name: oftenest(of.filter((l) => l.price > 0 && l.name).map((l) => l.name)) ?? `(${sku})`,
    price: oftenest(of.filter((l) => l.price > 0).map((l) => l.price)) ?? 0,
  }));
}

function group(lines) {
  const all = new Map();
  for (const l of lines) all.set(l.sku, [...(all.get(l.sku) ?? []), l]);
  return all;
}
