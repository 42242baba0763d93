// Keeps the phone's picking page for when there is no network. Only the page and its own files: what is picked lies in the
// page's store, and the API is never answered from here.
"use strict";

const KEPT = "scan";
const PATIENCE = 4000; // after that a weak network counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// All or nothing, so that page and scripts are of one build; a page that leads to the login is none of ours.
async function keep(addresses) {
  const answers = await Promise.all(addresses.map((address) => fetch(address)));
  if (answers.some((answer) => !answer.ok || answer.redirected)) return;
  const cache = await caches.open(KEPT);
  await Promise.all(answers.map((answer, i) => cache.put(addresses[i], answer)));
  for (const old of await cache.keys()) if (!addresses.includes(old.url)) await cache.delete(old);
}

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).then(() => event.source.postMessage("kept"), () => {}));
});

const known = (request) => caches.match(request, { cacheName: KEPT, ignoreSearch: request.mode === "navigate" });

async function page(request) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 500) return answer;
    return (await known(request)) ?? answer;
  } catch {
    return (await known(request)) ?? Response.error();
  }
}

const file = async (request) => (await known(request)) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else if (pathname.startsWith("/ui/")) event.respondWith(file(event.request));
});
