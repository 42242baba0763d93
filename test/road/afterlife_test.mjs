// After the truck: the customer's and the driver's private pages, photos, many returns at once, a record proved from its file
// and one that was altered behind our back.
import { spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faults } from "./ubl.mjs";
import { binary, bothEngines, day } from "./world.mjs";

const UNITS = 40;
const folder = mkdtempSync(join(tmpdir(), "huodan-after-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// What the customer's own system is told: nothing before the goods have left, then a document that keeps its schema.
async function advice(world, check, shipment, quantity) {
  const answer = await world.raw("clerk", "GET", `/shipments/${shipment}/despatch-advice.xml`);
  if (!quantity) return check("nothing left, no advice", answer.status === 409 && answer.body.detail, answer.text);
  const { number, packages, lines } = await world.get("clerk", `/shipments/${shipment}`);
  check("the despatch advice keeps its schema", answer.status === 200 && faults(world, answer.text, "DespatchAdvice") === "", answer.text + faults(world, answer.text, "DespatchAdvice"));
  check("goods nobody weighed have no weight", !answer.text.includes("NetWeightMeasure"), answer.text);
  for (const part of [`<cbc:ID>${number}</cbc:ID>`, `<cbc:ID>${packages[0].sscc}</cbc:ID>`, `<cbc:DeliveredQuantity unitCode="C62">${lines[0].quantity}</cbc:DeliveredQuantity>`, "<cbc:LotNumberID>L&amp;1</cbc:LotNumberID>", "<cbc:ExpiryDate>"])
    check(`the despatch advice has ${part}`, answer.text.includes(part), answer.text);
}

// Approved, picked line by line as told, packed; answers the order and its shipment.
async function packed(world, lines, picked) {
  const order = await world.inReview({ channel: "phone", customer: "C1", delivery_date: day(1), lines });
  await world.post("reviewer", `/reviews/${order.review}/approve`, { version: order.version, overrides: [{ check: "duplicate", reason: "又要" }] });
  await world.post("warehouse", `/orders/${order.id}/confirm-stock`, {});
  const wave = await world.post("warehouse", "/waves", { orders: [order.id] });
  for (const [i, answer] of picked.entries()) await world.post("warehouse", `/picks/${wave.picks[0].id}/lines/${i + 1}`, answer);
  const { shipment } = await world.post("warehouse", `/picks/${wave.picks[0].id}/done`);
  await world.post("warehouse", `/shipments/${shipment}/packages`, { lines: picked.map(({ quantity }, i) => ({ line: i + 1, quantity })) });
  const { version } = await world.get("warehouse", `/shipments/${shipment}`);
  return { id: order.id, number: order.number, shipment, version };
}

// Taken through to the truck.
async function shipped(world, check, quantity) {
  const { version, ...order } = await packed(world, [{ sku: "S1", quantity: String(quantity) }], [{ quantity: String(quantity) }]);
  const { shipment } = order;
  await advice(world, check, shipment, 0);
  await world.post("warehouse", `/shipments/${shipment}/dispatch`, { carrier: "truck1", driver: "李师傅", version });
  await advice(world, check, shipment, quantity);
  return order;
}

// What is billed by the scale is told by the scale too, gross and net of each line; what nobody weighed has no weight.
async function weighedAdvice(world, check) {
  await world.post("admin", "/products", { sku: "F1", name: "冰鲜鲈鱼", base_unit: "箱", catch_weight: true, nominal_kg: "5", price: "20.00", price_unit: "公斤" });
  await world.post("warehouse", "/stock/movements", { sku: "F1", quantity: "9", reason: "receipt", lot: "F", expires: day(60) });
  const { shipment, version } = await packed(world, [{ sku: "F1", quantity: "2" }], [{ quantity: "2", gross_kg: "12", crates: 2, tare_kg: "0.7" }]);
  await world.post("warehouse", `/shipments/${shipment}/dispatch`, { carrier: "truck1", version });
  const { text } = await world.raw("clerk", "GET", `/shipments/${shipment}/despatch-advice.xml`);
  check("with weights it keeps its schema", faults(world, text, "DespatchAdvice") === "", text + faults(world, text, "DespatchAdvice"));
  check("gross and net of the line", text.includes('<cac:Shipment><cbc:ID>1</cbc:ID><cbc:GrossWeightMeasure unitCode="KGM">12</cbc:GrossWeightMeasure><cbc:NetWeightMeasure unitCode="KGM">10.6</cbc:NetWeightMeasure></cac:Shipment></cac:DespatchLine>'), text);
}

const form = (fields, ...files) => {
  const edge = "----edge7";
  const parts = Object.entries(fields).map(([n, v]) => `--${edge}\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`);
  const body = Buffer.concat([Buffer.from(parts.join("")), ...files.flatMap((file) => [Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="photos"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`), file, Buffer.from("\r\n")]), Buffer.from(`--${edge}--\r\n`)]);
  return { body, headers: { "Content-Type": `multipart/form-data; boundary=${edge}`, "Content-Length": body.length } };
};

// The smallest thing that has a JPEG's parts: with a place beside the picture.
const jpeg = Buffer.from("ffd8" + "ffe1000e" + Buffer.from("HOME ADDRESS").toString("hex") + "ffc0000b080010001001011100" + "ffda0008010100003f00" + "1234" + "ffd9", "hex");

async function privatePages(world, check, order) {
  const made = await world.post("clerk", `/orders/${order.id}/page-link`);
  const token = made.path.split("/").at(-1);
  const open = (path, more) => world.raw(null, more?.body ? "POST" : "GET", path, more);
  check("a link has 128 bits", /^[0-9a-f]{32}$/.test(token), made);
  let page = await open(`/o/${token}`);
  check("it opens the order without a login", page.status === 200 && page.body.number === order.number, page.text);
  check("and shows no more of the customer", !page.text.includes("credit"), page.text.slice(0, 200));
  check("before the delivery nothing is rated", (await open(`/o/${token}/rate`, { body: { score: 5 } })).status === 409);

  const driver = await world.post("warehouse", `/shipments/${order.shipment}/driver-link`);
  const load = driver.path.split("/").at(-1);
  check("a driver's link opens no customer's page", (await open(`/o/${load}`)).status === 404);
  check("the driver sees where to go", (await open(`/d/${load}`)).body.address !== null);
  check("arrived", (await open(`/d/${load}/tracking`, { body: { state: "out_for_delivery", place: "门口" } })).status === 200);
  const { version } = (await open(`/d/${load}`)).body;
  check("no version, no signature", (await open(`/d/${load}/receipt`, { body: { signer: "王", lines: [{ line: 1, received: "1" }] } })).status === 428);
  const many = await open(`/d/${load}/receipt`, form({ version, signer: "王", "lines.0.line": 1, "lines.0.received": UNITS, "lines.0.refused": 0 }, ...Array(11).fill(jpeg)));
  check("eleven photos at once are too many", many.status === 413, many.text);
  const signed = await open(`/d/${load}/receipt`, form({ version, signer: "王", "lines.0.line": 1, "lines.0.received": UNITS, "lines.0.refused": 0 }, jpeg));
  check("handed over with a photo", signed.status === 200 && signed.body.state === "delivered", signed.text);
  const shown = await world.get("clerk", `/shipments/${order.shipment}`);
  const photo = await world.raw("clerk", "GET", `/shipments/${order.shipment}/files/${shown.files[0].id}`);
  check("the photo is there, its place is not", photo.status === 200 && !photo.text.includes("HOME"), photo.text.slice(0, 80));

  const problem = await open(`/o/${token}/problem`, form({ kind: "damage", line: 1, summary: "三件压坏", wish: "换" }, jpeg));
  check("a problem with a photo is a case", problem.status === 200 && problem.body.cases.length === 1, problem.text);
  const bad = await open(`/o/${token}/problem`, form({ kind: "damage", summary: "x" }, Buffer.from("<html><script>1</script></html>")));
  check("what is no photo is refused", bad.status === 415, bad.text);
  const big = await open(`/o/${token}/problem`, form({ kind: "damage", summary: "x" }, Buffer.concat([jpeg, Buffer.alloc(11 << 20)])));
  check("what is too large is refused", big.status === 413, big.status);
  page = await open(`/o/${token}`);
  check("neither left a case", page.body.cases.length === 1, page.body.cases);
  check("six points are too many", (await open(`/o/${token}/rate`, { body: { score: 6 } })).status === 422);
  const rated = await open(`/o/${token}/rate`, { body: { score: 4, comment: "快" } });
  check("rated", rated.status === 200 && rated.body.rated && rated.body.score === 4, rated.text);
  const { items } = await world.get("service", `/cases?order=${order.id}`);
  return items[0];
}

// 16 at once want 4 of 40: ten get them.
async function manyReturns(world, check, order) {
  const body = { order: order.id, lines: [{ line: 1, quantity: "4", reason: "压坏" }] };
  const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => world.raw(n % 2 ? "clerk" : "service", "POST", "/returns", { body })));
  const won = answers.filter((a) => a.status === 201);
  check("no more comes back than was delivered", won.length === UNITS / 4, answers.map((a) => a.status));
  check("the others are told why", answers.every((a) => a.status === 201 || a.body?.errors?.[0]?.pointer === "/lines/0/quantity"), answers.find((a) => a.status !== 201)?.text);
  world.command(["verify"]);
  for (const [i, { body: g }] of won.entries()) {
    if (i > 0) { await world.post("service", `/returns/${g.id}/cancel`, { version: g.version, reason: "不退了" }); continue; }
    // one goes the whole way; putting it away twice at the same moment puts it away once
    let { version } = await world.post("service", `/returns/${g.id}/approve`, { version: g.version });
    ({ version } = await world.post("warehouse", `/returns/${g.id}/receive`, { version, lines: [{ line: 1, quantity: "4" }] }));
    const twice = await Promise.all([1, 2, 3, 4].map(() => world.raw("warehouse", "POST", `/returns/${g.id}/inspect`, { body: { version, lines: [{ line: 1, good: "4" }] } })));
    check("inspected once", twice.filter((a) => a.status === 200).length === 1 && twice.every((a) => [200, 409, 412].includes(a.status)), twice.map((a) => a.status));
    const { items: [stock] } = await world.get("clerk", "/stock?sku=S1");
    check("on the shelf once", stock.on_hand === String(100 - UNITS + 4), stock);
    ({ version } = await world.get("service", `/returns/${g.id}`));
    const settled = await Promise.all([1, 2, 3].map(() => world.raw("service", "POST", `/returns/${g.id}/settle`, { body: { version } })));
    check("credited once", settled.filter((a) => a.status === 200).length === 1, settled.map((a) => a.status));
  }
}

async function proved(world, check, order, kase) {
  const { version } = await world.post("service", `/cases/${kase.id}/resolve`, { version: kase.version, decision: "none", note: "道歉" });
  await world.post("service", `/cases/${kase.id}/close`, { version });
  await world.post("service", `/orders/${order.id}/complete`);
  await world.post("admin", `/orders/${order.id}/archive`, {});
  const proof = (await world.raw("admin", "GET", `/orders/${order.id}/proof.json`)).text;
  const file = join(folder, `${world.name}.json`);
  const tried = (text) => { writeFileSync(file, text); return spawnSync(binary, ["verify", "--proof", file], { encoding: "utf8" }); };
  const good = tried(proof);
  check("a proof is checked from its file alone", good.status === 0, good.stdout);
  const parts = JSON.parse(proof);
  for (const [what, change] of [
    ["the record", (p) => { p.record = p.record.replace("三件", "两件").replace(/"total":"\d+/, '"total":"1'); }],
    ["a quantity and its hash", (p) => { p.record = p.record.replace('"line":1', '"line":2'); p.sha256 = "0".repeat(64); }],
    ["the event's time", (p) => { p.event.at += 1; }],
    ["the signature", (p) => { p.signature = p.signature.replace(/^../, p.signature.startsWith("00") ? "11" : "00"); }],
    ["a name", (p) => { p.personal[0].value += "x"; }],
    ["everything", (p) => { for (const k of Object.keys(p)) delete p[k]; }],
  ]) {
    const altered = structuredClone(parts);
    change(altered);
    check(`${what} altered is told`, tried(JSON.stringify(altered)).status === 1);
  }
  check("half a file is told", tried(proof.slice(0, proof.length / 2)).status === 1);
  const wrong = (await world.raw("admin", "GET", "/archive?q=" + encodeURIComponent("苹果"))).body.items;
  check("found by two characters", wrong.some((h) => h.number === order.number), wrong);
}

// 快递100 pushes whole lists, newest first, again and again; anyone may forge one, few may sign it.
async function pushes(world, check) {
  const order = await shipped(world, check, 2);
  const entry = (time, context, statusCode) => ({ time, context, location: "武汉", ...(statusCode && { statusCode }) });
  const push = (body, salt, id = order.shipment) => {
    const param = JSON.stringify(body);
    const bytes = Buffer.from(new URLSearchParams({ param, sign: createHash("md5").update(param + salt).digest("hex").toUpperCase() }).toString());
    return world.raw(null, "POST", `/hooks/kuaidi100/${id}`, { body: bytes, headers: { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": bytes.length } });
  };
  const list = (state, ...data) => ({ status: "polling", lastResult: { state, nu: "", data } });
  const one = entry("2026-11-24 08:00:00", "已揽收", "103"), two = entry("2026-11-24 12:00:00", "到武汉", "1002"), three = entry("2026-11-24 18:00:00", "派送中");
  check("no salt, no push", (await push(list("0", one), "")).status === 403);
  await world.post("admin", "/settings", { name: "kuaidi100.salt", value: "pepper" }, 200, 201, 204);
  check("a forged push is refused", (await push(list("0", one), "salt")).status === 403);
  const first = await push(list("0", two, one), "pepper");
  check("a push is answered as it wants", first.status === 200 && first.body.result === true && first.body.returnCode === "200", first.text);
  await push(list("0", two, one), "pepper");
  await push(list("5", three, two, one), "pepper");
  await push(list("0", two, one), "pepper"); // an old one comes late
  let s = await world.get("clerk", `/shipments/${order.shipment}`);
  check("each word counts once, whatever comes again", s.tracking.length === 3, s.tracking);
  check("and the newest stands", s.track_state === "out_for_delivery", s.track_state);
  await push(list("77", entry("2026-11-24 19:00:00", "火星中转", "7777"), three, two, one), "pepper");
  s = await world.get("clerk", `/shipments/${order.shipment}`);
  check("an invented state is no arrival", s.state === "dispatched" && s.track_state === "in_transit", s.track_state);
  check("nonsense is no crash", (await push([1, 2], "pepper")).status === 422 && (await push({ status: 7, lastResult: { data: "x" } }, "pepper")).status === 200);
  check("a shipment that is none", (await push(list("0", one), "pepper", 1)).status === 404);
  await push({ status: "abort", message: "3天查询无记录" }, "pepper");
  check("given up: a clerk is asked", JSON.stringify(await world.get("clerk", "/tasks?role=clerk")).includes("3天查询无记录"));

  await world.post("admin", "/settings", { name: "hooks.secret", value: "quiet" }, 200, 201, 204);
  const call = (id, at, body, secret = "quiet") => {
    const text = JSON.stringify(body);
    const signature = "v1," + createHmac("sha256", secret).update(`${id}.${at}.${text}`).digest("base64");
    return world.raw(null, "POST", "/hooks/sf/tracking", { body, headers: { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signature } });
  };
  const now = Math.floor(Date.now() / 1000), word = { tracking_number: "NONE1", state: "delivered", at: "2026-11-24T10:00:00Z" };
  check("a call with a wrong secret", (await call("m1", now, word, "loud")).status === 403);
  check("an old call", (await call("m1", now - 3600, word)).status === 403);
  check("a number nobody has", (await call("m1", now, word)).status === 404);
}

async function guessing(world, check) {
  const tries = [];
  for (let i = 0; i < 25; i++) tries.push((await world.raw(null, "GET", `/o/${"0123456789abcdef".repeat(2)}`)).status);
  check("guesses are refused, then slowed", tries[0] === 404 && tries.at(-1) === 429 && tries.every((s) => [404, 429].includes(s)), tries);
}

bothEngines("afterlife", ["clerk", "reviewer", "warehouse", "service", "admin"], async (world, check) => {
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂", phone: "027-1", address: "荷塘路 1 号", credit_limit: "9999999.00", credit_days: 30 });
  await world.post("admin", "/products", { sku: "S1", name: "红富士苹果", base_unit: "件", price: "10.00" });
  await world.post("warehouse", "/stock/movements", { sku: "S1", quantity: "100", reason: "receipt", lot: "L&1", expires: day(60) });
  const order = await shipped(world, check, UNITS);
  const kase = await privatePages(world, check, order);
  await manyReturns(world, check, order);
  await proved(world, check, order, kase);
  await pushes(world, check);
  await weighedAdvice(world, check);
  await guessing(world, check);
});
