// Order entry while on the phone: customer, then line after line, never touching the mouse. It speaks the public API only.
// Enter goes to the next cell and, from the last one, to a new line; ↑ ↓ choose among the goods found; Ctrl+S saves,
// F8 saves and reads back. While an input method is composing, its keys are its own.
"use strict";

const grid = $("#order-grid");
const say = (key) => grid.dataset[key] ?? "";
const composing = (event) => event.isComposing || event.keyCode === 229;
const api = (path) => fetch(`/api/v1${path}`, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then((r) => (r.ok ? r.json() : Promise.reject(r)));

// Keys typed ahead, given to whatever has the focus now, one after the other.
function replay(keys) {
  for (const key of keys) {
    const cell = document.activeElement;
    if (key === "Enter") cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    else if (cell instanceof HTMLInputElement) {
      cell.setRangeText(key, cell.selectionStart ?? cell.value.length, cell.selectionEnd ?? cell.value.length, "end");
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

// ---- a list that opens under a field: typing asks, arrows choose, Enter takes ----

function combobox(input, list, ask, draw, take) {
  let found = [], at = 0, asked = 0, timer = 0, ahead = null;

  // Whoever types faster than the answer comes loses nothing: keys pressed meanwhile go to the next cell afterwards.
  function choosePending(q) {
    clearTimeout(timer);
    asked++;
    ahead = [];
    ask(q).catch(() => []).then((items) => {
      const keys = ahead;
      ahead = null;
      show(items);
      if (items.length) {
        choose(0);
        replay(keys);
      }
    });
  }

  function show(items) {
    found = items;
    at = 0;
    list.replaceChildren(...items.map((item, i) => {
      const row = draw(item, i);
      row.setAttribute("role", "option");
      row.id = `${list.id}-${i}`;
      row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
      return row;
    }));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!!items.length));
    mark();
  }
  function mark() {
    [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    if (found.length) input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }
  function choose(i) {
    const item = found[i];
    show([]);
    if (item) take(item);
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const q = input.value.trim(), mine = ++asked;
    if (!q) { show([]); return; }
    timer = setTimeout(() => ask(q).then((items) => { if (mine === asked) show(items); }).catch(() => {}), 60);
  });
  input.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (ahead) {
      if (event.key === "Enter" || (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        ahead.push(event.key);
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (found.length) choose(at);
      else if (input.value.trim()) {
        choosePending(input.value.trim());
      } else take(null);
    } else if (event.key === "Escape") show([]);
  });
  input.addEventListener("blur", () => setTimeout(show, 150, []));
}

// ---- the customer ----

const customer = $("#customer");

async function customerKnown(who) {
  customer.value = who.code;
  $("[data-grid-title]").textContent = who.name;
  $("[data-grid-contact]").textContent = [who.contact, who.phone].filter(Boolean).join(" ");
  if (!$("#address").value) $("#address").value = who.address ?? "";
  const credit = await api(`/customers/${who.id}/credit`).catch(() => null);
  if (credit) $("[data-grid-credit]").textContent = credit.limit === null ? credit.exposure : `${credit.exposure} / ${credit.limit}`;
  const last = await api(`/orders?customer=${encodeURIComponent(who.code)}&limit=3`).catch(() => null);
  if (last) $("[data-grid-last]").replaceChildren(...last.items.map((o) => {
    const row = make("a", "hd-line", `${o.delivery_date} ${o.number} ${o.total}`);
    row.href = `/orders/${o.id}`;
    return row;
  }));
}

combobox(customer, $("#customer-list"), (q) => api(`/customers/find?q=${encodeURIComponent(q)}`).then((a) => a.items),
  (who) => {
    const row = make("li", "");
    row.append(make("b", "", who.name), make("span", "hd-mute hd-small", ` ${who.code} ${who.contact ?? ""} ${who.phone ?? ""}`));
    return row;
  },
  (who) => {
    if (who) customerKnown(who);
    rows()[0]?.product.focus();
    remember();
  });

// ---- the lines ----

const body = $("[data-grid-rows]");
const rows = () => [...body.children].map((tr) => tr.line).filter(Boolean);

function cell(tr, className, ...content) {
  const td = make("td", className);
  td.append(...content);
  tr.append(td);
  return td;
}

function field(className, label, mode) {
  const input = make("input", className);
  input.setAttribute("aria-label", label);
  if (mode) input.inputMode = mode;
  return input;
}

const ratio = (line, unit) => {
  const u = line.units.find((one) => one.unit === unit);
  return u ? u.num / u.den : 1;
};

// A first look only: the server's own integers decide, and stand on the order's page.
function reckon(line) {
  const q = Number(line.quantity.value), p = Number(line.price.value || line.offer?.price || 0);
  line.worth = line.offer && q > 0 ? Math.round(q * ratio(line, line.unit.value) / ratio(line, line.offer.price_unit) * p * 100) / 100 : 0;
  line.amount.textContent = line.worth ? line.worth.toFixed(2) : "";
  const free = line.offer ? Number(line.offer.available ?? 0) / ratio(line, line.unit.value) : 0;
  line.free.textContent = line.offer ? `${Math.floor(free * 100) / 100} ${line.unit.value}` : "";
  line.free.classList.toggle("hd-warn", !!line.offer && q > free);
  sum();
}

function sum() {
  const all = rows().filter((line) => line.offer);
  $("[data-grid-total]").textContent = all.reduce((n, line) => n + line.worth, 0).toFixed(2);
  $("[data-grid-sum]").textContent = `${all.length} ${say("tLines")}`;
}

function offered(line, offer, keep) {
  line.offer = offer;
  line.units = [{ unit: offer.base_unit, num: 1, den: 1 }, ...(offer.units ?? []).filter((u) => u.unit !== offer.base_unit)];
  line.product.value = offer.name;
  line.product.title = offer.sku;
  line.unit.replaceChildren(...line.units.map((u) => new Option(u.unit, u.unit)));
  line.unit.value = keep?.unit ?? offer.unit;
  line.price.placeholder = offer.price ?? "";
  line.source.textContent = [offer.price_source, offer.price_unit].filter(Boolean).join(" /");
  reckon(line);
}

function productRow(offer, i) {
  const row = make("li", ""), what = make("div", ""), price = make("div", "num"), stock = make("div", "");
  what.append(offer.name, make("span", "hd-mute hd-small", ` ${offer.spec ?? ""} ${offer.origin ?? ""}`));
  price.append(offer.price ?? "", make("span", "hd-mute", `/${offer.price_unit}`));
  stock.append(`${say("tFree")} `, make("b", "", offer.available ?? "0"), ` ${offer.base_unit}`);
  row.append(make("kbd", "", String(i + 1)), what, price, stock);
  return row;
}

function addLine(given) {
  const n = body.children.length + 1, tr = make("tr", "");
  const line = tr.line = { units: [], worth: 0, product: field("", `${say("tProduct")} ${n}`), quantity: field("num", say("tQuantity"), "decimal"),
    unit: make("select", "form-select"), price: field("num", say("tPrice"), "decimal") };
  const list = make("ul", "hd-list");
  list.id = `goods-${n}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("tProduct"));
  line.product.setAttribute("role", "combobox");
  line.product.setAttribute("aria-controls", list.id);
  line.product.setAttribute("aria-expanded", "false");
  line.product.placeholder = n === 1 ? say("tHint") : "";
  line.unit.setAttribute("aria-label", say("tUnit"));
  cell(tr, "num hd-mute", String(n));
  cell(tr, "hd-pick", line.product, list);
  cell(tr, "num is-short", line.quantity);
  cell(tr, "is-short", line.unit);
  cell(tr, "num is-short", line.price);
  line.source = cell(tr, "hd-small");
  line.free = cell(tr, "num");
  line.amount = cell(tr, "num");
  combobox(line.product, list,
    (q) => api(`/products/find?q=${encodeURIComponent(q)}&customer=${encodeURIComponent(customer.value)}&date=${$("#delivery_date").value}`).then((a) => a.items),
    productRow,
    (offer) => {
      if (!offer) { $("[data-grid-submit]").focus(); return; }
      offered(line, offer);
      line.quantity.focus();
      line.quantity.select();
    });
  [line.quantity, line.price, line.unit].forEach((input) => input.addEventListener("input", () => { reckon(line); remember(); }));
  tr.addEventListener("keydown", (event) => nextCell(event, line));
  body.append(tr);
  if (given) fill(line, given);
  return line;
}

// An order being changed: its lines as they stand, prices only where they were set by hand.
function fill(line, given) {
  offered(line, { sku: given.sku, name: given.name, base_unit: given.unit, unit: given.unit, units: [], price: given.price, price_unit: given.price_unit,
    price_source: given.price_source, available: null }, given);
  line.quantity.value = given.quantity;
  if (given.price_source === "manual") line.price.value = given.price;
  line.remarks = given.remarks;
  line.amount.textContent = given.amount ?? "";
  line.worth = Number(given.amount ?? 0);
  line.free.textContent = "";
  sum();
  api(`/products/find?q=${encodeURIComponent(given.sku)}&customer=${encodeURIComponent(customer.value)}&date=${$("#delivery_date").value}`)
    .then((a) => a.items.find((o) => o.sku === given.sku)).then((o) => { if (o) offered(line, o, given); }).catch(() => {});
}

function nextCell(event, line) {
  if (event.key !== "Enter" || composing(event)) return;
  event.preventDefault();
  const cells = [line.product, line.quantity, line.unit, line.price];
  const at = cells.indexOf(event.target), all = rows();
  if (at === 1 || at === 3) { // after the quantity the usual unit and price are taken as they are
    (all[all.indexOf(line) + 1] ?? addLine()).product.focus();
  } else if (at >= 0) cells[at + 1].focus();
}

// ---- saving ----

function draft() {
  return {
    customer: customer.value.trim(), delivery_date: $("#delivery_date").value, address: $("#address").value || undefined, remarks: $("#remarks").value || undefined,
    lines: rows().filter((line) => line.offer).map((line) => ({ sku: line.offer.sku, quantity: line.quantity.value || "0", unit: line.unit.value,
      price: line.price.value || undefined, remarks: line.remarks || undefined })),
  };
}

// What is typed survives a closed browser until it is saved.
const memory = grid.dataset.order ? null : "huodan.draft";
function remember() {
  if (memory) localStorage.setItem(memory, JSON.stringify({ ...draft(), names: rows().filter((l) => l.offer).map((l) => l.offer.name) }));
}

function complain(problem) {
  const where = (problem.errors ?? []).map((e) => `${e.pointer.replace(/^\/lines\/(\d+)\/?/, (_, n) => `${say("tLines")} ${Number(n) + 1} `)}: ${e.detail}`);
  $("[data-grid-error]").textContent = [...where, problem.errors?.length ? "" : problem.detail ?? problem.title].filter(Boolean).join(" · ");
  const first = problem.errors?.find((e) => e.pointer.startsWith("/lines/"));
  if (first) {
    const [, , n, name] = first.pointer.split("/");
    const line = rows().filter((l) => l.offer)[Number(n)];
    (line?.[name === "sku" ? "product" : name] ?? line?.product)?.focus();
  }
}

async function send(path, content, key) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": grid.elements.csrf?.value ?? "", "Idempotency-Key": key };
  const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(content) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) { complain(said); return null; }
  return said;
}

const newKey = () => crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
let saving = false;

// Which move opens an order that is no draft any more: an approved one is amended, the others become drafts again.
const opening = { awaiting_confirmation: "edit", in_review: "withdraw", rejected: "rework" };

async function saveChange(id, content) {
  const move = opening[grid.dataset.state];
  if (move) {
    const opened = await send(`/orders/${id}/${move}`, {}, newKey());
    if (!opened) return null;
    grid.dataset.version = opened.version;
    grid.dataset.state = opened.state;
  }
  const path = grid.dataset.state === "approved" ? `/orders/${id}/amend` : `/orders/${id}`;
  return send(path, { ...content, customer: undefined, version: Number(grid.dataset.version) }, newKey());
}

async function save() {
  if (saving) return null;
  saving = true;
  $("[data-grid-error]").textContent = "";
  const content = draft(), id = grid.dataset.order;
  const saved = id ? await saveChange(id, content) : await send("/orders", { ...content, channel: $("#channel").value }, newKey());
  saving = false;
  if (!saved) return null;
  grid.dataset.order = saved.id;
  grid.dataset.version = saved.version;
  grid.dataset.state = saved.state;
  if (memory) localStorage.removeItem(memory);
  $("[data-grid-saved]").textContent = `${saved.number} ${new Date().toLocaleTimeString()}`;
  return saved;
}

async function submit() {
  const saved = await save();
  if (!saved) return;
  if (saved.state !== "draft") { location.href = `/orders/${saved.id}`; return; } // amended: it is read back there
  const done = await send(`/orders/${saved.id}/submit`, {}, newKey());
  if (done) location.href = `/orders/${saved.id}`;
}

$("[data-grid-save]").addEventListener("click", save);
$("[data-grid-submit]").addEventListener("click", submit);
grid.addEventListener("submit", (event) => event.preventDefault());
grid.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !composing(event) && event.target.closest("fieldset")) {
    event.preventDefault();
    rows()[0]?.product.focus();
  }
});

// ---- start ----

$("#channel").value = $("#channel").dataset.value || "phone";
JSON.parse(grid.dataset.lines || "[]").forEach((line) => addLine(line));
if (!rows().length && memory) {
  const kept = JSON.parse(localStorage.getItem(memory) ?? "null");
  if (kept?.lines?.length) {
    customer.value = kept.customer;
    kept.lines.forEach((line, i) => addLine({ ...line, name: kept.names?.[i] ?? line.sku }));
  }
}
addLine();
sum();
if (customer.value) api(`/customers/find?q=${encodeURIComponent(customer.value)}`).then((a) => { if (a.items[0]) customerKnown(a.items[0]); }).catch(() => {});
