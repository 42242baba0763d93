// Keys: what has data-key="F9" or "Alt+K" is pressed by that key; the key bar and the list under ? are made from these.
// In <ul class="hd-q"> ↑ ↓ move, Enter opens, 1…9 jump. Ctrl+K goes to the search.
"use strict";

// Ctrl+N, T, W and U belong to the browser and are never taken.
const nameOf = (event) => (event.altKey ? "Alt+" : "") + (event.ctrlKey ? "Ctrl+" : "") + (event.key.length === 1 ? event.key.toUpperCase() : event.key);
const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function labelOf(element) {
  const copy = element.cloneNode(true);
  $$("kbd", copy).forEach((kbd) => kbd.remove());
  return element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? copy.textContent.trim();
}

const keyShown = (element) => element.dataset.key.replace("ArrowDown", "↓").replace("ArrowUp", "↑");

// A button shows the key that presses it; read out it is by aria-keyshortcuts, not as part of the name.
function keyInside(element) {
  if (!element.matches("button, a") || "allKeys" in element.dataset || $("kbd", element)) return;
  const kbd = make("kbd", "", keyShown(element));
  kbd.setAttribute("aria-hidden", "true");
  element.setAttribute("aria-keyshortcuts", element.dataset.key);
  element.append(kbd);
}

function drawKeys() {
  $$("[data-key]").forEach(keyInside);
  const bar = $("[data-keys]");
  const list = $("[data-keys-dialog] ul");
  $$("span", bar ?? document.createElement("div")).forEach((old) => old.remove());
  list?.replaceChildren();
  for (const element of bar ? $$("[data-key]").filter(visible) : []) {
    const row = document.createElement("li");
    row.append(make("kbd", "", keyShown(element)), make("span", "", labelOf(element)));
    list?.append(row);
    if ("allKeys" in element.dataset) continue;
    const item = make("span", "", labelOf(element));
    item.prepend(make("kbd", "", keyShown(element)));
    bar.lastElementChild.before(item);
  }
}

function step(rows, by) {
  const from = rows.findIndex((row) => row.classList.contains("is-here"));
  const to = Math.min(Math.max(from + by, 0), rows.length - 1);
  rows[from]?.classList.remove("is-here");
  rows[to]?.classList.add("is-here");
  rows[to]?.scrollIntoView({ block: "nearest" });
}

function listKey(key) {
  const rows = $$(".hd-q > li");
  if (!rows.length) return false;
  if (key === "ArrowDown") step(rows, 1);
  else if (key === "ArrowUp") step(rows, -1);
  else if (/^[1-9]$/.test(key) && rows[key - 1]) step(rows, key - 1 - rows.findIndex((row) => row.classList.contains("is-here")));
  else if (key === "Enter" && document.activeElement === document.body) $("a, button", rows.find((row) => row.classList.contains("is-here")) ?? rows[0])?.click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const key = nameOf(event);
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !/^F\d+$/.test(event.key);
  if ((plain && typing(event.target)) || document.querySelector("dialog[open]")) return;
  const element = $$("[data-key]").find((e) => e.dataset.key.toUpperCase() === key.toUpperCase() && !e.disabled && visible(e));
  if (key === "Ctrl+K") $("[data-find]")?.focus();
  else if (element) typing(element) ? element.focus() : element.click();
  else if (!plain || !listKey(event.key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-all-keys]")) $("[data-keys-dialog]")?.showModal();
});
document.addEventListener("DOMContentLoaded", drawKeys);
