// Bad input that a story cannot write down: bytes that are not JSON, bodies too big, lines too many, clients at once.
import { connect } from "node:net";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, bothEngines, day } from "./world.mjs";

const order = (more = {}) => ({ channel: "phone", customer: "C1", delivery_date: day(1), lines: [{ sku: "S1", quantity: "1" }], ...more });
const bytes = (text) => Buffer.from(text, "latin1");

// What is sent, as bytes, and how it is refused.
const refused = [
  ["cut off", bytes('{"channel":'), 400],
  ["two documents", bytes("{}{}"), 400],
  ["a key twice", bytes('{"channel":"phone","channel":"email"}'), 400],
  ["a key twice, deep inside", bytes('{"channel":"phone","lines":[{"sku":"a","sku":"b"}]}'), 400],
  ["nested too deep", bytes("[".repeat(40) + "]".repeat(40)), 400],
  ["nested so deep that a stack would end", bytes('{"a":'.repeat(200000)), 400],
  ["a byte that is not UTF-8", bytes('{"customer":"\xff"}'), 400],
  ["a character longer than need be", bytes('{"customer":"\xc0\xaf"}'), 400],
  ["half a pair", bytes('{"customer":"\\ud800"}'), 400],
  ["a zero inside", bytes('{"customer":"a\\u0000b"}'), 400],
  ["an integer beyond all", bytes('{"version":99999999999999999999999}'), 400],
  ["not a number", bytes('{"version":NaN}'), 400],
  ["text", bytes("hello"), 415, { "Content-Type": "text/plain" }],
  ["XML", bytes("<order/>"), 415, { "Content-Type": "application/xml" }],
];

// Only the head goes out: who promises too much is answered before a byte of the body.
function promise(base, key, length) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let said = "";
    socket.setTimeout(10000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (part) => { said += part; socket.end(); });
    socket.on("close", () => resolve(Number(/^HTTP\/1.1 (\d+)/.exec(said)?.[1])));
    socket.on("error", reject);
    socket.write(`POST /api/v1/orders HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`);
  });
}

async function lines(world, check) {
  const many = (n) => order({ external_id: `many-${n}`, lines: Array.from({ length: n }, () => ({ sku: "S1", quantity: "1" })) });
  const over = await world.raw("clerk", "POST", "/orders", { body: many(2001) });
  check("2001 lines are one too many", over.status === 422 && over.body.errors[0].pointer === "/lines", over.text);
  const full = await world.raw("clerk", "POST", "/orders", { body: many(2000) });
  check("2000 lines are an order", full.status === 201 && full.body.lines.length === 2000, full.text);
  const bad = many(2000);
  for (const line of bad.lines) line.quantity = "-1";
  const wrong = await world.raw("clerk", "POST", "/orders", { body: { ...bad, external_id: "bad" } });
  check("2000 bad lines are refused, not a failure", wrong.status === 422, wrong.text.slice(0, 300));
}

async function repeats(world, check) {
  const send = () => world.raw("clerk", "POST", "/orders", { body: order(), headers: { "Idempotency-Key": "same" } });
  const first = await send(), second = await send();
  check("a repeat gives the same bytes", first.status === 201 && second.status === 201 && first.text === second.text, second.text);
  const long = await world.raw("clerk", "POST", "/orders", { body: order(), headers: { "Idempotency-Key": "k".repeat(201) } });
  check("a key too long is refused", long.status === 400, long.text);
  const keyed = await Promise.all(Array.from({ length: 16 }, () =>
    world.raw("clerk", "POST", "/orders", { body: order(), headers: { "Idempotency-Key": "at-once" } })));
  const made = new Set(keyed.filter((a) => a.status === 201).map((a) => a.body.id));
  check("16 at once with one key make one order", made.size === 1 && keyed.every((a) => [201, 409].includes(a.status)), keyed.map((a) => a.status));
  const same = await Promise.all(Array.from({ length: 16 }, () => world.raw("clerk", "POST", "/orders", { body: order({ external_id: "E-1" }) })));
  check("16 at once with one external_id make one order", new Set(same.map((a) => a.body?.id)).size === 1, same.map((a) => a.text.slice(0, 80)));
  const fresh = same.filter((a) => a.status === 201).length;
  check("one of them is new, the others know it", fresh === 1 && same.every((a) => [200, 201].includes(a.status)), same.map((a) => a.status));
}

// A file of orders: what is wrong is said of the row it stands in, and nothing of the file comes in.
function files(world, check) {
  const folder = mkdtempSync(join(tmpdir(), "huodan-file-")), file = join(folder, "orders.csv");
  const take = (rows) => {
    writeFileSync(file, ["external_id,customer,delivery_date,sku,quantity", ...rows].join("\n"));
    return spawnSync(binary, ["import", "orders", file, "--db", world.url], { encoding: "utf8" });
  };
  const bad = take([`F-1,C1,${day(1)},S1,2`, `F-2,C1,${day(1)},S1,1`, `F-2,C1,${day(1)},S9,1`, `F-2,C1,${day(1)},S1,0.5`]);
  check("a file with unknown goods is refused by row", bad.status !== 0 && bad.stderr.includes("/rows/4/sku"), bad.stderr);
  const nobody = take([`F-1,C1,${day(1)},S1,2`, `F-3,C9,${day(1)},S1,2`]);
  check("and with an unknown customer", nobody.status !== 0 && nobody.stderr.includes("/rows/3/customer"), nobody.stderr);
  const good = take([`F-1,C1,${day(1)},S1,2`, `F-2,C1,${day(1)},S1,1`]);
  check("put right, it comes in, and nothing was there before", good.status === 0, good.stderr);
  rmSync(folder, { recursive: true });
}

bothEngines("input", ["clerk", "warehouse", "admin"], async (world, check) => {
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂" });
  await world.post("admin", "/products", { sku: "S1", name: "苹果", base_unit: "件", price: "1.00" });
  for (const [what, body, status, headers] of refused) {
    const answer = await world.raw("clerk", "POST", "/orders", { body, headers });
    check(`${what}: ${status}`, answer.status === status && answer.body?.status === status, answer.text);
  }
  check("a body over the cap: 413", (await promise(world.base, world.keys.clerk, 64 * 1024 * 1024)) === 413);
  await lines(world, check);
  await repeats(world, check);
  files(world, check);
  check("the orders of the file are there", (await world.get("clerk", "/orders?channel=file")).items.length === 2);
});
