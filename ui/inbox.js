// The inbox side by side, by keyboard alone. The page works without it; with it a decision renews the page in place, keys
// pressed meanwhile wait their turn, and the next thing opens by itself when one is done.
//   Tab next open line · 1…9 which goods · Enter take · Delete leave out · N none · B remark · / other goods · D tomorrow
"use strict";

const work = () => $("#work");
const composingNow = (event) => event.isComposing || event.keyCode === 229;
let busy = false;
const waiting = [];

// ---- renewing in place ----

async function open(address, push) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main");
  if (!answer.ok || !fresh?.querySelector("#work")) { location.assign(address); return new Promise(() => {}); }
  fresh.querySelectorAll("script").forEach((script) => script.remove());
  $("main").replaceChildren(...document.adoptNode(fresh).childNodes);
  if (push) history.pushState(null, "", address);
  document.title = page.title;
  begin();
}

async function decide(form, button) {
  if (busy) return;
  busy = true;
  clearErrors(form);
  const line = form.dataset.line;
  try {
    const answer = await send(form, button);
    if (answer.ok) {
      const to = pageOf(answer.headers.get("Location") ?? location.pathname);
      await open(to, to !== location.pathname);
      if (to.endsWith(`/${work()?.dataset.inbox}`) && line) focusOpen(Number(line));
    } else {
      showErrors(form, await answer.json());
      renewKey(form);
    }
  } catch {
    toast($("[data-toasts]")?.dataset.retry ?? "", true);
  }
  busy = false;
  while (waiting.length && !busy) replay(waiting.shift());
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest("#work") || event.target.getAttribute("method") !== "post") return;
  event.preventDefault();
  event.stopPropagation();
  decide(event.target, event.submitter);
}, true);

addEventListener("popstate", () => open(location.pathname, false));

// ---- the open lines ----

const openLines = () => $$("tr.is-warn [data-line], tr.is-block [data-line]");
const currentLine = () => {
  const form = document.activeElement?.closest?.("[data-line]");
  return form && openLines().includes(form) ? form : null;
};

// Where the work is: the chosen goods of a line, or its quantity, or the field to look for goods.
function focusLine(form) {
  if (!form) { $("[data-key='Ctrl+Enter']:not(:disabled)")?.focus(); return; }
  const first = $("input[type=radio]:checked", form) ?? $("input[type=radio]", form);
  // Where nothing was recognised the keys N, B, Del and / are asked for first, so no field takes them.
  (first ?? ($("input[name=sku]", form) ? $("[name=quantity]", form) : form)).focus({ preventScroll: true });
  form.closest("tr").scrollIntoView({ block: "nearest" });
  $$("[data-mark]").forEach((m) => m.classList.toggle("is-here", m.dataset.mark === form.dataset.line));
}
const focusOpen = (after) => focusLine(openLines().find((f) => Number(f.dataset.line) >= after) ?? openLines()[0]);

function nextOpen(back) {
  const lines = openLines(), at = lines.indexOf(currentLine());
  if (!lines.length) return focusLine(null);
  focusLine(lines[(at + (back ? lines.length - 1 : 1)) % lines.length]);
}

function press(form, decision) {
  const button = form && $(`button[value="${decision}"]`, form);
  if (button) form.requestSubmit(button);
  return !!button;
}

// ---- keys ----

const textField = (element) => element?.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select");

function key(name, shift) {
  const form = currentLine(), typing = textField(document.activeElement);
  const list = document.activeElement?.matches?.("[aria-expanded=true]");
  if (name === "Tab") return nextOpen(shift), true;
  if (list) return false;
  if (name === "Enter" && form === document.activeElement) return $("[data-find-goods]", form).focus(), true;
  if (name === "Enter" && form) return press(form, "take");
  if (name === "Escape" && typing) return focusLine(form), true;
  if (typing) return false;
  if (/^[1-9]$/.test(name)) {
    const line = form ?? openLines()[0], choice = line && $$("input[type=radio]", line)[name - 1];
    if (choice) { choice.checked = true; choice.focus(); }
    return true;
  }
  if (name === "Delete") return press(form ?? openLines()[0], "drop");
  if (name === "n" || name === "N") return press(form ?? openLines()[0], "decline");
  if (name === "b" || name === "B") return press(form ?? openLines()[0], "note");
  if (name === "/") return (form ?? openLines()[0]) && $("[data-find-goods]", form ?? openLines()[0])?.focus(), true;
  return false;
}

// Of a key pressed while the page was renewed: what it would have done.
function replay(pressed) {
  if (pressed.ctrl || pressed.alt || !key(pressed.name, pressed.shift)) {
    const name = (pressed.alt ? "Alt+" : "") + (pressed.ctrl ? "Ctrl+" : "") + (pressed.name.length === 1 ? pressed.name.toUpperCase() : pressed.name);
    const element = $$("[data-key]").find((e) => e.dataset.key.toUpperCase() === name.toUpperCase() && !e.disabled);
    if (element) element.click();
    else if (textField(document.activeElement) && pressed.name.length === 1 && !pressed.ctrl && !pressed.alt) {
      const field = document.activeElement;
      field.setRangeText(pressed.name, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

document.addEventListener("keydown", (event) => {
  if (composingNow(event) || !work() || $("dialog[open]") || event.metaKey || ["Shift", "Control", "Alt"].includes(event.key)) return;
  if (busy) {
    event.preventDefault();
    event.stopPropagation();
    waiting.push({ name: event.key, ctrl: event.ctrlKey, alt: event.altKey, shift: event.shiftKey });
    return;
  }
  if (event.ctrlKey || event.altKey || !key(event.key, event.shiftKey)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// ---- finding goods and customers while typing ----

function finder(input, address, label, take) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let found = [], at = 0, asked = 0, timer = 0;

  const show = (items) => {
    found = items;
    at = 0;
    list.replaceChildren(...items.map((item, i) => {
      const row = make("li", "", label(item));
      row.setAttribute("role", "option");
      row.id = `${list.id}-${i}`;
      row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
      return row;
    }));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!!items.length));
    mark();
  };
  const mark = () => [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
  const choose = (i) => { const item = found[i]; show([]); if (item) take(item); };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const q = input.value.trim(), mine = ++asked;
    if (!q) return show([]);
    timer = setTimeout(() => fetch(`/api/v1${address(q)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((r) => r.json()).then((a) => { if (mine === asked && input.isConnected) show(a.items ?? []); }).catch(() => {}), 60);
  });
  input.addEventListener("keydown", (event) => {
    if (composingNow(event) || !found.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    else if (event.key === "Enter") choose(at);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
    mark();
  });
  input.addEventListener("blur", () => setTimeout(show, 150, []));
}

function findGoods(input) {
  const who = $("[data-find-customer]")?.value ?? "";
  finder(input, (q) => `/products/find?q=${encodeURIComponent(q)}&customer=${encodeURIComponent(who)}`,
    (p) => [p.name, p.spec, p.sku, p.price && `${p.price}/${p.price_unit}`].filter(Boolean).join(" · "), (p) => {
      const form = input.form;
      input.value = p.sku;
      if (!form.elements.unit.value) form.elements.unit.value = p.unit ?? p.base_unit;
      form.elements.quantity.focus();
      form.elements.quantity.select();
    });
}

function findCustomer(input) {
  finder(input, (q) => `/customers/find?q=${encodeURIComponent(q)}`, (k) => [k.name, k.code, k.contact, k.phone].filter(Boolean).join(" · "), (k) => {
    input.value = k.code;
    input.form.requestSubmit();
  });
}

// ---- each time something is opened ----

function begin() {
  $$("[data-find-goods]").forEach(findGoods);
  $$("[data-find-customer]").forEach(findCustomer);
  drawKeys();
  reachable();
  $("#rail .is-here")?.scrollIntoView({ block: "nearest" });
  focusOpen(1);
  if (work().dataset.liveWork === "true") fetch(`/api/v1/intake/${work().dataset.inbox}/claim`, { method: "POST", credentials: "same-origin" }).catch(() => {});
}

document.addEventListener("DOMContentLoaded", begin);
