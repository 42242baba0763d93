// The phone's own store, and the sender. A scan counts for the picker once it lies in IndexedDB; there it stays, with an idempotency
// key of its own, until the server has answered it. What waits is sent one by one, in order, by whoever scanned it.
"use strict";

const ANSWER_MS = 10000; // longer than that is no answer
const AGAIN_MS = 3000;

const me = Number(document.querySelector("[data-scan]").dataset.me);
const listeners = new Set();
let net = "ok"; // ok, lost, sign-in

// ---- the store: queue (scans not yet answered), trouble (those refused), kept (waves, walks, labels) ----

const whole = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });

const opened = (() => {
  const request = indexedDB.open("huodan-scan", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
    request.result.createObjectStore("trouble", { keyPath: "seq", autoIncrement: true });
    request.result.createObjectStore("kept");
  };
  return whole(request);
})();

// Everything in `work` or nothing, and on the disk before it returns.
async function inStore(work) {
  const tx = (await opened).transaction(["queue", "trouble", "kept"], "readwrite", { durability: "strict" });
  const over = new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = tx.onerror = () => reject(tx.error); });
  const result = await work((name) => tx.objectStore(name));
  await over;
  return result;
}

const all = (name) => inStore((at) => whole(at(name).getAll()));
const kept = (key) => inStore((at) => whole(at("kept").get(key)));
// What is kept is read and written in one transaction: an answer that arrives meanwhile is not undone.
const change = (key, to) => inStore(async (at) => whole(at("kept").put(to(await whole(at("kept").get(key))), key)));
const keep = (key, value) => change(key, () => value);

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

// { kind: "line" | "done", wave, pick, line, path, body, name }
const enqueue = (items) => inStore((at) => Promise.all(items.map((item) => whole(at("queue").add({ ...item, key: newKey(), by: me })))));

// ---- what one answer changes ----

// Of a wave's walk a pick that is done has nothing left; an answered line knows what was picked.
function walkAfter(walk, item) {
  if (item.kind === "done") return { ...walk, lines: walk.lines.filter((l) => l.pick !== item.pick) };
  const mine = (l) => l.pick === item.pick && l.line === item.line;
  return { ...walk, lines: walk.lines.map((l) => (mine(l) ? { ...l, picked: item.body.quantity, short_reason: item.body.reason ?? null } : l)) };
}

const settle = (item) => inStore(async (at) => {
  const key = `walk/${item.wave}`, walk = await whole(at("kept").get(key));
  if (walk) await whole(at("kept").put(walkAfter(walk, item), key));
  await whole(at("queue").delete(item.seq));
});

// A pick whose line was refused is not done yet. Scans refused for one and the same reason are told once.
const refuse = (item, problem) => inStore(async (at) => {
  const waiting = await whole(at("queue").getAll()), told = await whole(at("trouble").getAll());
  const detail = [problem.detail ?? problem.title, ...(problem.errors ?? []).map((e) => e.detail)].join(" · ");
  const same = told.find((t) => t.pick === item.pick && t.detail === detail) ?? { by: me, pick: item.pick, wave: item.wave, line: item.line, code: problem.code, detail, names: [],
    fields: problem.errors?.length > 0 };
  if (item.name) same.names.push(item.name);
  await whole(at("trouble").put(same));
  await whole(at("queue").delete(item.seq));
  for (const other of waiting) if (other.kind === "done" && other.pick === item.pick) await whole(at("queue").delete(other.seq));
});

// ---- sending ----

let chain = Promise.resolve();
let timer = null;
// Sending and fetching take turns: a walk fetched before an answer must not be kept after it.
const inTurn = (work) => (chain = chain.then(work, work));
const tell = () => listeners.forEach((changed) => changed());

function lost() {
  net = "lost";
  clearTimeout(timer);
  timer = setTimeout(send, AGAIN_MS);
  return null;
}

// The parsed answer with its status; null where the network or the server could give none.
async function call(method, path, body, key) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.status === 429 || answer.status >= 500) return lost();
    const data = await answer.json();
    net = answer.status === 401 ? "sign-in" : "ok";
    return { ok: answer.ok, status: answer.status, data };
  } catch {
    return lost(); // no answer, or one that is not ours, as of a hotel's login page
  }
}

async function sendFirst() {
  const item = (await all("queue")).find((i) => i.by === me);
  if (!item) {
    if (net === "lost") await fetchWaves(); // nothing to send: only whether the network is back
    return false;
  }
  const answer = await call("POST", item.path, item.body, item.key);
  if (!answer || answer.status === 401) return false;
  if (answer.ok) {
    await settle(item);
    if (item.kind === "done") await fetchWaves();
  } else {
    await refuse(item, answer.data);
    if (item.wave) await fetchWalk(item.wave);
  }
  tell();
  return true;
}

async function sendAll() {
  while (await sendFirst()) /* one by one */;
  tell();
}

const send = () => inTurn(sendAll);

// ---- what is to be picked ----

async function fetchInto(key, path, shape = (data) => data) {
  const answer = await call("GET", path);
  if (answer?.ok) await change(key, (before) => shape(answer.data, before));
  return answer;
}

// What the labels of half-weighed lines added up to (kilograms, and how much of the goods that is) is known to the phone alone.
function withWeights(walk, before) {
  for (const l of walk.lines) {
    const { weighed = 0, counted = 0 } = before?.lines.find((b) => b.pick === l.pick && b.line === l.line) ?? {};
    Object.assign(l, { weighed, counted });
  }
  return walk;
}

const fetchWalk = (wave) => fetchInto(`walk/${wave}`, `/scan/waves/${wave}`, withWeights);

const fetchWaves = () => fetchInto("waves", "/scan", (data) => data.items);

let labelled = false; // the dictionary is asked for once per page

// The waves there are, and so many walks that a picker can begin any of them without a network.
async function fetchAll() {
  if (!labelled) labelled = (await fetchInto("labels", "/scan/labels", (data) => data.items))?.ok ?? false;
  const answer = await fetchWaves();
  for (const wave of answer?.ok ? answer.data.items.slice(0, 20) : [])
    if (net === "ok") await fetchWalk(wave.id);
  tell();
}

addEventListener("online", send);
addEventListener("offline", () => { lost(); tell(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
