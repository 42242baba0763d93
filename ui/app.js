// The scripts of every page; everything works without them too. This one: forms without a reload, the menu, light and dark.
//
//   <form method="post">      answered as JSON: bad fields are marked where they stand; data-plain: the browser's own way
//   data-then="/orders"       where to go after it, instead of the answer's Location or this page again
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

// ---- notices ----

function toast(text, bad) {
  const box = $("[data-toasts]");
  const note = make("div", bad ? "hd-toast is-bad" : "hd-toast", text);
  box?.append(note);
  setTimeout(() => note.remove(), 6000);
}

// What scrolls sideways can be reached and scrolled by keyboard too (WCAG 2.1.1).
function reachable() {
  for (const box of $$(".hd-scroll")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
document.addEventListener("DOMContentLoaded", reachable);
addEventListener("resize", reachable);

// ---- forms ----

// The field a problem points at: "/lines/0/sku" is the field named lines.0.sku.
const fieldAt = (form, pointer) => form.elements.namedItem(pointer.slice(1).replaceAll("/", "."));

function showErrors(form, problem) {
  const elsewhere = [];
  for (const error of problem.errors ?? []) {
    const field = fieldAt(form, error.pointer);
    if (!(field instanceof Element) || field.type === "hidden") {
      elsewhere.push(`${error.pointer.slice(1)} ${error.detail}`);
      continue;
    }
    const note = make("span", "hd-err", error.detail);
    note.id = `err-${error.pointer.slice(1).replaceAll("/", "-")}`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", note.id);
    field.after(note);
  }
  if (elsewhere.length || !problem.errors?.length) {
    const note = make("p", "hd-note is-bad", [problem.detail ?? problem.title, ...elsewhere].join(" · "));
    note.setAttribute("role", "alert");
    note.dataset.formError = "";
    form.prepend(note);
  }
  $('[aria-invalid="true"]', form)?.focus();
}

function clearErrors(form) {
  $$(".hd-err, [data-form-error]", form).forEach((note) => note.remove());
  $$('[aria-invalid="true"]', form).forEach((field) => {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
}

// The page of an API address: where the browser goes after the change.
const pageOf = (address) => address.replace(/^\/api\/v1/, "") || "/";

// What the browser would send, to where it would; only the answer is for us. By attributes: form.method is the field of
// that name where there is one.
function send(form, button) {
  const data = new FormData(form, button);
  const body = form.getAttribute("enctype") === "multipart/form-data" ? data : new URLSearchParams(data);
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  return fetch(action, { method: "POST", headers: { Accept: "application/json" }, body, credentials: "same-origin" });
}

async function submit(form, button) {
  if (form.getAttribute("aria-busy") === "true") return;
  const answering = send(form, button); // before the button is disabled, or its value is not sent
  const buttons = $$("button", form).filter((b) => !b.disabled);
  form.setAttribute("aria-busy", "true");
  buttons.forEach((b) => (b.disabled = true));
  clearErrors(form);
  try {
    const answer = await answering;
    if (answer.ok) return location.assign(form.dataset.then ?? pageOf(answer.headers.get("Location") ?? location.pathname + location.search));
    showErrors(form, await answer.json());
    renewKey(form);
  } catch {
    toast($("[data-toasts]")?.dataset.retry ?? "", true); // the same key again: the server answers once
  }
  buttons.forEach((b) => (b.disabled = false));
  form.removeAttribute("aria-busy");
}

// A refused form is another request once it is mended.
function renewKey(form) {
  const field = form.elements.idempotency_key;
  if (field) field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || "plain" in form.dataset) return;
  event.preventDefault();
  submit(form, event.submitter);
});

// ---- check boxes ----

// What is typed into a row ticks it; one box ticks all of its form.
document.addEventListener("input", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (all) $$('[type="checkbox"]', all.form).forEach((box) => (box.checked = all.checked));
  else if (event.target.type !== "checkbox" && event.target.value) $$("[data-tick]", event.target.closest("tr") ?? document.createElement("i")).forEach((box) => (box.checked = true));
});

// Two buttons share one field: Enter in it presses the one that asked for it, not simply the first of the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button"), form = button?.form;
  if (!form || !("remember" in form.dataset)) return;
  const byEnter = event.isTrusted && event.detail === 0 && document.activeElement !== button;
  if (!byEnter) form.asked = button;
  else if (form.asked && form.asked !== button) {
    event.preventDefault();
    form.requestSubmit(form.asked);
  }
});

// ---- menu, light and dark ----

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-next]")) {
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = next;
    localStorage.setItem("theme", next);
  }
  for (const menu of $$("details.hd-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
