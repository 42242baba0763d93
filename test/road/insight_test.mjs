// Orders go different ways; what is exported of them is OCEL 2.0, in both forms the same, and says of the orders what
// their own timelines say.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, bothEngines, day } from "./world.mjs";

const SCHEMA = "../shared/data/eventlog/schema_ocel2.json";

const wanted = (n) => ({ channel: n % 2 ? "phone" : "online", external_id: `seen-${n}`, customer: "C1", delivery_date: day(1), lines: [{ sku: "S1", quantity: String(n + 1) }] });

// The events of all orders come into pieces by a tick.
async function packed(world, events) {
  const sql = "SELECT COALESCE(SUM(steps), 0) FROM insight_piece";
  const [program, ...args] = world.name === "SQLite" ? ["sqlite3", world.url.replace("sqlite:", ""), sql] : ["psql", "-qAt", world.url, "-c", sql];
  for (let end = Date.now() + 60_000; Date.now() < end;) {
    if (Number(spawnSync(program, args, { encoding: "utf8" }).stdout) >= events) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function setOut(world) {
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂", tier: "A", credit_limit: "999999.00", credit_days: 30 });
  await world.post("admin", "/products", { sku: "S1", name: "苹果", base_unit: "件", price: "10.00" });
  await world.post("warehouse", "/stock/movements", { sku: "S1", quantity: "1000", reason: "receipt" });
}

async function reviewed(world, n, how) {
  const order = await world.inReview(wanted(n));
  const { checks } = await world.get("reviewer", `/reviews/${order.review}`);
  const overrides = checks.filter((c) => c.check !== "stock" && c.result !== "pass").map((c) => ({ check: c.check, reason: "老客户" }));
  await world.post("reviewer", `/reviews/${order.review}/${how}`, how === "approve" ? { version: order.version, overrides } : { version: order.version, reason: "价格不对" });
  return order;
}

async function shipped(world, n) {
  const order = await reviewed(world, n, "approve");
  await world.post("warehouse", `/orders/${order.id}/confirm-stock`, {});
  const { picks: [pick] } = await world.post("warehouse", "/waves", { orders: [order.id] });
  for (const [i, line] of pick.lines.entries()) await world.post("warehouse", `/picks/${pick.id}/lines/${i + 1}`, { quantity: line.quantity });
  const { shipment } = await world.post("warehouse", `/picks/${pick.id}/done`);
  await world.post("warehouse", `/shipments/${shipment}/packages`, { lines: [{ line: 1, quantity: String(n + 1) }], weight_kg: "3.5" });
  const { version } = await world.get("warehouse", `/shipments/${shipment}`);
  await world.raw("warehouse", "POST", `/shipments/${shipment}/dispatch`, { body: { version, carrier: "own", driver: "老张" } });
  return { ...order, shipment };
}

// One apple is refused at the door: that opens a case and a return.
async function refused(world, { shipment }) {
  const { version } = await world.get("warehouse", `/shipments/${shipment}`);
  await world.post("warehouse", `/shipments/${shipment}/receipt`, { signer: "吴秀兰", version, lines: [{ line: 1, received: "1", refused: "1" }] });
}

// What JSON Schema asks for here: type, properties, required, items.
function faults(schema, value, at = "") {
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  if (schema.type && schema.type !== type) return [`${at}: ${type}, not ${schema.type}`];
  const found = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  for (const [name, sub] of Object.entries(schema.properties ?? {})) if (name in value) found.push(...faults(sub, value[name], `${at}/${name}`));
  if (schema.items) value.forEach((one, i) => found.push(...faults(schema.items, one, `${at}/${i}`)));
  return found;
}

function analyse(file, ...more) {
  const done = spawnSync(binary, ["analyse", file, ...more], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

bothEngines("insight", ["clerk", "reviewer", "warehouse", "admin"], async (world, check) => {
  const folder = mkdtempSync(join(tmpdir(), "huodan-ocel-"));
  await setOut(world);
  const orders = [];
  for (let n = 0; n < 3; n++) orders.push(await shipped(world, n));
  for (let n = 3; n < 5; n++) orders.push(await reviewed(world, n, "approve"));
  orders.push(await reviewed(world, 5, "reject"), await world.inReview(wanted(6)), await world.post("clerk", "/orders", wanted(7)));
  await refused(world, orders[1]);
  world.command(["export", "ocel", `${folder}/log.json`]);
  world.command(["export", "ocel", `${folder}/log.sqlite`]);
  const log = JSON.parse(readFileSync(`${folder}/log.json`, "utf8"));
  check("the stream is the file", world.command(["export", "ocel"]) === readFileSync(`${folder}/log.json`, "utf8").trim());
  if (existsSync(SCHEMA)) {
    const found = faults(JSON.parse(readFileSync(SCHEMA, "utf8")), log);
    check("the schema is kept", found.length === 0, found.slice(0, 5));
  } else check.skip("no schema of OCEL here");
  const ids = new Set(log.objects.map((o) => o.id));
  check("every object once", ids.size === log.objects.length);
  const dangling = [...log.objects, ...log.events].flatMap((o) => o.relationships).filter((r) => !ids.has(r.objectId));
  check("every relation has its object", dangling.length === 0, dangling.slice(0, 3));
  const kinds = new Set(log.objects.map((o) => o.type));
  for (const kind of ["order", "line", "review", "wave", "pick", "shipment", "package", "case", "return", "customer", "user"]) check(`there are objects: ${kind}`, kinds.has(kind));
  const declared = new Set(log.eventTypes.map((t) => t.name));
  check("every type of event is declared", log.events.every((e) => declared.has(e.type)));
  const figures = analyse(`${folder}/log.json`);
  check("both forms say the same", JSON.stringify(figures) === JSON.stringify(analyse(`${folder}/log.sqlite`)));
  check("as many cases as orders", figures.cases === orders.length, figures.cases);
  let events = 0;
  for (const order of orders) events += (await world.get("clerk", `/orders/${order.id}/timeline`)).items.length;
  check("as many events as in the timelines", figures.events === events, [figures.events, events]);
  check("all begin with the entry", figures.start["order.created"] === orders.length, figures.start);
  const page = await world.get("clerk", "/process?steps=all");
  check("the page's figures are those of the export", JSON.stringify(page) === JSON.stringify(figures), [page.events, figures.events]);
  check("the history is packed by itself", await packed(world, figures.events));
  check("packed they are the same", JSON.stringify(await world.get("clerk", "/process?steps=all")) === JSON.stringify(figures));
  const phone = await world.get("reviewer", "/process?channel=phone");
  check("filtered by channel", phone.cases === 4, phone.cases);
  const behind = await world.get("clerk", "/process/orders?step=order.rejected");
  check("the order behind a figure", behind.items.length === 1 && behind.items[0].id === orders[5].id, behind.items);
  const csv = await world.raw("clerk", "GET", "/process?format=csv&table=steps");
  check("a table as CSV", csv.status === 200 && csv.text.split("\r\n").length > 8, csv.text.slice(0, 200));
  const xlsx = await world.raw("clerk", "GET", "/process?format=xlsx&table=ways");
  check("a table as workbook", xlsx.status === 200 && xlsx.text.startsWith("PK"), xlsx.status);
  // [good, of] of one figure of the service page
  const figure = async (name, query = "") => {
    const answer = await fetch(`${world.base}/process/service?format=csv&table=service&from=${day(-1)}&to=${day(9)}${query}`, { headers: { Authorization: `Bearer ${world.keys.clerk}` } });
    const text = await answer.text();
    const row = text.split("\r\n").find((l) => name.test(l));
    return row === undefined ? text : row.split(",").slice(2, 4).map(Number);
  };
  const whole = /Picked whole|拣货足量/, filled = /Lines filled|行满足率/;
  check("picked whole, of all", JSON.stringify(await figure(whole)) === "[3,3]", await figure(whole));
  check("picked whole, of one channel", JSON.stringify(await figure(whole, "&channel=phone")) === "[1,1]", await figure(whole, "&channel=phone"));
  check("picked whole, of a tier nobody has", (await figure(whole, "&tier=Z"))?.[1] === 0, await figure(whole, "&tier=Z"));
  const before = await figure(filled);
  const { version } = await world.get("reviewer", `/orders/${orders[3].id}`);
  await world.post("reviewer", `/orders/${orders[3].id}/cancel`, { version, reason: "不要了" });
  check("an order that was called off was not filled badly", before[1] > 0 && JSON.stringify(await figure(filled)) === JSON.stringify(before), [before, await figure(filled)]);
  const board = await (await fetch(`${world.base}/board`, { headers: { Authorization: `Bearer ${world.keys.clerk}` } })).text();
  check("the board counts what is partly delivered", /部分签收|partly delivered/i.test(board), board.slice(-500));
  for (const [query, status] of [["from=2026-13-01", 422], ["from=2026-12-01&to=2026-11-01", 422], ["channel=pigeon", 422], ["detail=0", 422], ["format=csv&table=none", 422], ["steps=all&tier=A", 200]])
    check(`/process?${query}: ${status}`, (await world.raw("clerk", "GET", `/process?${query}`)).status === status);
  check("reviews are cases too", analyse(`${folder}/log.json`, "--case", "review").cases === 7);
  const none = JSON.parse(world.command(["export", "ocel", "--from", "2001-01-01", "--to", "2001-12-31"]));
  check("another year has no orders", none.events.length === 0 && none.objects.every((o) => ["customer", "user"].includes(o.type)));
  const again = spawnSync(binary, ["export", "ocel", `${folder}/log.json`, "--db", world.url], { encoding: "utf8" });
  check("nothing is overwritten", again.status === 1 && /cannot be made/.test(again.stderr), again.stderr);
  rmSync(folder, { recursive: true });
});
