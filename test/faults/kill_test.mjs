// kill -9 while people are at work, again and again: whoever got no answer asks again with the same key, whoever got one gets
// the same one again; every acknowledged order is there once, and every invariant holds after each kill.
//   KILLS=300 SEED=7 node test/faults/kill_test.mjs
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, bothEngines } from "../road/world.mjs";
import { Clients, chance, furnish, people } from "./clients.mjs";

const kills = Number(process.env.KILLS ?? 10), seed = Number(process.env.SEED ?? 1), CLIENTS = 8;

function verify(world, orders) {
  const file = join(tmpdir(), `huodan-acks-${process.pid}`);
  writeFileSync(file, [...orders].join("\n") + "\n");
  return spawnSync(binary, ["verify", "--db", world.url, "--acks", file], { encoding: "utf8" });
}

const dead = (server) => new Promise((resolve) => { server.once("exit", resolve); server.kill("SIGKILL"); });
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

bothEngines("kill", people, async (world, check) => {
  const clients = new Clients(world, seed), pick = chance(seed + 1);
  let slowest = 0;
  await furnish(world);
  const work = clients.run(CLIENTS);
  for (let n = 0; n < kills && clients.faults.length === 0; n++) {
    // In the midst of work, however fast this machine is.
    const enough = clients.answers.length + 20 + pick(80);
    for (let ms = 0; clients.answers.length < enough && ms < 20000; ms += 10) await wait(10);
    await wait(pick(30));
    let open;
    clients.up = new Promise((resolve) => { open = resolve; });
    await dead(world.server);
    const told = verify(world, clients.orders);
    check(`kill ${n + 1}: verify is clean, no acknowledged order is missing`, told.status === 0, told.stdout.split("\n").filter((l) => !l.startsWith("ok")));
    const begun = Date.now();
    await world.serve();
    slowest = Math.max(slowest, Date.now() - begun);
    await clients.sameAgain(20);
    open();
  }
  await wait(500);
  clients.over = true;
  await work;
  await clients.sameAgain(300);
  const there = await clients.allOrders();
  check("nobody met a refusal or another answer", clients.faults.length === 0, clients.faults);
  check("every order is there once, none that nobody ordered", there.length === new Set(there).size && there.length === clients.orders.size && there.every((id) => clients.orders.has(id)),
    { there: there.length, acknowledged: clients.orders.size });
  check("the work went on", clients.delivered > 0 && (kills < 5 || clients.repeats > 0), { delivered: clients.delivered, repeats: clients.repeats });
  console.log(`kill on ${world.name}: seed ${seed}, ${kills} kills, ${clients.orders.size} orders, ${clients.delivered} delivered, ${clients.answers.length} answers, ${clients.repeats} asked again; up again within ${slowest} ms`);
});
