// The scripts of every page; everything works without them too. This one: forms without a reload, the menu, light and dark.
//
//   <form method="post">      sent as JSON; bad fields are marked where they stand; data-plain: the browser's own way
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

// ---- forms ----

// "lines/0/sku" names a place in the JSON body: "/lines/0/sku" is its pointer.
function setAt(body, name, value) {
  const steps = name.split("/");
  let at = body;
  steps.slice(0, -1).forEach((step, i) => (at = at[step] ??= /^\d+$/.test(steps[i + 1]) ? [] : {}));
  at[steps.at(-1)] = value;
}

// Strings as they are (the server reads decimals from strings); checkboxes as booleans; nothing for empty fields.
function bodyOf(form, button) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.name === "csrf" || field.name === "idempotency_key") continue;
    if (field.type === "checkbox") setAt(body, field.name, field.checked);
    else if (field.type === "radio" ? field.checked : field.tagName !== "BUTTON" && field.value !== "") setAt(body, field.name, field.value);
  }
  if (button?.name) setAt(body, button.name, button.value);
  return body;
}

function showErrors(form, problem) {
  const elsewhere = [];
  for (const error of problem.errors ?? []) {
    const field = form.elements.namedItem(error.pointer.slice(1));
    if (!(field instanceof Element)) {
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

async function send(form, button) {
  const headers = { Accept: "application/json", "X-CSRF-Token": form.elements.csrf?.value ?? "" };
  const key = form.elements.idempotency_key?.value;
  if (key) headers["Idempotency-Key"] = key;
  let body;
  if ($('input[type="file"]', form)) body = new FormData(form, button);
  else {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(bodyOf(form, button));
  }
  const action = new URL(button?.formAction && button.hasAttribute("formaction") ? button.formAction : form.action);
  return fetch(`/api/v1${action.pathname}${action.search}`, { method: "POST", headers, body, credentials: "same-origin" });
}

async function submit(form, button) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const buttons = $$("button", form).filter((b) => !b.disabled);
  buttons.forEach((b) => (b.disabled = true));
  clearErrors(form);
  try {
    const answer = await send(form, button);
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
  if (form.method !== "post" || "plain" in form.dataset) return;
  event.preventDefault();
  submit(form, event.submitter);
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
