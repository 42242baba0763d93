// Messages read beside a hundred thousand products: milliseconds per message, the index, its memory.
//   node test/bench/reading.mjs [FOLDER]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { World } from "../road/world.mjs";

const GOODS = Number(process.env.BENCH_GOODS ?? 100_000);
const folder = mkdtempSync(`${process.argv[2] ?? tmpdir()}/huodan-reading-`);
const rows = (name) => readFileSync(`data/demo/${name}.csv`, "utf8").trim().split("\n");

// The demo's goods, then the same again under invented brands, with their other names and units.
function goods() {
  const [head, ...own] = rows("products"), at = head.split(",");
  const column = (name) => at.indexOf(name), all = own.map((line) => line.split(","));
  const chars = [...new Set(all.map((row) => row[column("name")]).join("").replace(/[^\u4e00-\u9fff]/g, ""))];
  const units = new Map();
  for (const line of rows("units").slice(1)) units.set(line.split(",")[0], [...(units.get(line.split(",")[0]) ?? []), line.split(",")]);
  const products = [head, ...own], sold = rows("units");
  for (let i = 0; products.length <= GOODS; i++) {
    const row = [...all[i % all.length]], brand = chars[(i * 7) % chars.length] + chars[(i * 13 + 5) % chars.length], sku = `Z${i}`;
    for (const unit of units.get(row[0]) ?? []) sold.push([sku, unit[1], unit[2], unit[3], "", unit[5]].join(","));
    row[0] = sku;
    row[column("name")] = brand + row[column("name")];
    row[column("barcode")] = "";
    row[column("aliases")] = row[column("aliases")].split("|").slice(0, 3).map((alias) => brand + alias).join("|");
    products.push(row.join(","));
  }
  return { products, sold };
}

function bring(world, kind, lines) {
  writeFileSync(`${folder}/${kind}.csv`, lines.join("\n"));
  world.command(["import", kind, `${folder}/${kind}.csv`]);
}

const memory = (pid) => Math.round(Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024);

async function read(world, text) {
  const began = performance.now();
  await world.post("clerk", "/intake/parse", { text, channel: "chat", customer: "C001", history: [] });
  return performance.now() - began;
}

async function often(world, text, times) {
  const took = [];
  for (let i = 0; i < times; i++) took.push(await read(world, text));
  return took.sort((a, b) => a - b);
}

const world = new World("SQLite", `sqlite:${folder}/reading.db`), { products, sold } = goods();
world.people(["clerk", "admin"]);
bring(world, "customers", rows("customers"));
bring(world, "products", products);
for (let i = 1; i < sold.length; i += 150_000) bring(world, "units", [sold[0], ...sold.slice(i, i + 150_000)]);
bring(world, "customer_aliases", rows("customer_aliases"));
await world.serve();
const before = memory(world.server.pid), first = await read(world, "土豆2件");
const sentence = "土豆2件，洋葱1袋半，老姜二斤三两，明早6点送到后门，青椒十斤要好的，豆腐两板，香菜不要太老的，小米辣３斤，电话199-0000-1007，紫薯5斤，";
const long = await often(world, sentence.repeat(20).slice(0, 1000), 200), short = await often(world, "土豆2件 洋葱1袋", 200);
console.log(`products ${products.length - 1}
first message, builds the index   ${first.toFixed(0)} ms
1000 characters                   median ${long[100].toFixed(1)} ms, 99 of 100 within ${long[197].toFixed(1)} ms
2 lines                           median ${short[100].toFixed(2)} ms
memory of the server              ${before} MB before, ${memory(world.server.pid)} MB with the index`);
await world.end();
rmSync(folder, { recursive: true, force: true });
