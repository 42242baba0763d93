// The call around the lines of order-grid.js: who is on the phone, what they owe and usually take, drafts that save themselves,
// parked calls, reading back (F8) and the customer's word (F9).
// A draft lies in this browser from the first letter and, once it has a customer and a whole line, as a draft order on the
// server: a closed browser loses nothing, and every other place sees it too.
"use strict";

const QUIET = 4000; // ms without a change, then the draft goes to the server
const shelf = `huodan.drafts.${grid.dataset.login}`;
const existing = !!grid.dataset.order; // the page of an order that was there before
let usual = [], lastOrder = null, credit = null;
let here = { key: crypto.randomUUID?.() ?? String(Math.random()).slice(2), started: Date.now() };

// ---- who calls ----

// The hour in the company's zone, as the clock on top shows it.
const clockOf = (ms, n = 5) => new Date(ms + Number($("[data-clock]")?.dataset.clock ?? 0) * 1000).toISOString().slice(11, 11 + n);

const text = (selector, value) => { const e = $(selector); if (e) e.textContent = value; };

async function customerKnown(who) {
  here.who = who;
  customer.value = who.code;
  text("[data-grid-title]", who.name);
  text("[data-grid-contact]", [who.contact, who.phone].filter(Boolean).join(" "));
  text("[data-grid-terms]", [who.code, who.tier && `${who.tier}`, who.delivery_window].filter(Boolean).join(" · "));
  if (!$("#address").value) $("#address").value = who.address ?? "";
  changed();
  rows().forEach(quote);
  await Promise.all([showCredit(who), showLast(who), showUsual(who)]).catch(() => {});
}

function nobody() {
  usual = [];
  lastOrder = credit = null;
  text("[data-grid-title]", grid.dataset.tNew);
  text("[data-grid-contact]", "");
  text("[data-grid-terms]", "");
  for (const box of ["[data-grid-credit]", "[data-grid-last]", "[data-grid-usual]"]) $(box).replaceChildren(make("p", $(box).matches(".hd-pad") ? "hd-mute" : "hd-pad hd-mute", say("tNobody")));
  text("[data-grid-left]", "");
}

combobox(customer, $("#customer-list"), (q) => api(`/customers/find?q=${encodeURIComponent(q)}`).then((a) => a.items),
  (who) => {
    const row = make("li", "hd-who");
    row.append(make("b", "", who.name), make("span", "hd-mute hd-small", `${who.code} ${who.contact ?? ""} ${who.phone ?? ""}`));
    return row;
  },
  (who) => {
    if (who) customerKnown(who);
    (rows().find((line) => !line.offer) ?? rows()[0])?.product.focus();
  });

// ---- beside the lines: debts, the last orders, what is usual ----

async function showCredit(who) {
  credit = await api(`/customers/${who.id}/credit`).catch(() => null);
  drawCredit(lineTotal());
}

function pair(list, label, value, bad) {
  list.append(make("dt", "", label), make("dd", bad ? "num hd-bad" : "num", value));
}

function drawCredit(total) {
  if (!credit) return;
  const box = $("[data-grid-credit]"), list = make("dl", "hd-dl hd-money"), meter = make("meter", "");
  const limited = credit.limit !== null && credit.limit !== undefined, used = Number(credit.exposure) + total;
  pair(list, say("tLimit"), limited ? money(credit.limit) : say("tNoLimit"));
  pair(list, say("tOwed"), money(credit.receivable));
  pair(list, say("tOpen"), money(credit.open));
  pair(list, say("tThis"), money(total));
  const percent = limited && Number(credit.limit) > 0 ? Math.floor(used / Number(credit.limit) * 100) : 0;
  meter.max = 100;
  meter.value = Math.min(percent, 100);
  meter.setAttribute("aria-label", say("tUsed", percent));
  const late = Number(credit.overdue) > 0;
  const note = make("p", late || percent > 100 ? "hd-small hd-bad" : "hd-small hd-mute",
    [limited ? say("tUsed", percent) : "", late ? say("tOverdue", money(credit.overdue)) : say("tNoOverdue")].filter(Boolean).join(" · "));
  box.replaceChildren(list, ...(limited ? [meter] : []), note);
  text("[data-grid-left]", limited ? `${say("tCanOwe")} ¥${money(Number(credit.limit) - used)}` : "");
}
grid.addEventListener("sum", (event) => drawCredit(event.detail));

async function showLast(who) {
  const list = await api(`/orders?customer=${encodeURIComponent(who.code)}&limit=8`).then((a) => a.items).catch(() => []);
  const three = list.filter((o) => o.id !== here.id && o.state !== "draft" && o.state !== "cancelled").slice(0, 3);
  const full = await Promise.all(three.map((o) => api(`/orders/${o.id}`).catch(() => null)));
  if (here.who !== who) return;
  lastOrder = full.find(Boolean) ?? null;
  const table = make("table", "hd-tab"), tbody = make("tbody", "");
  for (const o of full.filter(Boolean)) {
    const tr = make("tr", ""), day = make("td", ""), link = make("a", "", o.delivery_date.slice(5));
    link.href = `/orders/${o.id}`;
    link.target = "_blank";
    day.append(link, make("small", "sub", o.number));
    tr.append(day, make("td", "hd-small", o.lines.map((l) => `${l.name}${l.quantity}`).join(" ")), make("td", "num", money(o.total)));
    tbody.append(tr);
  }
  table.append(tbody);
  $("[data-grid-last]").replaceChildren(tbody.children.length ? table : make("p", "hd-pad hd-mute", say("tNoLast")));
}

async function showUsual(who) {
  const items = await api(`/customers/${who.id}/usual`).then((a) => a.items).catch(() => []);
  if (here.who !== who) return;
  usual = items;
  drawUsual();
}

// Those not yet named, nine at most: one digit each.
function usualLeft() {
  const named = new Set(rows().filter((line) => line.offer).map((line) => line.offer.sku));
  return usual.filter((u) => !named.has(u.sku)).slice(0, 9);
}

function drawUsual() {
  if (!here.who) return;
  const list = make("ul", "hd-usual");
  usualLeft().forEach((u, i) => {
    const row = make("li", ""), button = make("button", "hd-usual-one");
    button.type = "button";
    button.append(make("kbd", "", String(i + 1)), make("span", "", u.name), make("b", "num", `${u.quantity} ${u.unit}`), make("span", "hd-mute hd-small", u.delivery_date.slice(5)));
    button.addEventListener("click", () => addUsual(u));
    row.append(button);
    list.append(row);
  });
  $("[data-grid-usual]").replaceChildren(list.children.length ? list : make("p", "hd-pad hd-mute", say("tUsualNone")));
}

function addUsual(u) {
  const line = emptyLine();
  fill(line, { sku: u.sku, name: u.name, unit: u.unit, quantity: u.quantity }).then(() => quote(line));
  changed();
  drawUsual();
  emptyLine();
}

let digitsAdd = false;
function usualMode(on) {
  digitsAdd = on;
  $("[data-grid-usual]").closest("section").classList.toggle("is-here", on);
}
$("[data-grid-add-usual]").addEventListener("click", () => (usualLeft().length ? usualMode(true) : toast(say("tUsualNone"))));
document.addEventListener("keydown", (event) => {
  if (!digitsAdd || ["Alt", "Shift", "Control", "Meta"].includes(event.key) || event.altKey) return;
  const u = /^[1-9]$/.test(event.key) && usualLeft()[event.key - 1];
  if (!u) return usualMode(false);
  event.preventDefault();
  event.stopPropagation();
  addUsual(u);
}, true);

function copyLast() {
  if (!lastOrder) return toast(say("tNoLast"), true);
  const named = new Set(rows().filter((line) => line.offer).map((line) => line.offer.sku));
  for (const l of lastOrder.lines.filter((one) => !named.has(one.sku))) {
    const line = emptyLine();
    fill(line, { sku: l.sku, name: l.name, unit: l.unit, quantity: l.quantity, remarks: l.remarks }).then(() => quote(line));
  }
  changed();
  drawUsual();
  const last = rows().filter((line) => line.offer).at(-1);
  last?.quantity.focus();
  last?.quantity.select();
}
$("[data-grid-copy]").addEventListener("click", copyLast);

// ---- what stands on the page ----

const lineOf = (line) => ({ sku: line.offer.sku, quantity: line.quantity.value || "0", unit: line.unit.value, price: line.price.value || undefined, remarks: line.remark.value || undefined });

function content(lines) {
  return { customer: customer.value.trim(), delivery_date: $("#delivery_date").value, address: $("#address").value || undefined, remarks: $("#remarks").value || undefined, lines: lines.map(lineOf) };
}

function onPage() {
  return { ...here, customer: customer.value, delivery_date: $("#delivery_date").value, address: $("#address").value, remarks: $("#remarks").value, channel: $("#channel").value,
    total: $("[data-grid-total]").textContent, at: Date.now(),
    lines: rows().filter((line) => line.offer || line.product.value.trim()).map((line) => ({ sku: line.offer?.sku, name: line.offer?.name, text: line.product.value, quantity: line.quantity.value,
      unit: line.unit.value, manual: line.price.value, price: line.offer?.price, price_unit: line.offer?.price_unit, remarks: line.remark.value })) };
}

// ---- drafts in this browser ----

function shelved() {
  try { return JSON.parse(localStorage.getItem(shelf) ?? "[]"); } catch { return []; }
}
function shelve(drafts) {
  localStorage.setItem(shelf, JSON.stringify(drafts.slice(-9)));
}
const unshelve = (key) => shelve(shelved().filter((d) => d.key !== key));

function keep() {
  if (existing || here.done) return;
  const now = onPage(), others = shelved().filter((d) => d.key !== here.key);
  const worth = now.lines.length || now.who;
  shelve(worth ? [...others, now] : others);
  if (worth && location.hash !== `#${here.key}`) history.replaceState(null, "", `#${here.key}`);
}

let quiet = 0;
function changed() {
  $("#read-back").hidden = true;
  keep();
  clearTimeout(quiet);
  quiet = setTimeout(saveQuietly, QUIET);
}
grid.addEventListener("changed", () => { changed(); drawUsual(); });
$$("fieldset input, fieldset select", grid).forEach((input) => input.addEventListener("input", changed));
$("#delivery_date").addEventListener("change", () => rows().forEach(quote));

// ---- drafts on the server, one request after the other ----

let tail = Promise.resolve();
const inTurn = (work) => (tail = tail.then(work, work));
const newKey = () => crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
const told = (words, bad) => { const e = $("[data-grid-saved]"); e.textContent = words; e.classList.toggle("hd-bad", !!bad); };

function complain(refused, lines) {
  const where = (refused.errors ?? []).map((e) => `${e.pointer.replace(/^\/lines\/(\d+)\/?/, (_, n) => `${say("tLine")} ${Number(n) + 1} `).replace(/^\//, "")}: ${e.detail}`);
  text("[data-grid-error]", [...where, refused.errors?.length ? "" : refused.detail ?? refused.title].filter(Boolean).join(" · "));
  const first = refused.errors?.find((e) => e.pointer.startsWith("/lines/"));
  if (!first) return;
  const [, , n, name] = first.pointer.split("/"), line = lines?.[Number(n)];
  if (line) problem(line, line[name === "sku" ? "product" : name], first.detail);
  (line?.[name === "sku" ? "product" : name] ?? line?.product)?.focus();
}

// The same words again after a lost answer are the same request: the key is kept until the words change.
async function post(path, words, { loud = true, key = newKey(), lines } = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": grid.elements.csrf?.value ?? "", "Idempotency-Key": key };
  const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, credentials: "same-origin", keepalive: !loud, body: JSON.stringify(words) }).catch(() => null);
  if (!answer) { told(say("tNotSaved"), true); return null; }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (loud) complain(said, lines);
  else if (answer.status === 412 || answer.status === 409) { here.lost = true; told(say("tTaken"), true); }
  else told(say("tNotSaved"), true);
  return null;
}

// Which move opens an order that is no draft any more: an approved one is amended, the others become drafts again.
const opening = { awaiting_confirmation: "edit", in_review: "withdraw", rejected: "rework" };

async function openAgain() {
  const move = opening[here.state];
  if (!move) return true;
  const opened = await post(`/orders/${here.id}/${move}`, {});
  if (opened) noteServer(opened);
  return !!opened;
}

function noteServer(order) {
  Object.assign(here, { id: order.id, version: order.version, state: order.state, number: order.number });
}

// The server's draft belongs to a customer for good: another customer is another draft.
async function leaveOther() {
  if (!here.id || here.savedFor === customer.value || existing) return;
  await post(`/orders/${here.id}/cancel`, { version: here.version, reason: say("tOtherCustomer") }, { loud: false });
  here.id = here.version = here.state = undefined;
}

async function store(words, options) {
  await leaveOther();
  const now = JSON.stringify(words);
  if (here.tried !== now) Object.assign(here, { tried: now, triedKey: newKey() });
  if (!here.id) return post("/orders", { ...words, channel: $("#channel").value }, { ...options, key: here.triedKey });
  if (options.loud && !(await openAgain())) return null;
  const path = here.state && here.state !== "draft" ? `/orders/${here.id}/amend` : `/orders/${here.id}`;
  return post(path, { ...words, customer: undefined, version: here.version }, options);
}

async function saveNow(loud) {
  const lines = rows().filter((line) => line.offer && (loud || Number(line.quantity.value) > 0)), words = content(lines), draft = here;
  if (!loud && (here.lost || !here.who || !lines.length || (here.state && here.state !== "draft") || here.savedAs === JSON.stringify(words))) return null;
  const saved = await store(words, { loud, lines });
  if (!saved || draft !== here) return saved;
  noteServer(saved);
  Object.assign(here, { savedFor: customer.value, savedAs: JSON.stringify(words), lost: false });
  told(`${saved.number} · ${say("tSavedAt")} ${clockOf(Date.now(), 8)}`);
  if (!existing) keep();
  return saved;
}

const saveQuietly = () => (existing && here.state !== "draft" ? null : inTurn(() => saveNow(false)));

async function save() {
  text("[data-grid-error]", "");
  const unclear = rows().find((line) => !line.offer && line.product.value.trim());
  if (unclear) { // words nobody chose goods for would silently be left out
    problem(unclear, unclear.product, say("tUnclear"));
    unclear.product.focus();
    return null;
  }
  return inTurn(() => saveNow(true));
}

// ---- reading back, and the customer's word ----

async function readBack() {
  const saved = await save();
  if (!saved) return;
  const done = saved.state === "draft" ? await post(`/orders/${saved.id}/submit`, {}) : saved;
  if (!done) return;
  noteServer(done);
  clearTimeout(quiet);
  if (!existing) keep();
  showReadBack(done);
}

function showReadBack(order) {
  const panel = $("#read-back"), person = panel.elements.person;
  text("[data-read-back]", order.read_back);
  panel.elements.snapshot.value = order.snapshot;
  if (!person.value) person.value = here.who?.contact ?? "";
  panel.hidden = false;
  drawKeys();
  panel.scrollIntoView({ block: "nearest" });
  person.focus();
  person.select();
}

$("#read-back").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  const done = await post(`/orders/${here.id}/confirm`, { person: form.elements.person.value, method: form.elements.method.value, snapshot: form.elements.snapshot.value });
  if (!done) return form.elements.person.focus();
  here.done = true; // it is no draft any more: leaving the page must not shelve it again
  unshelve(here.key);
  location.href = `/orders/${here.id}`;
});

// ---- parked calls ----

function drawTabs() {
  const bar = $("[data-grid-parked]");
  bar.replaceChildren(...shelved().filter((d) => d.key !== here.key).map((d, i) => {
    const tab = make("button", "hd-filter hd-parked", `${say("tParked")} ${d.who?.short_name ?? d.who?.name ?? d.lines[0]?.text ?? d.customer} ${clockOf(d.at)}`);
    tab.type = "button";
    tab.dataset.key = `Alt+${i + 1}`;
    tab.addEventListener("click", () => turnTo(d));
    return tab;
  }));
  drawKeys();
}

function clear() {
  body.replaceChildren();
  for (const id of ["customer", "address", "remarks"]) $(`#${id}`).value = "";
  $("#channel").value = "phone";
  $("#delivery_date").value = $("#delivery_date").defaultValue;
  text("[data-grid-error]", "");
  told("");
  $("#read-back").hidden = true;
  $("#read-back").reset();
  nobody();
}

function show(draft) {
  clear();
  here = { key: draft.key, who: draft.who, id: draft.id, version: draft.version, state: draft.state, number: draft.number, savedFor: draft.savedFor, savedAs: draft.savedAs, started: draft.started };
  if (draft.delivery_date >= $("#delivery_date").min) $("#delivery_date").value = draft.delivery_date ?? "";
  for (const id of ["customer", "address", "remarks", "channel"]) $(`#${id}`).value = draft[id] ?? "";
  draft.lines.forEach((line) => addLine(line));
  const first = addLine();
  history.replaceState(null, "", draft.lines.length || draft.who ? `#${draft.key}` : location.pathname);
  if (draft.who) customerKnown(draft.who);
  drawTabs();
  (draft.who ? first.product : customer).focus();
  sum();
  checkServer();
}

// Whoever went on with this draft elsewhere is right.
async function checkServer() {
  const draft = here;
  if (!draft.id) return;
  const order = await api(`/orders/${draft.id}`).catch(() => null);
  if (here !== draft || (order && order.version === draft.version)) return;
  unshelve(draft.key);
  toast(say("tTaken"), true);
  location.href = order ? `/orders/${order.id}` : "/orders/new";
}

const blank = () => ({ key: newKey(), lines: [], started: Date.now(), channel: "phone" });

async function turnTo(draft) {
  keep();
  await saveQuietly();
  show(draft);
}

async function dropDraft() {
  const old = here;
  if ((old.id || rows().some((line) => line.offer)) && !confirm(say("tDropSure"))) return;
  clearTimeout(quiet);
  if (old.id && !old.lost) await inTurn(() => post(`/orders/${old.id}/cancel`, { version: old.version, reason: say("tDropped") }, { loud: false }));
  unshelve(old.key);
  show(blank());
}

// ---- how long they have been on the phone ----

function tickCall() {
  const chip = $("[data-grid-call]"), on = !existing && here.who && $("#channel").value === "phone";
  chip.hidden = !on;
  if (!on) return;
  const s = Math.floor((Date.now() - here.started) / 1000);
  chip.textContent = `${say("tOnCall")} ${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
}

// ---- start ----

$("[data-grid-save]").addEventListener("click", save);
$("[data-grid-submit]").addEventListener("click", readBack);
$("[data-grid-park]")?.addEventListener("click", () => turnTo(blank()));
$("[data-grid-drop]")?.addEventListener("click", dropDraft);
grid.addEventListener("submit", (event) => event.preventDefault());
grid.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !composing(event) && event.target.closest("fieldset")) {
    event.preventDefault();
    rows()[0]?.product.focus();
  }
});
document.addEventListener("visibilitychange", () => { if (document.hidden) { keep(); saveQuietly(); } });
setInterval(tickCall, 1000);

function start() {
  $("#channel").value = $("#channel").dataset.value || "phone";
  nobody();
  if (existing) {
    text("[data-grid-title]", grid.dataset.name);
    Object.assign(here, { id: Number(grid.dataset.order), version: Number(grid.dataset.version), state: grid.dataset.state, savedFor: customer.value });
    JSON.parse(grid.dataset.lines || "[]").forEach((line) => addLine(line));
    here.savedAs = JSON.stringify(content(rows().filter((line) => line.offer)));
    addLine();
    sum();
  } else {
    const kept = shelved().find((d) => `#${d.key}` === location.hash);
    if (kept) return show(kept);
    addLine();
    sum();
    drawTabs();
  }
  if (customer.value) api(`/customers/find?q=${encodeURIComponent(customer.value)}`).then((a) => { if (a.items[0]) customerKnown(a.items[0]); }).catch(() => {});
}
start();
