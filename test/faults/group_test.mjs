// The write lane's groups, on the running server: a bad request rolls back alone; a COMMIT that fails is told to its whole
// group and leaves nothing; a kill between COMMIT and the answers loses and doubles nothing.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { bothEngines, day } from "../road/world.mjs";

const TOGETHER = 40;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// SQL from outside, as an operator would type it.
const file = (world) => world.url.slice("sqlite:".length);
const sql = (world, text) => {
  const done = world.name === "SQLite" ? spawnSync("sqlite3", [file(world), text], { encoding: "utf8" }) : spawnSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", world.url, "-c", text], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${text}: ${done.stderr}`);
  return done.stdout.trim();
};

const waiting = async (world) => Number(/^huodan_lane_waiting (\d+)/m.exec(await (await fetch(`${world.base}/metrics`)).text())[1]);

// Somebody else writes for a while: whoever comes meanwhile waits, and goes on as one group.
async function whileLocked(world, then) {
  const [command, args, text] = world.name === "SQLite"
    ? ["sqlite3", [file(world)], ".timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'locked';\n"]
    : ["psql", ["-qAt", world.url], "BEGIN;\nLOCK TABLE orders IN EXCLUSIVE MODE;\nSELECT 'locked';\n"];
  const other = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const locked = new Promise((resolve) => other.stdout.on("data", (said) => { if (/locked/.test(said)) resolve(); }));
  other.stdin.write(text);
  await locked;
  const answers = then();
  for (let ms = 0; ms < 3000 && (await waiting(world)) < TOGETHER - 8; ms += 20) await wait(20);
  await wait(50);
  other.stdin.end("ROLLBACK;\n");
  return answers;
}

const order = (name, n, more = {}) => ({ channel: "phone", external_id: `${name}-${n}`, customer: "C1", delivery_date: day(1), lines: [{ sku: "S1", quantity: "1" }], ...more });
const create = (world, name, n, more) => world.raw("clerk", "POST", "/orders", { body: order(name, n, more), headers: { "Idempotency-Key": `${name}-${n}` } });
// The bad one comes when many wait already, so that it stands among them.
const all = (world, name, bad) => Promise.all(Array.from({ length: TOGETHER }, async (_, n) => {
  if (n === 7 && bad) for (let ms = 0; ms < 1500 && (await waiting(world)) < TOGETHER / 2; ms += 10) await wait(10);
  return create(world, name, n, n === 7 ? bad : {}).catch((error) => ({ status: 0, text: error.message }));
}));
const there = (world, name) => Number(sql(world, `SELECT COUNT(*) FROM orders WHERE external_id LIKE '${name}-%'`));

async function restart(world) {
  await world.end();
  await world.serve();
}

async function badAlone(world, check) {
  const answers = await whileLocked(world, () => all(world, "alone", { customer: "nobody" }));
  check("one bad among many is refused alone", answers.every((a, n) => a.status === (n === 7 ? 422 : 201)), answers.map((a) => a.status));
  check("the others are there, the bad one is not", there(world, "alone") === TOGETHER - 1, there(world, "alone"));
}

const poison = {
  SQLite: ["CREATE TABLE poison_of(id INTEGER PRIMARY KEY); CREATE TABLE poison(id INTEGER REFERENCES poison_of(id) DEFERRABLE INITIALLY DEFERRED);"
    + "CREATE TRIGGER poison_now AFTER INSERT ON orders WHEN NEW.remarks = 'poison' BEGIN INSERT INTO poison VALUES (1); END;",
    "DROP TRIGGER poison_now; DROP TABLE poison; DROP TABLE poison_of;"],
  PostgreSQL: ["CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;"
    + "CREATE CONSTRAINT TRIGGER poison_now AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.remarks = 'poison') EXECUTE FUNCTION poison();",
    "DROP TRIGGER poison_now ON orders; DROP FUNCTION poison();"],
};

// The database itself says no at the COMMIT, for what one of them brought.
async function commitFails(world, check) {
  sql(world, poison[world.name][0]);
  const answers = await whileLocked(world, () => all(world, "fails", { remarks: "poison" }));
  const late = answers.filter((a) => a.status === 503).length, done = answers.filter((a) => a.status === 201).length;
  check("a group hears 503 or 201, nothing else", late + done === TOGETHER, answers.map((a) => a.status));
  check("a failing COMMIT is told to its whole group", answers[7].status === 503 && late > (world.name === "SQLite" ? TOGETHER / 8 : 0), { late, done }); // two lanes share them otherwise each time
  check("503 says when to come again", answers.every((a) => a.status !== 503 || a.body.code === "BUSY"), answers[7].text);
  await restart(world);
  check("nothing of the group is there after a restart", there(world, "fails") === done, { there: there(world, "fails"), done });
  sql(world, poison[world.name][1]);
  const again = await all(world, "fails", { remarks: "poison" });
  check("asked again, each is done once", again.every((a) => a.status === 201) && there(world, "fails") === TOGETHER, again.map((a) => a.status));
  check("who had an answer gets the same", answers.every((a, n) => a.status !== 201 || a.text === again[n].text));
}

// ---- by strace: the lane's own thread meets the fault ----

const lanes = (pid) => readdirSync(`/proc/${pid}/task`).filter((tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, "utf8").trim() === "lane");

// Resolves when every lane is traced; undefined where tracing is not allowed.
function inject(world, what) {
  const args = ["-qq", ...lanes(world.server.pid).flatMap((tid) => ["-p", tid]), "-e", `trace=${what.split(":")[0]}`, "-e", "signal=none", "-e", `inject=${what}`, "-o", "/dev/null"];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((resolve) => {
    tracer.once("error", () => resolve(undefined));
    tracer.once("exit", () => resolve(undefined));
    const look = setInterval(() => {
      const traced = lanes(world.server.pid).every((tid) => !/TracerPid:\t0\n/.test(readFileSync(`/proc/${world.server.pid}/task/${tid}/status`, "utf8")));
      if (traced) { clearInterval(look); resolve(tracer); }
    }, 10);
    setTimeout(() => { clearInterval(look); resolve(undefined); }, 5000);
  });
}

// The disk says no to the sync: what is on it now, nobody knows, so nobody is told "done".
async function syncFails(world, check) {
  if (world.name !== "SQLite") return true;
  const tracer = await inject(world, "fdatasync,fsync:error=EIO:when=1+"); // all of them: how many groups come of the forty is the scheduler's to say
  if (!tracer) return false;
  const answers = await whileLocked(world, () => all(world, "sync"));
  tracer.kill("SIGINT");
  const late = answers.filter((a) => a.status === 503).length;
  check("a sync that fails is told to the whole group", late === TOGETHER, answers.map((a) => a.status));
  await restart(world);
  check("and nothing of it is there after a restart", there(world, "sync") === 0, there(world, "sync"));
  const again = await all(world, "sync");
  check("asked again, each is done once", again.every((a) => a.status === 201) && there(world, "sync") === TOGETHER, again.map((a) => a.status));
  return true;
}

// The first thing a lane writes after its COMMIT wakes the thread that answers: there it dies.
async function killedBetween(world, check) {
  const tracer = await inject(world, "write:signal=KILL:when=1");
  if (!tracer) return false;
  const gone = new Promise((resolve) => world.server.once("exit", resolve));
  const answers = await whileLocked(world, () => all(world, "between"));
  await gone;
  const before = there(world, "between");
  check("nobody was answered", answers.every((a) => a.status === 0), answers.map((a) => a.status));
  check("yet what was committed is there", before > 0, before);
  world.command(["verify"]);
  await world.serve();
  const again = await all(world, "between");
  check("the same keys bring the answers, and nothing twice", again.every((a) => a.status === 201) && there(world, "between") === TOGETHER, again.map((a) => a.status));
  return true;
}

bothEngines("group", ["clerk", "warehouse", "admin"], async (world, check) => {
  await world.post("admin", "/customers", { code: "C1", name: "江南第一中学食堂" });
  await world.post("admin", "/products", { sku: "S1", name: "苹果", base_unit: "件", price: "1.00" });
  await badAlone(world, check);
  await commitFails(world, check);
  const traced = (await syncFails(world, check)) && (await killedBetween(world, check));
  if (!traced) for (const part of ["a disk that fails", "killed between two writes"]) check.skip(`${part}: no strace here`);
});
