// Live parts: <section id="x" data-live="order.approved order.rejected"> is renewed when such an event comes (data-live="":
// any), by fetching this page again and taking that element from it. And the company's clock.
"use strict";

let renewing = 0;

async function renew(elements) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const element of elements) {
    const fresh = page.getElementById(element.id);
    // What someone is typing in stays.
    if (fresh && !element.contains(document.activeElement)) element.replaceWith(document.adoptNode(fresh));
  }
  drawKeys();
}

function hear(event) {
  const concerned = $$("[data-live]").filter((e) => e.id && (e.dataset.live === "" || e.dataset.live.split(" ").includes(event.type)));
  if (!concerned.length || renewing) return;
  renewing = setTimeout(() => {
    renewing = 0;
    renew(concerned.filter((e) => e.isConnected)).catch(() => {});
  }, 400); // several events of one change are one look
}

function listen() {
  if (!$("[data-live]")) return;
  const stream = new EventSource("/api/v1/events");
  const kinds = new Set($$("[data-live]").flatMap((e) => e.dataset.live.split(" ")).filter(Boolean));
  ["message", ...kinds].forEach((kind) => stream.addEventListener(kind, hear));
  stream.addEventListener("notice", (event) => toast(event.data));
}

// ---- the company's clock, by the server's time and zone ----

function tick(clock, skew) {
  const here = new Date(Date.now() + skew + Number(clock.dataset.clock) * 1000);
  clock.textContent = here.toISOString().slice(11, 16);
}

document.addEventListener("DOMContentLoaded", () => {
  const clock = $("[data-clock]");
  if (clock) {
    const skew = Date.parse(clock.dateTime) - Date.now();
    setInterval(tick, 5000, clock, skew);
  }
  listen();
});
