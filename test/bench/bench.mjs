// The benchmarks, one run: orders in, the whole road, lists and pages as the database grows to a million orders, papers, memory,
// size, and the same door on PostgreSQL. What is measured beside what is named in each table; the run ends in verify.
//   node test/bench/bench.mjs FOLDER      (by test/bench.sh)
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { binary, day, World } from "../road/world.mjs";
import { machine, memory, num, p50, p99, row, size, table, watched, wrk } from "./machine.mjs";
import { approved, atOnce, body, delivered, dispatched, Steps } from "./road.mjs";

const folder = process.argv[2], SECONDS = Number(process.env.SECONDS_EACH ?? 8);
const MANY = Number(process.env.BENCH_ORDERS ?? 1_000_000), FEW = Math.round(MANY / 10);
const GOODS = 100_000, STOCKED = 2000, CUSTOMERS = 1000, DAYS = 60;
const load = { GOODS, CUSTOMERS, DAYS };

// ---- the company: names as people give them, so that a search meets crowds and singles ----

const PLACES = "海南 云南 山东 湖北 四川 广西 新疆 陕西 甘肃 河北 福建 广东 浙江 江西 湖南 贵州 辽宁 黑龙江 内蒙古 宁夏".split(" ");
const KINDS = ("土豆 番茄 黄瓜 茄子 青椒 白菜 菠菜 芹菜 莲藕 山药 红富士苹果 皇冠梨 脐橙 沙糖桔 香蕉 火龙果 葡萄 西瓜 哈密瓜 猕猴桃 五花肉 里脊 牛腩 羊排 鸡翅 鸭腿 鲫鱼 草鱼 " +
  "基围虾 带鱼 大米 面粉 挂面 花生油 酱油 陈醋 白糖 食盐 木耳 香菇 豆腐 腐竹 粉条 鸡蛋 咸鸭蛋 牛奶 酸奶 花椒 八角 辣椒面").split(" ");
const GRADES = ["特级", "一级", "二级", "精选", "普通", "大", "中", "小", "礼盒", "散装"];

function goods() {
  return Array.from({ length: GOODS }, (_, i) =>
    `B${i},${PLACES[i % 20]}${KINDS[Math.floor(i / 20) % 50]}${GRADES[Math.floor(i / 1000) % 10]}${Math.floor(i / 10000)}号,件,1.00`);
}

function bring(world, kind, lines) {
  const file = `${folder}/${kind}.csv`, began = performance.now();
  writeFileSync(file, lines.join("\n"));
  world.command(["import", kind, file]);
  return performance.now() - began;
}

async function company(name, url) {
  const world = new World(name, url);
  world.people(["clerk", "reviewer", "warehouse", "admin"]);
  const took = bring(world, "products", ["sku,name,base_unit,list_price", ...goods()]);
  bring(world, "customers", ["code,name", ...Array.from({ length: CUSTOMERS }, (_, i) => `K${i},${PLACES[i % 20]}第${i}食堂`)]);
  bring(world, "stock", ["sku,location,lot,quantity", ...Array.from({ length: STOCKED }, (_, i) => `B${i},A-01,L1,1000000`)]);
  return { world, took };
}

async function ready(world) {
  const began = performance.now();
  await world.serve();
  watched.pid = world.server.pid;
  return performance.now() - began;
}

// ---- orders in ----

let runs = 0;
const orders = (world, connections, seconds = SECONDS, base = world.base) =>
  wrk("orders", base, { connections, seconds, env: { KEY: world.keys.clerk, RUN: String(++runs), ...load } });

async function fill(world, upTo, have) {
  while (have < upTo) have += (await orders(world, 256, Math.max(2, Math.min(20, Math.ceil((upTo - have) / 15000))))).requests;
  return have;
}

async function door(world, limit) {
  let taken = 0;
  table("Orders of ten lines, answered after the durable commit", "", "huodan /s", "limit /s", "ratio", "p50 ms", "p99 ms");
  for (const connections of [64, 256]) {
    const ours = await orders(world, connections), theirs = await orders(world, connections, SECONDS, limit);
    taken += ours.requests;
    row(`POST /orders, ${connections} connections`, num(ours.rate), num(theirs.rate), `${((100 * ours.rate) / theirs.rate).toFixed(0)} %`, num(ours.p50), num(ours.p99));
  }
  return taken;
}

// ---- the road ----

async function road(world, n) {
  const steps = new Steps(world), whole = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    await delivered(steps, 10, `K${i % CUSTOMERS}`);
    whole.push(performance.now() - began);
  }
  const create = steps.row("create");
  table(`The whole road of an order of ten lines, ${n} of them one after the other`, "step", "times", "", "to create", "p50 ms", "p99 ms");
  for (const name of steps.times.keys()) {
    const s = steps.row(name);
    row(name, num(s.n / n), "", `${(s.p50 / create.p50).toFixed(1)} ×`, num(s.p50), num(s.p99));
  }
  row("the whole road, what lies between its calls included", "", "", `${(p50(whole) / create.p50).toFixed(1)} ×`, num(p50(whole)), num(p99(whole)));
  const began = performance.now();
  await atOnce(4 * n, 32, (i) => delivered(steps, 10, `K${i % CUSTOMERS}`));
  row(`the whole road, 32 at once: ${num((4000 * n) / (performance.now() - began))} orders/s`);
  return 5 * n;
}

async function large(world) {
  const steps = new Steps(world), lines = 1000, times = [];
  for (let i = 0; i < 20; i++) await approved(steps, 161, `K${i}`);
  const big = await steps.post("create 1000", "clerk", "/orders", body(lines));
  const change = big.lines.map((l) => ({ sku: l.sku, quantity: l.quantity }));
  for (let i = 0; i < 20; i++) {
    change.push({ sku: `B${STOCKED + i}`, quantity: "1" });
    times.push((await world.raw("clerk", "POST", `/orders/${big.id}`, { body: { lines: change } })).ms);
  }
  for (const [name, what] of [["create", "create an order of 161 lines"], ["approve (reserves the goods)", "approve it"], ["create 1000", "create an order of 1000 lines"]])
    row(what, "", "", "", num(steps.row(name).p50), num(steps.row(name).p99));
  row("add a line to it (the whole order is sent and answered)", "", "", "", num(p50(times)), num(p99(times)));
  return 22;
}

// ---- reading ----

async function cookieOf(world, login) {
  const answer = await fetch(`${world.base}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password: "correct horse battery" }) });
  return answer.headers.getSetCookie()[0].split(";")[0];
}

const cursorAt = (id) => Buffer.from(`${id}:`).toString("base64url");
const typed = ["B777", "红富", "番茄特", "hfspg", "fanqie", "tudou", "B12345", "山东", "sdhg", "jiweixia", "niunan3", "黑龙江大米精选"];

async function reading(world, some) {
  const key = `Authorization: Bearer ${world.keys.clerk}\nAccept: application/json`;
  const cookies = {};
  for (const who of ["clerk", "reviewer", "warehouse"]) cookies[who] = `Cookie: ${await cookieOf(world, who)}\nAccept: text/html`;
  const last = some.at(-1), number = (await world.get("clerk", `/orders/${last}`)).number;
  const api = (path) => `/api/v1${path}`;
  const all = [
    ["product typeahead with price and free stock", key, typed.map((q) => api(`/products/find?q=${encodeURIComponent(q)}&customer=K7`))],
    ["GET /orders, first 50", key, [api("/orders")]],
    ["GET /orders, in the middle", key, some.map((id) => api(`/orders?cursor=${cursorAt(id)}`))],
    ["GET /orders?state=draft", key, [api("/orders?state=draft")]],
    ["GET /orders?state=delivered", key, [api("/orders?state=delivered")]],
    ["GET /orders of a customer", key, [1, 2, 3, 500, 999].map((i) => api(`/orders?customer=K${i}`))],
    ["GET /orders of a customer, delivered ones", key, [1, 2, 3, 500, 999].map((i) => api(`/orders?customer=K${i}&state=delivered`))],
    ["GET /orders of a day", key, [2, 9, 30].map((n) => api(`/orders?delivery_date=${day(n)}`))],
    ["GET /orders of a day, delivered ones", key, [2, 9, 30].map((n) => api(`/orders?delivery_date=${day(n)}&state=delivered`))],
    ["GET /orders of one channel", key, [api("/orders?channel=phone")]],
    ["GET /orders?q= a number, its start, a customer", key, [number, number.slice(0, -2), "第77食堂", "yndssst"].map((q) => api(`/orders?q=${encodeURIComponent(q)}`))],
    ["GET /orders/ID", key, some.map((id) => api(`/orders/${id}`))],
    ["GET /orders/ID/timeline", key, some.map((id) => api(`/orders/${id}/timeline`))],
    ["GET /search?q=", key, [number, "第77食堂", "hfspg"].map((q) => api(`/search?q=${encodeURIComponent(q)}`))],
    ["GET /stock, GET /stock/SKU", key, [api("/stock"), api("/stock/B13"), api("/stock?q=tudou")]],
    ["GET /reviews, /picks, /shipments", key, [api("/reviews?state=open"), api("/picks"), api("/shipments")]],
    ["GET /customers/ID/credit, /customers", key, [api("/customers"), api("/customers?q=K7")]],
    ["page: order list", cookies.clerk, ["/orders", "/orders?state=draft"]],
    ["page: an order", cookies.clerk, some.map((id) => `/orders/${id}`)],
    ["page: home of the clerk", cookies.clerk, ["/"]],
    ["page: home of the reviewer", cookies.reviewer, ["/"]],
    ["page: home of the warehouse", cookies.warehouse, ["/"]],
    ["page: picking", cookies.warehouse, ["/picks"]],
    ["page: shipments", cookies.warehouse, ["/shipments"]],
    ["page: products", cookies.clerk, ["/products", "/products?q=tudou"]],
  ];
  for (const [what, headers, paths] of all) {
    const m = await wrk("reads", world.base, { seconds: 2, env: { PATHS: paths.join("\n"), HEADERS: headers } });
    row(what, num(m.rate), "", m.p99 > 20 ? "slow" : "", num(m.p50), num(m.p99));
  }
}

// ---- papers ----

async function papers(world) {
  const steps = new Steps(world);
  table("Papers", "delivery note", "pages", "KB", "", "p50 ms", "p99 ms");
  for (const lines of [5, 540]) {
    const { shipment } = await dispatched(steps, lines, "K3"), times = [], file = `${folder}/note.pdf`;
    for (let i = 0; i < 20; i++) times.push((await world.raw("clerk", "GET", `/shipments/${shipment}/delivery-note.pdf`)).ms);
    const pdf = await fetch(`${world.base}/api/v1/shipments/${shipment}/delivery-note.pdf`, { headers: { Authorization: `Bearer ${world.keys.clerk}` } });
    writeFileSync(file, Buffer.from(await pdf.arrayBuffer()));
    const pages = /Pages:\s+(\d+)/.exec(spawnSync("pdfinfo", [file], { encoding: "utf8" }).stdout)?.[1];
    row(`${lines} lines`, pages, num(size(file) / 1024), "", num(p50(times)), num(p99(times)));
  }
  return 2;
}

// ---- PostgreSQL ----

async function postgres() {
  const pg = spawnSync("test/pg.sh", ["start", `${folder}/pg`], { encoding: "utf8", env: { ...process.env, PG_DURABLE: "1" } });
  if (pg.status !== 0) { console.log("no PostgreSQL here"); return; }
  const url = pg.stdout.trim(), { world } = await company("PostgreSQL", url);
  await ready(world);
  const psql = (sql) => execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", url, "-c", sql]);
  psql("CREATE TABLE limit_order (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer TEXT, delivery_date TEXT);" +
    "CREATE TABLE limit_line (order_id BIGINT, line INT, sku TEXT, quantity TEXT, PRIMARY KEY (order_id, line))");
  await orders(world, 64, 2);
  table("The same on PostgreSQL 15; limit: 64 orders a commit in two set-based statements (pgbench)", "", "huodan /s", "limit /s", "ratio", "p50 ms", "p99 ms");
  const bare = spawnSync("/usr/lib/postgresql/15/bin/pgbench", ["-n", "-M", "prepared", "-c", "2", "-T", String(SECONDS), "-f", "test/bench/limit_pg.sql", url], { encoding: "utf8" });
  const limit = 64 * Number(/tps = ([\d.]+)/.exec(bare.stdout)?.[1]);
  for (const connections of [64, 256]) {
    const ours = await orders(world, connections);
    row(`POST /orders, ${connections} connections`, num(ours.rate), num(limit), `${((100 * ours.rate) / limit).toFixed(0)} %`, num(ours.p50), num(ours.p99));
  }
  await road(world, 100);
  const m = memory(world.server.pid);
  await world.end();
  psql("DROP TABLE limit_order, limit_line");
  const began = performance.now();
  world.command(["verify"]);
  row(`verify clean after ${num((performance.now() - began) / 1000)} s; memory at most ${num(m.most)} MB`);
  spawnSync("test/pg.sh", ["stop", `${folder}/pg`]);
}

// ---- the run ----

const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).stdout?.trim();
console.log(`huodan ${commit} on ${machine(folder)}`);
const db = `${folder}/h.db`, { world, took } = await company("SQLite", `sqlite:${db}`);
const first = await ready(world);
const limit = spawn(`${folder}/limit`, [`${folder}/limit.db`, "18472"], { stdio: "inherit" });
process.on("exit", () => { limit.kill(); world.server.kill(); });
const ids = async () => { // orders from all ages of the database, and some that went the whole road
  const { items: [top] } = await world.get("clerk", "/orders?limit=1"), found = [];
  for (let i = 1; i <= 20; i++) found.push(...(await world.get("clerk", `/orders?limit=1&cursor=${cursorAt(Math.floor((top.id * i) / 20))}`)).items);
  return [...found, ...(await world.get("clerk", "/orders?limit=10&state=delivered")).items].map((o) => o.id);
};
let count = 0;
execFileSync("sqlite3", [db, "PRAGMA wal_checkpoint(TRUNCATE)"]);
const empty = size(db); // the goods and the customers are there already

await orders(world, 64, 1).then((m) => { count += m.requests; }); // caches
count += await door(world, "http://127.0.0.1:18472");
limit.kill();
count += await road(world, 100);
count += await large(world);
count += await papers(world);

count = await fill(world, FEW, count);
const at = [await orders(world, 64)];
count += at[0].requests;
count = await fill(world, MANY, count);
at.push(await orders(world, 64));
count += at[1].requests;
table("As the database grows", "POST /orders, 64 connections", "/s", "", "ratio", "p50 ms", "p99 ms");
row(`at ${num(FEW)} orders`, num(at[0].rate), "", "", num(at[0].p50), num(at[0].p99));
row(`at ${num(MANY)} orders`, num(at[1].rate), "", `${((100 * at[1].rate) / at[0].rate).toFixed(0)} %`, num(at[1].p50), num(at[1].p99));
table(`Reading at ${num(count)} orders and ${num(GOODS)} products, one connection: server time and the way there`, "", "/s", "", "", "p50 ms", "p99 ms");
await reading(world, await ids());
count += await road(world, 100);
count += await large(world);

const most = memory(world.server.pid);
await world.end();
watched.pid = 0;
execFileSync("sqlite3", [db, "PRAGMA wal_checkpoint(TRUNCATE)"]);
const again = await ready(world), rest = memory(world.server.pid);
await world.end();
watched.pid = 0;
table("Size", "", "", "", "aim", "", "");
row("bytes an order", num((size(db) - empty) / count));
row("memory at most, through all of it, MB", num(most.most), "", "< 128");
row("memory after a start, MB", num(rest.now));
row("ready after, ms: empty, full", `${num(first)}, ${num(again)}`, "", "< 300");
row("program, MB", num(size(binary) / 2 ** 20), "", "< 10");
row(`import of ${num(GOODS)} products, s`, num(took / 1000));
const began = performance.now();
world.command(["verify"]);
row(`verify of ${num(count)} orders clean, s`, num((performance.now() - began) / 1000));
await postgres();
process.exit(0);
