// The lines of an order while it is entered: goods, quantity, unit, price, without touching the mouse. order-call.js keeps,
// saves and reads back what stands here; both speak the public API only.
// Enter goes to the next cell and, from the last one, to a new line; ↑ ↓ choose among the goods found, Tab takes too.
// While an input method is composing, its keys are its own.
"use strict";

const grid = $("#order-grid");
const say = (key, ...args) => args.reduce((text, arg, i) => text.replace(`{${i}}`, arg), grid.dataset[key] ?? "");
const composing = (event) => event.isComposing || event.keyCode === 229;
const api = (path) => fetch(`/api/v1${path}`, { headers: { Accept: "application/json" }, credentials: "same-origin" })
  .then((r) => (r.ok ? r.json() : r.json().then((problem) => Promise.reject(problem))));
const customer = $("#customer");
const body = $("[data-grid-rows]");
const rows = () => [...body.children].map((tr) => tr.line).filter(Boolean);
const round = (n) => Math.round(n * 1000) / 1000;
const money = (n) => Number(n).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

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
      const row = draw(item);
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
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (found.length) input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }
  function choose(i) {
    const item = found[i];
    show([]);
    if (item) take(item);
  }
  function look() {
    clearTimeout(timer);
    const q = input.value.trim(), mine = ++asked;
    if (!q) { show([]); return; }
    timer = setTimeout(() => ask(q).then((items) => { if (mine === asked) show(items); }).catch(() => {}), 60);
  }
  input.addEventListener("input", (event) => { if (!event.isComposing) look(); });
  input.addEventListener("compositionend", look);
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
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && found.length)) {
      event.preventDefault();
      event.stopPropagation();
      if (found.length) choose(at);
      else if (input.value.trim()) choosePending(input.value.trim());
      else take(null);
    } else if (event.key === "Escape") show([]);
  });
  input.addEventListener("blur", () => setTimeout(show, 150, []));
}

// ---- one line ----

function cell(tr, className, label, ...content) {
  const td = make("td", className);
  td.dataset.label = label;
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

// The first look; the server's own integers follow in a moment (quote) and stand from then on.
function reckon(line) {
  const q = Number(line.quantity.value), p = Number(line.price.value || line.offer?.price || 0);
  line.worth = line.offer && q > 0 ? Math.round(q * ratio(line, line.unit.value) / ratio(line, line.offer.price_unit) * p * 100) / 100 : 0;
  line.amount.textContent = line.worth ? money(line.worth) : "";
  showStock(line, q);
  sum();
}

// What is free in the unit of the line, and what this line leaves of it.
function showStock(line, q) {
  const unit = line.unit.value;
  line.free.replaceChildren();
  line.base.textContent = "";
  line.free.classList.remove("hd-warn", "hd-bad");
  if (!line.offer) return;
  const free = line.offer.available === null ? null : Number(line.offer.available ?? 0) / ratio(line, unit);
  if (unit !== line.offer.base_unit && q > 0) line.base.textContent = `${round(q * ratio(line, unit))} ${line.offer.base_unit}`;
  if (free === null) return;
  line.free.append(`${round(Math.floor(free * 100) / 100)} ${unit}`);
  if (!(q > 0)) return;
  const left = round(free - q);
  line.free.append(make("small", "sub", left < 0 ? say("tShortBy", `${-left} ${unit}`) : say("tLeft", `${left} ${unit}`)));
  if (left < 0) line.free.classList.add("hd-bad");
  else if (left < q) line.free.classList.add("hd-warn");
}

const lineTotal = () => rows().reduce((n, line) => n + (line.offer ? Math.round(line.worth * 100) : 0), 0) / 100;

function sum() {
  const all = rows().filter((line) => line.offer), units = new Map();
  for (const line of all) if (Number(line.quantity.value) > 0) units.set(line.unit.value, round((units.get(line.unit.value) ?? 0) + Number(line.quantity.value)));
  $("[data-grid-total]").textContent = money(lineTotal());
  $("[data-grid-sum]").textContent = [say("tUnits", all.length), [...units].map(([unit, n]) => `${n} ${unit}`).join(" ")].filter(Boolean).join(" · ");
  showTwins(all);
  grid.dispatchEvent(new CustomEvent("sum", { detail: lineTotal() }));
}

// The same goods twice may be meant; it is said, not refused.
function showTwins(all) {
  const first = new Map();
  for (const line of all) {
    const twin = first.get(line.offer.sku);
    if (!twin) first.set(line.offer.sku, line);
    line.twin.textContent = twin ? say("tTwin", twin.no.textContent) : "";
  }
}

function problem(line, input, text) {
  line.fault.textContent = text ?? "";
  [line.product, line.quantity, line.unit, line.price].forEach((one) => one.removeAttribute("aria-invalid"));
  if (text) (input ?? line.product).setAttribute("aria-invalid", "true");
}

// The server's price and amount for the line as it stands, and what it would refuse.
async function quote(line) {
  const mine = line.asked = (line.asked ?? 0) + 1;
  if (!line.offer || !customer.value || !(Number(line.quantity.value) > 0)) return;
  const ask = new URLSearchParams({ customer: customer.value, "lines.0.sku": line.offer.sku, "lines.0.quantity": line.quantity.value, "lines.0.unit": line.unit.value });
  if (line.price.value) ask.set("lines.0.price", line.price.value);
  if ($("#delivery_date").value) ask.set("delivery_date", $("#delivery_date").value);
  const answer = await api(`/orders/quote?${ask}`).catch((refused) => refused);
  if (mine !== line.asked || !line.offer) return;
  const said = answer.items?.[0], error = answer.errors?.find((e) => e.pointer.startsWith("/lines/"));
  if (error) problem(line, line[error.pointer.split("/")[3]], error.detail);
  if (!said) return;
  problem(line);
  if (!line.price.value) {
    line.price.placeholder = said.price;
    line.offer.price = said.price;
  }
  line.source.textContent = `${said.price_words} /${said.price_unit}`;
  line.worth = Number(said.amount);
  line.amount.textContent = money(said.amount);
  sum();
}

function lineChanged(line) {
  reckon(line);
  clearTimeout(line.timer);
  line.timer = setTimeout(quote, 200, line);
  grid.dispatchEvent(new Event("changed"));
}

function offered(line, offer, keep) {
  line.offer = offer;
  line.units = [{ unit: offer.base_unit, num: 1, den: 1 }, ...(offer.units ?? []).filter((u) => u.unit !== offer.base_unit)];
  line.product.value = offer.name;
  line.product.title = offer.sku;
  line.spec.textContent = [offer.spec, offer.sku].filter(Boolean).join(" · ");
  line.unit.replaceChildren(...line.units.map((u) => new Option(u.unit, u.unit)));
  line.unit.value = keep?.unit && line.units.some((u) => u.unit === keep.unit) ? keep.unit : offer.unit;
  line.price.placeholder = offer.price ?? "";
  line.source.textContent = [line.price.value ? say("tManual") : offer.price_words, offer.price_unit].filter(Boolean).join(" /");
  problem(line);
  reckon(line);
}

function forget(line) {
  line.offer = null;
  line.worth = 0;
  line.twin.textContent = "";
  line.spec.textContent = line.source.textContent = line.amount.textContent = "";
  showStock(line, 0);
  sum();
}

function productRow(offer) {
  const row = make("li", ""), what = make("div", ""), price = make("div", "num"), stock = make("div", "");
  const last = usual.find((u) => u.sku === offer.sku);
  what.append(offer.name, make("span", "hd-mute hd-small", ` ${offer.spec ?? ""} ${offer.origin ?? ""}`), make("div", "hd-small hd-mute", ""));
  if (offer.matched && !offer.name.includes(offer.matched)) what.lastChild.append(make("mark", "", offer.matched), " ");
  what.lastChild.append(offer.sku, last ? ` · ${last.delivery_date.slice(5)} ${last.quantity} ${last.unit}` : "");
  price.append(offer.price ?? "", make("span", "hd-mute", `/${offer.price_unit}`), make("div", "hd-small hd-mute", offer.price_words ?? ""));
  stock.append(`${say("tFree")} `, make("b", "", offer.available ?? "0"), ` ${offer.base_unit}`);
  const unit = offer.units?.find((u) => u.unit === offer.unit && u.unit !== offer.base_unit);
  if (unit) stock.append(make("div", "hd-small hd-mute", `${unit.unit} = ${round(unit.num / unit.den)} ${offer.base_unit}`));
  row.append(make("span", "hd-mute", offer.own_name ? "★" : ""), what, price, stock);
  return row;
}

const findGoods = (q) => api(`/products/find?q=${encodeURIComponent(q)}&customer=${encodeURIComponent(customer.value)}&date=${$("#delivery_date").value}`).then((a) => a.items);

let lineCount = 0;

function lineParts(n) {
  const line = { units: [], worth: 0, product: field("", `${say("tProduct")} ${n}`), quantity: field("num", say("tQuantity"), "decimal"),
    unit: make("select", "form-select"), price: field("num", say("tPrice"), "decimal"), remark: field("", say("tRemark")),
    spec: make("small", "sub"), base: make("small", "sub"), twin: make("small", "sub hd-warn"), fault: make("span", "hd-err hd-fault"), list: make("ul", "hd-list") };
  line.list.id = `goods-${n}`;
  line.list.hidden = true;
  line.list.setAttribute("role", "listbox");
  line.list.setAttribute("aria-label", say("tProduct"));
  line.product.setAttribute("role", "combobox");
  line.product.setAttribute("aria-controls", line.list.id);
  line.product.setAttribute("aria-expanded", "false");
  line.fault.setAttribute("role", "alert");
  line.unit.setAttribute("aria-label", say("tUnit"));
  line.remark.maxLength = 200;
  line.remark.placeholder = say("tRemark");
  line.remark.hidden = true;
  return line;
}

function drawLine(tr, line, n) {
  const drop = make("button", "btn btn-link hd-drop", "×");
  drop.type = "button";
  drop.tabIndex = -1;
  drop.setAttribute("aria-label", `${say("tDrop")} ${n}`);
  drop.addEventListener("click", () => dropLine(line));
  line.no = cell(tr, "num hd-mute", "", String(n));
  cell(tr, "hd-pick", "", line.product, line.list, line.spec, line.twin, line.remark, line.fault);
  cell(tr, "num is-short", say("tQuantity"), line.quantity, line.base);
  cell(tr, "is-short", say("tUnit"), line.unit);
  cell(tr, "num is-short", say("tPrice"), line.price);
  line.source = cell(tr, "hd-small", say("tSource"));
  line.free = cell(tr, "num", say("tFree"));
  line.amount = cell(tr, "num", say("tAmount"));
  cell(tr, "hd-narrow", "", drop);
}

function addLine(given) {
  const n = ++lineCount, tr = make("tr", ""), line = tr.line = lineParts(n);
  drawLine(tr, line, body.children.length + 1);
  line.product.placeholder = body.children.length ? "" : say("tHint");
  combobox(line.product, line.list, findGoods, productRow, (offer) => {
    if (!offer) { $("[data-grid-submit]").focus(); return; }
    offered(line, offer);
    lineChanged(line);
    line.quantity.focus();
    line.quantity.select();
  });
  // Other words in the cell are other goods: the old ones must not go along unseen.
  line.product.addEventListener("input", () => {
    if (line.offer && line.product.value !== line.offer.name) forget(line);
    problem(line);
    grid.dispatchEvent(new Event("changed"));
  });
  line.product.addEventListener("change", () => setTimeout(() => { if (!line.offer && line.product.value.trim()) problem(line, line.product, say("tUnclear")); }, 400));
  line.product.addEventListener("paste", (event) => pasted(event, line));
  [line.quantity, line.price, line.unit].forEach((input) => input.addEventListener("input", () => lineChanged(line)));
  line.remark.addEventListener("input", () => grid.dispatchEvent(new Event("changed")));
  tr.addEventListener("keydown", (event) => nextCell(event, line));
  body.append(tr);
  if (given) fill(line, given);
  return line;
}

function dropLine(line) {
  const tr = line.product.closest("tr"), beside = tr.nextElementSibling ?? tr.previousElementSibling;
  tr.remove();
  if (!rows().length) addLine();
  rows().forEach((one, i) => (one.no.textContent = String(i + 1)));
  (beside?.isConnected ? beside.line : rows()[0]).product.focus();
  sum();
  grid.dispatchEvent(new Event("changed"));
}

// A line that was there before: shown as it stood at once, then with what the goods are and cost today.
function fill(line, given) {
  const manual = given.manual ?? (given.price_source === "manual" ? given.price : "");
  line.product.value = given.name ?? given.sku ?? given.text ?? "";
  line.quantity.value = given.quantity ?? "";
  line.price.value = manual ?? "";
  line.remark.value = given.remarks ?? "";
  line.remark.hidden = !given.remarks;
  if (!given.sku) return Promise.resolve(problem(line, line.product, line.product.value ? say("tUnclear") : ""));
  offered(line, { sku: given.sku, name: given.name ?? given.sku, base_unit: given.unit, unit: given.unit, units: [], price: given.price, price_unit: given.price_unit ?? given.unit,
    price_words: given.price_words, available: null }, given);
  return findGoods(given.sku).then((items) => items.find((o) => o.sku === given.sku)).then((o) => {
    if (!o || line.offer?.sku !== given.sku) return;
    offered(line, o, given);
    quote(line);
  }).catch(() => {});
}

// The first line that is still empty, or a new one.
const emptyLine = () => rows().find((line) => !line.offer && !line.product.value.trim()) ?? addLine();

function nextCell(event, line) {
  if (composing(event)) return;
  if (event.altKey && event.key === "Delete") {
    event.preventDefault();
    dropLine(line);
  } else if (event.altKey && event.key.toLowerCase() === "b") {
    event.preventDefault();
    line.remark.hidden = false;
    line.remark.focus();
  }
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
  event.preventDefault();
  const cells = [line.product, line.quantity, line.unit, line.price, line.remark];
  const at = cells.indexOf(event.target), all = rows();
  if (at === 1 || at >= 3) { // after the quantity the usual unit and price are taken as they are
    (all[all.indexOf(line) + 1] ?? addLine()).product.focus();
  } else if (at >= 0) cells[at + 1].focus();
}

// ---- rows pasted from a sheet or a chat: "白心土豆 8件，胡萝卜四件", or cells between tabs ----

const digits = { 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 半: 0.5 };

function numberOf(text) {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const tens = /^([一二两三四五六七八九])?十([一二三四五六七八九])?$/.exec(text);
  if (tens) return (digits[tens[1]] ?? 1) * 10 + (digits[tens[2]] ?? 0);
  return text.length === 1 ? digits[text] : undefined;
}

function rowOf(text) {
  const cells = text.split("\t").map((one) => one.trim()).filter(Boolean);
  if (cells.length > 1) {
    const at = cells.findIndex((one, i) => i > 0 && numberOf(one.replace(/,/g, "")) !== undefined);
    return at < 0 ? { text: cells[0] } : { text: cells[0], other: cells[at - 1], quantity: numberOf(cells[at].replace(/,/g, "")), unit: cells[at + 1] };
  }
  const said = /^(.+?)[\s:：x×*]*(\d+(?:\.\d+)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半])\s*(\D*)$/.exec(text.trim());
  return said ? { text: said[1].trim(), quantity: numberOf(said[2]), unit: said[3].trim() } : { text: text.trim() };
}

// Taken without asking only where there is no doubt: the number, the name, or the one thing found.
async function sureGoods(row) {
  for (const q of [row.text, row.other].filter(Boolean)) {
    const items = await findGoods(q).catch(() => []);
    const same = items.find((o) => o.sku.toLowerCase() === q.toLowerCase() || o.name === q || o.own_name);
    if (same ?? items.length === 1) return same ?? items[0];
  }
  return null;
}

async function takeRow(line, row) {
  line.product.value = row.text;
  if (row.quantity !== undefined) line.quantity.value = String(row.quantity);
  const offer = await sureGoods(row);
  if (!offer) return problem(line, line.product, say("tUnclear"));
  offered(line, offer, { unit: row.unit });
  await quote(line);
}

async function pasted(event, line) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const found = text.split(/[\n\r，、；;。]+/).map((one) => one.trim()).filter(Boolean);
  if (found.length < 2 && !text.includes("\t")) return;
  event.preventDefault();
  const lines = found.map((_, i) => (i === 0 && !line.offer ? line : emptyLineAfter(line)));
  await Promise.all(found.map((one, i) => takeRow(lines[i], rowOf(one))));
  const unclear = lines.filter((one) => !one.offer);
  toast(say("tPasted", found.length, unclear.length), unclear.length > 0);
  (unclear[0] ?? emptyLine()).product.focus();
  grid.dispatchEvent(new Event("changed"));
}

// Claimed at once, so that two pasted rows never share a line.
function emptyLineAfter(line) {
  const free = rows().find((one) => one !== line && !one.offer && !one.product.value.trim() && !one.claimed) ?? addLine();
  free.claimed = true;
  setTimeout(() => (free.claimed = false), 5000);
  return free;
}
