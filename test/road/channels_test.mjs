// The same ten-line order by every channel makes equal orders, and twice by any of them stays one; and what is not as it
// should be (wrong signatures, replays, broken and bomb-like files) is an answer, never a failure. On both engines.
import { createHmac } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { deflateRawSync, crc32 } from "node:zlib";
import { dovecot, dovecotThere } from "./dovecot.mjs";
import { until } from "./peers.mjs";
import { faults } from "./ubl.mjs";
import { bothEngines, day } from "./world.mjs";

const goods = Array.from({ length: 10 }, (_, i) => ({ sku: `CH${100 + i}`, name: `${"甲乙丙丁戊己庚辛壬癸"[i]}字菜`, quantity: String(i + 2), unit: i % 2 ? "公斤" : "件" }));

// ---- a signed document ----

function signed(secret, body, { id = "m1", at = Math.floor(Date.now() / 1000), wrong = false } = {}) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${wrong ? mac.split("").reverse().join("") : mac}` };
}

const document = (number, customer) => JSON.stringify({ order: { no: number, buyer: customer, day: day(1) },
  items: goods.map((g) => ({ sku: g.sku, n: Number(g.quantity), uom: g.unit })) });
const paths = { external_id: "order.no", customer: "order.buyer", delivery_date: "order.day", lines: "items", sku: "sku", quantity: "n", unit: "uom" };

// ---- a file ----

function form(name, bytes, fields = {}) {
  const edge = "xXedgeXx", parts = Object.entries(fields).map(([k, v]) => `--${edge}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`);
  return { headers: { "Content-Type": `multipart/form-data; boundary=${edge}` }, body: Buffer.concat([Buffer.from(parts.join("")),
    Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
    Buffer.from(bytes), Buffer.from(`\r\n--${edge}--\r\n`)]) };
}

const list = () => ["订货单,,,", "品名,数量,单位,备注", ...goods.map((g) => `${g.name},${g.quantity},${g.unit},`), "合计,65,,"].join("\r\n");

// One entry, stored or deflated, as a whole archive.
function zip(name, content) {
  const raw = Buffer.from(content), packed = deflateRawSync(raw), crc = crc32(raw), file = Buffer.from(name);
  const head = (signature, more) => {
    const b = Buffer.alloc(signature === 0x04034b50 ? 30 : 46);
    b.writeUInt32LE(signature, 0);
    const at = signature === 0x04034b50 ? 4 : 6;
    b.writeUInt16LE(20, at); b.writeUInt16LE(8, at + 4);
    b.writeUInt32LE(crc, at + 10); b.writeUInt32LE(packed.length, at + 14); b.writeUInt32LE(raw.length, at + 18);
    b.writeUInt16LE(file.length, at + 22);
    return Buffer.concat([b, file, more]);
  };
  const local = head(0x04034b50, packed), central = head(0x02014b50, Buffer.alloc(0)), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(1, 8); end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12); end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

// ---- what an order says, whatever brought it ----

const essence = (order) => JSON.stringify([order.customer, order.delivery_date, order.total, order.lines.map((l) => [l.sku, l.quantity, l.unit, l.price, l.amount, l.ordered])]);

async function settle(world, id, check, what) {
  const seen = await world.get("clerk", `/intake/${id}`);
  check(`${what}: all lines are sure`, seen.lines.length === 10 && seen.lines.every((l) => l.state === "accepted"), seen.lines.filter((l) => l.state !== "accepted"));
  if (!seen.delivery_date) await world.post("clerk", `/intake/${id}`, { delivery_date: day(1) });
  if (seen.twins.length) await world.post("clerk", `/intake/${id}/keep`, { reason: "test" });
  const done = await world.post("clerk", `/intake/${id}/order`);
  return done.order;
}

// ---- mails, through a real mailbox ----

const head = (id, more) => `From: =?UTF-8?B?${Buffer.from("十样菜馆").toString("base64")}?= <chk@example.com>\r\nTo: <order@huodan.example.com>\r\n` +
  `Subject: =?UTF-8?B?${Buffer.from("订单").toString("base64")}?=\r\nDate: ${new Date().toUTCString().replace("GMT", "+0000")}\r\nMessage-ID: <${id}@chk.example.com>\r\nMIME-Version: 1.0\r\n${more}`;
const plain = (text) => `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n")}\r\n`;
const attached = (id, name, bytes) => head(id, `Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\n${plain("明天\n")}--edge\r\n` +
  `Content-Type: text/csv; charset=utf-8\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString("base64").replace(/.{76}/g, "$&\r\n")}\r\n--edge--\r\n`);

async function byMail(world, check, words, orders) {
  if (!dovecotThere()) return world.skip("no Dovecot: orders by mail");
  const box = await dovecot();
  const entry = (id) => until(async () => (await world.get("clerk", "/mails?limit=200")).items.find((m) => m.message_id === `${id}@chk.example.com`), 60000);
  try {
    for (const [name, value] of [["mail.answer", "0"], ["mail.user", "orders"], ["mail.secret", "open-sesame"], ["mail.url", `imap://127.0.0.1:${box.port}`]]) await world.post("admin", "/settings", { name, value });
    for (const [channel, id, letter] of [["mail body", "body", head("body", plain(words))], ["mail attachment", "paper", attached("paper", "order.csv", list())]]) {
      box.deliver(letter);
      const mail = await entry(id);
      check(`${channel}: it is in the inbox`, mail?.intake_id > 0 && mail.state === "kept", mail);
      check(`${channel}: the sender is known by its address`, (await world.get("clerk", `/intake/${mail.intake_id}`)).customer === "CHK");
      box.deliver(letter.replace("From:", "Received: by another.example.com; Tue, 24 Nov 2026 03:00:01 +0000\r\nFrom:"));
      const again = await until(async () => (await world.get("clerk", "/mails?limit=200&state=duplicate")).items.find((m) => m.message_id === `${id}@chk.example.com`), 60000);
      check(`${channel}: twice stays one`, again?.intake_id === mail.intake_id, again);
      orders[channel] = await settle(world, mail.intake_id, check, channel);
    }
    await world.post("admin", "/settings", { name: "mail.url", value: "" });
  } finally {
    await box.close();
  }
}

async function everyChannel(world, check) {
  const orders = {};
  const line = goods.map((g) => ({ sku: g.sku, quantity: g.quantity, unit: g.unit }));
  const words = `明天\n${goods.map((g) => `${g.name}${g.quantity}${g.unit}`).join("\n")}`;
  orders.phone = (await world.post("clerk", "/orders", { channel: "phone", external_id: "call-1", customer: "CHK", delivery_date: day(1), lines: line })).id;
  check("phone: twice stays one", (await world.post("clerk", "/orders", { channel: "phone", external_id: "call-1", customer: "CHK", delivery_date: day(1), lines: line })).id === orders.phone);

  const chat = await world.post("clerk", "/intake", { channel: "chat", customer: "CHK", sender: "wx", text: words });
  check("chat: twice stays one", (await world.post("clerk", "/intake", { channel: "chat", customer: "CHK", sender: "wx", text: words })).id === chat.id);
  orders.chat = await settle(world, chat.id, check, "chat");

  await byMail(world, check, words, orders);

  const upload = () => world.raw("clerk", "POST", "/intake/files", form("订单.csv", list(), { customer: "CHK" }));
  const file = await upload(), again = await upload();
  check("file: taken in", file.status === 201, file.text);
  check("file: twice stays one", again.status === 200 && again.body.id === file.body.id, again.text);
  orders.file = await settle(world, file.body.id, check, "file");
  return orders;
}

async function platform(world, check, orders) {
  const made = await world.post("admin", "/platforms", { name: "meicai", title: "美菜" });
  check("platform: the secret is told once", /^whsec_/.test(made.secret) && !(await world.get("admin", `/platforms/${made.id}`)).secret);
  check("platform: a name is given once", (await world.raw("admin", "POST", "/platforms", { body: { name: "meicai", title: "x" } })).status === 422);
  await world.post("admin", `/platforms/${made.id}`, { title: "美菜", active: "true", paths, version: made.version });
  const tried = await world.post("admin", `/platforms/${made.id}/try`, { sample: document("T", "CHK") });
  check("platform: the sample says what would be read", tried.external_id === "T" && tried.lines.length === 10 && tried.delivery_date === day(1), tried);
  check("platform: a bad sample names what is missing", (await world.raw("admin", "POST", `/platforms/${made.id}/try`, { body: { sample: "{}" } })).body.errors.length >= 2);
  const push = (body, how = {}, name = "meicai") => world.raw("nobody", "POST", `/hooks/orders/${name}`, { body: Buffer.from(body), headers: { ...signed(made.secret, body, how), ...how.headers } });
  const body = document("A-1", "CHK");

  for (const [what, how, status] of [["a wrong signature", { wrong: true }, 401], ["six minutes ago", { at: Math.floor(Date.now() / 1000) - 360 }, 401],
    ["six minutes ahead", { at: Math.floor(Date.now() / 1000) + 360 }, 401], ["no id", { headers: { "webhook-id": "" } }, 401]])
    check(`platform: ${what} is refused`, (await push(body, how)).status === status);
  check("platform: unsigned is refused", (await world.raw("nobody", "POST", "/hooks/orders/meicai", { body: JSON.parse(body) })).status === 401);
  check("platform: somebody unknown is refused", (await push(body, {}, "nobody")).status === 404);
  check("platform: not JSON is an answer", (await push("<order/>", { id: "m9" })).status === 400);
  check("platform: no lines is an answer", (await push('{"order":{"no":"B"}}', { id: "m8" })).body.errors?.[0]?.pointer === "/items");

  const first = await push(body), twin = await push(document("A-1", "CHK") + " ");
  // The radar asks first: the same goods came by phone an hour ago.
  check("platform: taken in and kept for the clerk", first.status === 200 && first.body.state === "proposed", first.text);
  check("platform: other words under the same id are refused", twin.status === 409, twin.text);
  check("platform: the same message gets the same answer", (await push(body)).body.intake === first.body.intake);
  check("platform: the same order in a new message is one", (await push(body, { id: "m2" })).body.intake === first.body.intake);
  orders.platform = await settle(world, first.body.intake, check, "platform");
  const after = await push(body, { id: "m3" });
  check("platform: sent again it is the same order", after.body.order === orders.platform && after.status === 200, after.text);

  // A customer without anything like it: the order is made at once.
  const direct = await push(document("C-1", "CHQ"), { id: "m5" });
  check("platform: what leaves nothing to ask is an order at once", direct.body.state === "ordered" && direct.body.order > 0 && /^SO/.test(direct.body.number), direct.text);
  // A rule refuses the order, not what came in.
  const gone = await push(JSON.stringify({ order: { no: "C-3", buyer: "CHQ", day: day(1) }, items: [{ sku: "GOLD", n: 900000000, uom: "公斤" }] }), { id: "m7" });
  check("platform: what a rule refuses is kept", gone.status === 200 && gone.body.state === "proposed" && gone.body.order === null, gone.text);
  const kept = await world.get("clerk", `/intake/${gone.body.intake}`);
  check("platform: and says why", kept.problem?.includes("金条") && kept.lines.length === 1, kept);
  const unknown = await push(document("C-2", "nobody"), { id: "m6" });
  check("platform: an unknown customer waits in the inbox", unknown.body.state === "proposed" && unknown.body.order === null, unknown.text);
}

const ubl = (number, buyer, more = {}) => `<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>${number}</cbc:ID><cbc:IssueDate>${day(0)}</cbc:IssueDate><cbc:DocumentCurrencyCode>CNY</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>${buyer}</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name>不管</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>汇丰源</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:StartDate>${day(1)}</cbc:StartDate></cac:RequestedDeliveryPeriod></cac:Delivery>
${more.lines ?? goods.map((g, i) => `<cac:OrderLine><cac:LineItem><cbc:ID>${i + 1}</cbc:ID><cbc:Quantity unitCode="${g.unit === "公斤" ? "KGM" : "CS"}">${g.quantity}.00</cbc:Quantity><cac:Item><cbc:Name>${g.name}</cbc:Name><cac:SellersItemIdentification><cbc:ID>${g.sku}</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>`).join("\n")}
</Order>`;

async function edi(world, check, orders) {
  const send = (xml) => world.raw("clerk", "POST", "/intake/files", { headers: { "Content-Type": "application/xml" }, body: Buffer.from(xml) });
  const response = async (id) => (await world.raw("clerk", "GET", `/orders/${id}/order-response.xml`)).text;
  const code = (xml) => /<cbc:OrderResponseCode>(\w+)</.exec(xml)?.[1];
  check("ubl: what the test sends is valid", faults(world, ubl("U-1", "CHK"), "Order") === "", faults(world, ubl("U-1", "CHK"), "Order"));
  const first = await send(ubl("U-1", "CHK"));
  check("ubl: taken in", first.status === 201 && first.body.channel === "edi" && first.body.customer === "CHK" && first.body.delivery_date === day(1), first.text);
  check("ubl: twice stays one", (await send(ubl("U-1", "CHK"))).body.id === first.body.id);
  orders.ubl = await settle(world, first.body.id, check, "ubl");
  const received = await response(orders.ubl);
  check("ubl: at receipt the answer is AB", code(received) === "AB" && faults(world, received, "OrderResponse") === "", received + faults(world, received, "OrderResponse"));
  const page = async (id) => (await fetch(`${world.base}/orders/${id}`, { headers: { Authorization: `Bearer ${world.keys.clerk}`, Accept: "text/html" } })).text();
  check("ubl: the order's page leads to the answer", (await page(orders.ubl)).includes(`href="/orders/${orders.ubl}/order-response.xml"`));
  check("phone: no answer where nobody reads it", (await page(orders.phone)).includes(String(orders.phone)) && !(await page(orders.phone)).includes("order-response.xml"));
  check("ubl: the answer names their number", received.includes("<cac:OrderReference><cbc:ID>U-1</cbc:ID>"), received);

  const direct = await send(ubl("U-2", "CHU"));
  check("ubl: what leaves nothing to ask is an order at once", direct.body.state === "ordered" && direct.body.order > 0, direct.text);
  const { snapshot } = await world.post("clerk", `/orders/${direct.body.order}/submit`);
  const { review } = await world.post("clerk", `/orders/${direct.body.order}/confirm`, { method: "channel", person: "edi", snapshot });
  const { version } = await world.get("reviewer", `/reviews/${review}`);
  await world.post("reviewer", `/reviews/${review}/counter`, { version, reason: "少一点", lines: [{ line: 1, quantity: "1" }] });
  const changed = await response(direct.body.order);
  check("ubl: a counter-offer is CA", code(changed) === "CA" && changed.includes("<cbc:LineStatusCode>3<") && faults(world, changed, "OrderResponse") === "", changed + faults(world, changed, "OrderResponse"));
  await world.post("clerk", `/orders/${direct.body.order}/cancel`, { version: (await world.get("clerk", `/orders/${direct.body.order}`)).version });
  const refused = await response(direct.body.order);
  check("ubl: what was refused is RE", code(refused) === "RE" && faults(world, refused, "OrderResponse") === "", refused);

  const cases = { "half a document": ubl("U-3", "CHK").slice(0, 900), "no order": '<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
    "entities": '<?xml version="1.0"?><!DOCTYPE Order [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Order>&c;&c;&c;</Order>',
    "a file from outside": '<?xml version="1.0"?><!DOCTYPE Order SYSTEM "file:///etc/passwd"><Order/>', "no lines": ubl("U-4", "CHK", { lines: "" }), "no number": ubl("", "CHK"),
    "deep": `<?xml version="1.0"?>${"<a>".repeat(5000)}`, "a line without goods": ubl("U-5", "CHK", { lines: "<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID></cac:LineItem></cac:OrderLine>" }) };
  for (const [what, xml] of Object.entries(cases)) {
    const answer = await send(xml);
    check(`ubl: ${what} is an answer that says why`, answer.status === 422 && answer.body.detail, `${answer.status} ${answer.text.slice(0, 300)}`);
  }
  const folder = "../shared/data/ubl/peppol-testfiles";
  if (!existsSync(folder)) world.skip("no PEPPOL test files: other people's documents");
  for (const name of existsSync(folder) ? readdirSync(folder).filter((f) => f.startsWith("test-orders-success")) : []) {
    const answer = await send(readFileSync(`${folder}/${name}`));
    check(`ubl: ${name} is kept for the clerk`, [200, 201].includes(answer.status) && answer.body.lines.length > 0, answer.text.slice(0, 300));
  }
}

async function badFiles(world, check) {
  const send = (name, bytes) => world.raw("clerk", "POST", "/intake/files", form(name, bytes, { customer: "CHK" }));
  const wide = Buffer.from("a,".repeat(1_000_000));
  const bomb = zip("xl/workbook.xml", "0".repeat(40_000_000));
  const entities = zip("[Content_Types].xml", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>`);
  const cases = { "a million columns": ["wide.csv", wide], "a zip bomb": ["bomb.xlsx", bomb], "entities": ["e.xlsx", entities], "half an archive": ["h.xlsx", bomb.subarray(0, 2000)],
    "bytes that are nothing": ["x.csv", Buffer.from([0, 1, 2, 3, 255, 254, 0, 0])], "nothing": ["n.csv", Buffer.alloc(0)] };
  for (const [what, [name, bytes]] of Object.entries(cases)) {
    const answer = await send(name, bytes);
    check(`${what} is an answer that says why`, [400, 413, 422].includes(answer.status) && answer.body?.detail, `${answer.status} ${answer.text.slice(0, 200)}`);
  }
  const long = await send("long.csv", Buffer.from(`品名,数量\n${"土豆,1\n".repeat(3000)}`));
  check("three thousand rows are no order list", long.status === 413, long.text);
  const paper = await send("订单.pdf", Buffer.from("%PDF-1.7 …"));
  check("a paper is kept and says so", paper.status === 201 && paper.body.state === "new" && paper.body.problem, paper.text);
  check("two files at once are refused", (await world.raw("clerk", "POST", "/intake/files", { headers: { "Content-Type": "text/csv" }, body: Buffer.alloc(0) })).status === 422);
  check("the server goes on", (await world.raw("clerk", "GET", "/intake")).status === 200);
}

await bothEngines("channels", ["admin", "clerk", "reviewer"], async (world, check) => {
  for (const g of goods) await world.post("admin", "/products", { sku: g.sku, name: g.name, base_unit: "公斤", price: "2.50", units: [{ unit: "件", num: 15, den: 1 }] });
  await world.post("admin", "/customers", { code: "CHK", name: "十样菜馆", email: "chk@example.com" });
  await world.post("admin", "/customers", { code: "CHQ", name: "另一家菜馆" });
  await world.post("admin", "/customers", { code: "CHU", name: "第三家菜馆" });
  await world.post("admin", "/products", { sku: "GOLD", name: "金条", base_unit: "公斤", price: "99999999.00" });
  const orders = await everyChannel(world, check);
  await platform(world, check, orders);
  await edi(world, check, orders);
  const seen = {};
  for (const [channel, id] of Object.entries(orders)) seen[channel] = essence(await world.get("clerk", `/orders/${id}`));
  for (const [channel, said] of Object.entries(seen)) check(`${channel}: the order equals that by phone`, said === seen.phone, [said, seen.phone]);
  const channels = ["phone", "chat", ...(dovecotThere() ? ["mail body", "mail attachment"] : []), "file", "platform", "ubl"];
  check("all channels were walked", channels.every((c) => orders[c] > 0) && Object.keys(orders).length === channels.length, orders);
  check("as many orders as channels", new Set(Object.values(orders)).size === Object.keys(orders).length, orders);
  await badFiles(world, check);
});
