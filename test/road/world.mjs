// What the tests of the road share: a database of their own on either engine, a server on it, people with keys, a client.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const binary = `${process.env.BUILD ?? "build"}/huodan`;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export const stopAgent = () => agent.destroy();

export const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);

// One exchange; the body may be a value (sent as JSON) or bytes as they are.
export function exchange(base, method, path, { key, body, headers = {} } = {}) {
  const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const head = { Accept: "application/json", "Accept-Language": "en", ...(key && { Authorization: `Bearer ${key}` }),
    ...(bytes && { "Content-Type": "application/json", "Content-Length": bytes.length }), ...headers };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(`${base}/api/v1${path}`, { method, headers: head, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const ms = performance.now() - began;
        const text = Buffer.concat(parts).toString();
        let parsed = null;
        try { parsed = JSON.parse(text); } catch { /* not JSON */ }
        resolve({ status: answer.statusCode, text, body: parsed, ms });
      });
    });
    sent.on("error", reject);
    sent.end(bytes ?? undefined);
  });
}

export class World {
  constructor(name, url) {
    Object.assign(this, { name, url, keys: {}, skipped: new Set() });
  }

  // What cannot be seen here is counted, never passed over in silence.
  skip(what) {
    if (!this.skipped.has(what)) console.log(`on ${this.name}: ${what}, skipped`);
    this.skipped.add(what);
  }

  command(args, input) {
    const done = spawnSync(binary, [...args, "--db", this.url], { input, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`huodan ${args.join(" ")}: ${done.stderr}${done.stdout}`);
    return done.stdout.trim();
  }

  people(logins) {
    this.command(["migrate"]);
    for (const login of logins) {
      this.command(["user", "add", login, "--role", login.replace(/\d$/, ""), "--name", login], "correct horse battery\n");
      this.keys[login] = this.command(["key", "add", login, "--note", "road"]);
    }
  }

  serve() {
    return new Promise((resolve, reject) => {
      this.server = spawn(binary, ["serve", "--db", this.url, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      this.server.stderr.on("data", (chunk) => {
        said = (said + chunk).slice(-4000);
        const ready = /huodan: ready (http:\S+)/.exec(said);
        if (ready) { this.base = ready[1]; resolve(this); }
      });
      this.server.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
    });
  }

  end() {
    return new Promise((resolve) => {
      this.server.once("exit", resolve);
      this.server.kill("SIGTERM");
    });
  }

  // Any answer; ask() wants one of the statuses named and throws on everything else.
  raw(who, method, path, more = {}) {
    return exchange(this.base, method, path, { key: this.keys[who], ...more });
  }
  async ask(who, method, path, body, ...wanted) {
    const answer = await this.raw(who, method, path, { body });
    if (!(wanted.length ? wanted : [200, 201]).includes(answer.status))
      throw new Error(`${who} ${method} ${path}: ${answer.status} ${answer.text.slice(0, 400)}\n    ${JSON.stringify(body ?? null).slice(0, 300)}`);
    return answer.body;
  }
  post(who, path, body, ...wanted) { return this.ask(who, "POST", path, body, ...wanted); }
  get(who, path) { return this.ask(who, "GET", path); }

  // From a body to an order in review; the review's id and version come with it.
  async inReview(body, clerk = "clerk") {
    const order = await this.post(clerk, "/orders", body);
    const { snapshot } = await this.post(clerk, `/orders/${order.id}/submit`);
    const { review } = await this.post(clerk, `/orders/${order.id}/confirm`, { method: "phone", person: "吴秀兰", snapshot });
    const { version } = await this.get("reviewer", `/reviews/${review}`);
    return { ...order, review, version };
  }
}

// Runs `tell(world)` on SQLite and, where there is one, on PostgreSQL; closes with the count.
export async function bothEngines(name, logins, tell) {
  const folder = mkdtempSync(join(tmpdir(), "huodan-road-"));
  let passed = 0, failed = 0, skipped = 0;
  chmodSync(folder, 0o755); // PostgreSQL runs as somebody else
  const pg = spawnSync("test/pg.sh", ["start", `${folder}/pg`], { encoding: "utf8" });
  const engines = [["SQLite", `sqlite:${folder}/road.db`], ["PostgreSQL", pg.status === 0 && pg.stdout.trim()]];
  for (const [engine, url] of engines) {
    if (!url) { console.log(`${name}: no ${engine} here, skipped`); skipped++; continue; }
    const world = new World(engine, url);
    const check = (what, truth, seen) => {
      if (truth) { passed++; return; }
      failed++;
      console.log(`FAILED ${name} on ${engine}: ${what}${seen === undefined ? "" : `: ${JSON.stringify(seen).slice(0, 500)}`}`);
    };
    check.skip = (what) => { skipped++; console.log(`${name} on ${engine}: ${what}, skipped`); };
    try {
      world.people(logins);
      await world.serve();
      await tell(world, check);
      skipped += world.skipped.size;
      check("serve ends well", (await world.end()) === 0);
      world.command(["verify"]);
      passed++;
    } catch (error) {
      failed++;
      console.log(`FAILED ${name} on ${engine}: ${error.stack}`);
      world.server?.kill("SIGKILL");
    }
  }
  if (pg.status === 0) spawnSync("test/pg.sh", ["stop", `${folder}/pg`]);
  rmSync(folder, { recursive: true, force: true });
  agent.destroy();
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed ? 1 : 0);
}
