// A server and its clients as one program, for faults.py to record or to disturb.
//   flow.mjs setup DIR      a company in DIR, its keys beside it
//   flow.mjs run DIR N      serves it, takes N orders along the road, stops; prints ACK ID for each order acknowledged
import { readFileSync, writeFileSync } from "node:fs";
import { World, stopAgent } from "../road/world.mjs";
import { Clients, furnish, people } from "./clients.mjs";

const [what, dir, count] = process.argv.slice(2);
const world = new World("SQLite", `sqlite:${dir}/h.db`);

async function setup() {
  world.people(people);
  await world.serve();
  await furnish(world);
  await world.end();
  writeFileSync(`${dir}.keys`, JSON.stringify(world.keys));
}

async function run() {
  world.keys = JSON.parse(readFileSync(`${dir}.keys`, "utf8"));
  try { await world.serve(); } catch { return console.log("it did not start"); }
  const clients = new Clients(world, 1, 40);
  clients.acknowledged = (id) => console.log(`ACK ${id}`);
  const roads = await Promise.allSettled(Array.from({ length: Number(count) }, (_, n) => clients.road(n)));
  const refused = roads.find((r) => r.status === "rejected" && !/nobody answers/.test(r.reason.message));
  if (world.server.exitCode === null && world.server.signalCode === null) await world.end();
  if (refused) console.log(`refused: ${refused.reason.message}`);
  console.log(`${clients.delivered} of ${count} delivered`);
}

await (what === "setup" ? setup() : run());
stopAgent();
