// A copy is made while orders come in: what it holds is a state the company was in, it is put in place elsewhere, and all
// that must hold of the company holds of the copy. Restoring over something is refused.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { World, binary, bothEngines, day } from "./world.mjs";

const order = (n) => ({ channel: "online", external_id: `copy-${n}`, customer: "C1", delivery_date: day(1), lines: [{ sku: "P1", quantity: "1" }] });

// A second, empty place on the same engine.
function elsewhere(world, folder) {
  if (world.url.startsWith("sqlite:")) return `sqlite:${folder}/copy.db`;
  const made = spawnSync("psql", [world.url, "-qc", "CREATE DATABASE copy"], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return world.url.replace(/\/[^/?]+\?/, "/copy?");
}

bothEngines("backup", ["clerk", "admin"], async (world, check) => {
  const folder = mkdtempSync(join(tmpdir(), "huodan-copy-")), file = `${folder}/copy`;
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂", credit_limit: "9999.00", credit_days: 30 });
  await world.post("admin", "/products", { sku: "P1", name: "大米", base_unit: "袋", price: "10.00" });
  const acknowledged = [];
  for (let n = 0; n < 50; n++) acknowledged.push((await world.post("clerk", "/orders", order(n))).number);
  const more = (async () => { for (let n = 50; n < 400; n++) await world.post("clerk", "/orders", order(n)); })();
  const copied = await new Promise((resolve) => spawn(binary, ["backup", file, "--db", world.url]).once("exit", resolve));
  await more;
  check("the copy is made while others write", copied === 0, copied);
  const there = new World("copy", elsewhere(world, folder));
  there.command(["restore", file]);
  there.command(["verify"]);
  const again = spawnSync(binary, ["restore", file, "--db", there.url], { encoding: "utf8" });
  check("nothing is written over", again.status === 1 && /already/.test(again.stderr), again.stderr);
  const restored = there.command(["export", "orders"]);
  const missing = acknowledged.filter((number) => !new RegExp(`\\b${number}\\b`).test(restored));
  check("the orders acknowledged before are in it", missing.length === 0, missing);
  rmSync(folder, { recursive: true, force: true });
});
