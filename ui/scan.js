// The phone's picking page: one line big, the scan field always ready. A scanner types and ends with Enter; where there is none the
// camera reads. What does not fit fills the screen red until it is acknowledged, by hand or by the right scan.
"use strict";

const LOOK_MS = 150, GONE_LOOKS = 8; // a label the camera goes on seeing is one scan, until it was out of sight for so many looks

const page = document.querySelector("[data-scan]"), words = page.dataset;
const $ = (selector) => document.querySelector(selector);
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
const fill = (text, ...args) => text.replace(/\{(\d)\}/g, (_, n) => args[n]);
const show = (selector, on) => { $(selector).hidden = !on; };
const form = $("[data-form]"), field = form.elements.scan, less = $("[data-short]"), alarm = $("[data-alarm]");

let walk = null;   // of the wave being picked
let asked = null;  // a line the picker went back to
let here = null;   // the line on the screen
let waiting = [], trouble = [];
let troubles = 0; // how many of them the picker has heard

// ---- sound and vibration ----

let audio = null, alarming = null;

function tone(hertz, seconds) {
  try {
    audio ??= new AudioContext();
    const source = audio.createOscillator();
    source.type = "square";
    source.frequency.value = hertz;
    source.connect(audio.destination);
    source.start();
    source.stop(audio.currentTime + seconds);
  } catch { /* a phone without sound still shakes and turns red */ }
}

function good() {
  tone(1400, 0.08);
  navigator.vibrate?.(40);
}

function bad() {
  tone(320, 0.5);
  navigator.vibrate?.([300, 120, 300]);
}

function sound(text, line, plain = "") {
  $("[data-alarm-words]").textContent = text;
  $("[data-alarm-goods]").textContent = line ? `${line.location} ${line.name} ${line.sku}` : "";
  show("[data-alarm-right]", line);
  $("[data-alarm-plain]").href = plain;
  show("[data-alarm-plain]", plain);
  alarm.hidden = false;
  $("[data-alarm-off]").focus();
  clearInterval(alarming);
  alarming = setInterval(bad, 1500);
  bad();
}

function quiet() {
  clearInterval(alarming);
  alarm.hidden = true;
  ready();
}

// ---- where we are ----

const plainPage = ({ pick, line }) => `/picks/${pick}?line=${line}`;
const sameLine = (a, b) => a && b && a.pick === b.pick && a.line === b.line;
const inQueue = (line) => waiting.findLast((item) => item.kind === "line" && item.by === me && sameLine(item, line));
const answerOf = (line) => inQueue(line)?.body ?? (line.picked === null ? null : { quantity: line.picked, reason: line.short_reason });
const beingSent = (pick) => waiting.some((item) => item.kind === "done" && item.by === me && item.pick === pick);
const open = () => walk.lines.filter((line) => !beingSent(line.pick));

// ---- drawing ----

function drawNet() {
  const mine = waiting.filter((item) => item.by === me).length, others = waiting.length - mine;
  const text = net === "sign-in" ? fill(words.netSignIn, mine)
    : net === "lost" ? (mine ? fill(words.netLost, mine) : words.netLostNone)
    : mine ? fill(words.netSending, mine) : words.netOk;
  $("[data-net-words]").textContent = others ? `${text} · ${fill(words.netOther, others)}` : text;
  $("[data-net]").dataset.net = net === "ok" && mine ? "sending" : net;
  show("[data-sign-in]", net === "sign-in");
}

function drawTrouble() {
  const told = trouble.filter((t) => t.code !== "WRONG_SCAN");
  $("[data-trouble-list]").replaceChildren(...told.map((t) => {
    const row = make("li", "", t.detail);
    row.append(make("small", "", [...new Set(t.names)].join("，") + (t.names.length > 1 ? ` · ${fill(words.troubleN, t.names.length)}` : "")));
    if (t.fields) row.append(Object.assign(make("a", "btn", words.plain), { href: plainPage(t) })); // what this page does not ask for
    return row;
  }));
  show("[data-trouble]", told.length);
  if (told.length > troubles) bad();
  troubles = told.length;
}

function drawLine(line) {
  $("[data-location]").textContent = line.location;
  $("[data-name]").textContent = line.name;
  $("[data-sku]").textContent = line.sku;
  $("[data-lot-line]").textContent = line.lot || line.expires ? `${words.lot} ${line.lot ?? ""} ${line.expires ?? ""}` : "";
  $("[data-amount]").textContent = line.split ?? `${line.quantity} ${line.unit}`;
  $("[data-base]").textContent = line.split ? `= ${line.quantity} ${line.unit}` : "";
  $("[data-sum]").textContent = line.weighed ? fill(words.weighed, line.weighed, amount(line.quantity - line.counted), line.unit) : "";
  $("[data-crate-n]").textContent = fill(words.crate, line.crate);
  $("[data-customer]").textContent = line.customer;
}

function walked(line) {
  const answer = answerOf(line), row = make("li", answer?.reason ? "is-warn" : ""), what = make("span", "");
  const back = make("button", "btn btn-link", line.name);
  back.type = "button";
  back.addEventListener("click", () => { asked = line; next(draw); });
  what.append(back, make("small", "", [line.customer, line.lot, answer?.reason].filter(Boolean).join(" · ")));
  const n = make("span", "num", line.split ?? `${line.quantity} ${line.unit}`);
  if (answer) n.append(make("small", "hd-ok", `${inQueue(line) ? "…" : "✓"} ${answer.quantity} ${line.unit}`));
  row.append(make("b", "hd-nw", line.location), what, n);
  return row;
}

function drawWaves(waves) {
  $("[data-waves]").replaceChildren(...waves.map((wave) => {
    const row = make("li", ""), go = make("button", "btn", wave.number);
    go.type = "button";
    const sent = waiting.some((item) => item.kind === "done" && item.wave === wave.id);
    const text = sent ? words.waveSent : fill(wave.orders > 1 ? words.waveLine : words.waveOne, wave.customer, wave.orders, wave.answered, wave.lines);
    go.append(make("small", "", text));
    go.addEventListener("click", () => next(() => begin(wave.id)));
    row.append(go);
    return row;
  }));
  show("[data-no-waves]", !waves.length);
}

function view(name) {
  for (const section of document.querySelectorAll("[data-view]")) section.hidden = section.dataset.view !== name;
  show("[data-back]", walk);
  show("[data-plain-page]", !walk);
  show("[data-less]", name === "line");
  show("[data-walked-box]", walk);
  form.hidden = !less.hidden;
  $("[data-field-label]").textContent = walk ? words.field : words.fieldWave;
  $("[data-count]").textContent = walk ? `${open().filter(answerOf).length}/${open().length}` : "";
}

async function drawWalk() {
  const lines = open();
  if (!lines.length) return leave(); // all of it is with the packers, or was taken back
  here = lines.find((line) => sameLine(line, asked)) ?? lines.find((line) => !answerOf(line)) ?? null;
  if (here) drawLine(here);
  $("[data-walked]").replaceChildren(...lines.map(walked));
  view(here ? "line" : "end");
}

// Everything is read from the store each time: what is not there is not so.
async function draw() {
  waiting = await all("queue");
  trouble = (await all("trouble")).filter((t) => t.by === me);
  drawNet();
  drawTrouble();
  if (walk) walk = await kept(`walk/${walk.id}`);
  if (walk) await drawWalk();
  else {
    drawWaves((await kept("waves")) ?? []);
    view("waves");
  }
  tellWrong();
  ready();
}

// The server has read a label more closely than the phone: the goods in hand are wrong.
function tellWrong() {
  const wrong = trouble.find((t) => t.code === "WRONG_SCAN");
  if (wrong && alarm.hidden) sound(wrong.detail, here);
}

function ready() {
  if (alarm.hidden && less.hidden) field.focus({ preventScroll: true });
}

// ---- waves ----

// What is on the phone is shown at once, what changed a moment later.
async function begin(id) {
  const fresh = inTurn(() => fetchWalk(id)).then(tell);
  walk = await kept(`walk/${id}`);
  if (!walk) {
    await fresh;
    walk = await kept(`walk/${id}`);
  }
  await keep("here", walk ? id : null);
  if (walk) await draw();
  else sound(words.notHere, null);
}

async function leave() {
  walk = asked = here = null;
  await keep("here", null);
  await draw();
  void inTurn(fetchAll);
}

async function beginBy(number) {
  const waves = (await kept("waves")) ?? [], wave = number ? waves.find((w) => w.number === number) : waves[0];
  if (wave) return begin(wave.id);
  return number && sound(fill(words.unknownWave, number), null);
}

// ---- a scan ----

const amount = (n) => String(Math.round(n * 1000) / 1000);

async function put(items) {
  await enqueue(items);
  asked = null;
  good();
  if (!alarm.hidden) quiet();
  await draw();
  void send();
}

const tally = (line, sum) => change(`walk/${walk.id}`, (w) => ({ ...w, lines: w.lines.map((l) => (sameLine(l, line) ? { ...l, ...sum } : l)) }));

// The labels of a line that is answered are spent: picked again, it is weighed again.
async function answerWith(line, body) {
  const item = { kind: "line", wave: walk.id, pick: line.pick, line: line.line, name: line.name, path: `/picks/${line.pick}/lines/${line.line}` };
  await tally(line, { weighed: 0, counted: 0 });
  await put([{ ...item, body: { ...body, if_open: true } }]);
}

// The labels of several boxes add up to what is asked.
async function weigh(line, sum) {
  await tally(line, sum);
  good();
  if (!alarm.hidden) quiet();
  await draw();
}

// With one label more; null where the label tells no weight or it does not matter. Of goods that are counted a label is as many
// as its weight makes.
function weighedWith(line, kg) {
  const byWeight = /^(公斤|千克|kg)$/i.test(line.unit);
  if (!kg || !(byWeight || line.nominal_kg)) return null;
  const count = byWeight ? kg : Math.max(1, Math.round(kg / Number(line.nominal_kg)));
  return { weighed: Number(amount(line.weighed + kg)), counted: Number(amount(line.counted + count)) };
}

const netOf = (line, sum) => (line.nominal_kg && sum.weighed ? { net_kg: amount(sum.weighed) } : {});
const unweighed = (line, sum) => line.nominal_kg && !sum && (line.must_weigh || line.weighed > 0);

async function pickBy(code) {
  const scan = readScan((await kept("labels")) ?? [], code), fault = scanFault(walk, here, scan);
  const sum = fault ? null : weighedWith(here, scan.kg);
  if (sum && sum.counted < Number(here.quantity)) return weigh(here, sum);
  if (!fault && unweighed(here, sum)) return sound(words.weighFirst, here, plainPage(here));
  if (!fault) return answerWith(here, { quantity: here.quantity, scan: code, ...netOf(here, sum ?? {}) });
  const args = { wrong: [scan?.text], wrongLot: [scan?.lot, here.lot], wrongExpired: [scan?.expires] };
  return sound(fill(words[fault], ...(args[fault] ?? [])), here);
}

// The orders go in the sequence of their crates.
function finish() {
  const picks = [...new Map(open().map((line) => [line.pick, line])).values()].sort((a, b) => a.crate - b.crate);
  return put(picks.map((line) => ({ kind: "done", wave: walk.id, pick: line.pick, name: line.customer, path: `/picks/${line.pick}/done`, body: {} })));
}

async function acknowledge() {
  const wrong = trouble.filter((t) => t.code === "WRONG_SCAN");
  await inStore((at) => wrong.forEach((t) => at("trouble").delete(t.seq)));
  quiet();
  await draw();
}

async function take(code) {
  if (!alarm.hidden && !code) return acknowledge();
  if (!alarm.hidden && trouble.some((t) => t.code === "WRONG_SCAN")) await acknowledge();
  if (!walk) return beginBy(code);
  if (!here) return finish();
  return code ? pickBy(code) : undefined;
}

// Two customers' lines of the same goods follow each other: a scanner that fires twice must not answer both. No hand is that fast.
const TWICE_MS = 400;
let heard = { code: "", at: 0 };
const twice = (code) => code === heard.code && performance.now() - heard.at < TWICE_MS;

// Scans come faster than the store answers: each is dealt with after the one before.
let turn = Promise.resolve();
const next = (work) => (turn = turn.then(work).catch((error) => sound(fill(words.notKept, error.message), here)));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim();
  field.value = "";
  if (code && twice(code)) return;
  heard = { code, at: performance.now() };
  next(() => take(code));
});

// Scanners send the separator as Ctrl+]; whatever has the focus, what a scanner types goes to its field.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "]") {
    event.preventDefault();
    field.setRangeText(GS, field.selectionStart, field.selectionEnd, "end");
  } else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.target.closest("input")) {
    field.focus();
  }
});

// ---- less than asked ----

function openLess(on) {
  less.hidden = !on;
  form.hidden = on;
  show("[data-short-wrong]", false);
  if (!on) return ready();
  asked = here; // it stays on the screen, whatever is answered meanwhile
  $("[data-short-unit]").textContent = here.unit;
  less.elements.quantity.value = amount(here.counted);
  less.elements.quantity.select();
}

function wrongLess(quantity) {
  if (!/^\d+(\.\d{1,3})?$/.test(quantity) || Number(quantity) >= Number(here.quantity)) return fill(words.rightMax, here.quantity);
  return Number(quantity) && here.must_weigh && !here.weighed ? words.weighFirst : "";
}

function answerLess(reason) {
  const quantity = less.elements.quantity.value.trim().replace("，", ".").replace("。", "."), wrong = wrongLess(quantity), line = here;
  $("[data-short-wrong]").textContent = wrong;
  show("[data-short-wrong]", wrong);
  if (wrong) return undefined;
  openLess(false);
  return next(() => answerWith(line, { quantity, reason, ...(Number(quantity) ? netOf(line, line) : {}) }));
}

less.addEventListener("submit", (event) => {
  event.preventDefault();
  if (document.activeElement === event.submitter) answerLess(event.submitter.value); // Enter in the field chooses no reason
});

// ---- the camera ----

let camera = null;

async function look(detector, video) {
  let last = "", gone = 0;
  while (camera) {
    const [found] = await detector.detect(video).catch(() => []), code = found?.rawValue ?? "";
    gone = code ? 0 : gone + 1;
    if (gone > GONE_LOOKS) last = "";
    if (code && code !== last) {
      last = code;
      next(() => take(code));
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function toggleCamera() {
  const video = $("[data-video]");
  camera?.getTracks().forEach((track) => track.stop());
  camera = camera ? null : await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  video.hidden = !camera;
  video.srcObject = camera;
  ready();
  if (!camera) return;
  await video.play();
  void look(new BarcodeDetector(), video);
}

// ---- buttons, and the beginning ----

function toggleKeyboard(button) {
  const on = field.inputMode === "none";
  field.inputMode = on ? "text" : "none";
  button.setAttribute("aria-pressed", String(on));
  field.blur();
  ready();
}

const buttons = {
  "[data-back]": () => next(leave), "[data-refresh]": () => inTurn(fetchAll), "[data-send-all]": () => next(finish), "[data-alarm-off]": () => next(acknowledge),
  "[data-less]": () => openLess(true), "[data-short-off]": () => openLess(false), "[data-camera]": toggleCamera, "[data-keyboard]": () => toggleKeyboard($("[data-keyboard]")),
  "[data-trouble-ok]": () => next(async () => {
    await inStore((at) => trouble.filter((t) => t.code !== "WRONG_SCAN").forEach((t) => at("trouble").delete(t.seq)));
    await draw();
  }),
};
for (const [selector, press] of Object.entries(buttons)) $(selector).addEventListener("click", press);
document.addEventListener("click", (event) => { if (!event.target.closest("input, button, a")) ready(); });

// The worker keeps the files this page is made of. Browsers give one only to https and to this machine itself.
async function stay() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/ui/scan-sw.js", { scope: "/scan" });
  const { active } = await navigator.serviceWorker.ready;
  const files = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map((file) => file.src ?? file.href);
  navigator.serviceWorker.addEventListener("message", (event) => { page.dataset.stays = event.data; });
  active.postMessage({ keep: [new URL("/scan", location).href, ...files] });
}

async function start() {
  show("[data-camera]", "BarcodeDetector" in window && navigator.mediaDevices);
  const id = await kept("here");
  walk = id ? await kept(`walk/${id}`) : null;
  await draw();
  listeners.add(() => next(draw));
  void navigator.storage?.persist?.();
  void send();
  void inTurn(fetchAll);
  await stay().catch(() => {}); // without it the page works, but not from a cold start without a network
}

opened.then(start, () => view("none"));
