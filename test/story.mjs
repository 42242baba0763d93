// Stories: text files a salesperson could read, run against a real server. One file is one story; {u} is a word of its own,
// so that stories do not meet. Usage: node test/story.mjs BINARY DB-URL FILE...
//
//   as clerk
//   POST /orders {"channel":"phone", …} → 201, state "draft", save id as order
//   POST /orders/{order}/submit → 200, state "awaiting_confirmation", save snapshot
//   GET /stock?sku=A{u} → 200, items.0.available "5"
//   GET /orders.csv → 200, text has "A{u}"     of what is not JSON
//   signed SECRET ID                           what follows is signed with it as message ID (Standard Webhooks), until the next "as"
//   verify                                     recounts every invariant
//
// Lines that start with a space go on with the line before. {today} {tomorrow} {yesterday} {in_2_days} {in_9_days} are dates.
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const [binary, url, ...files] = process.argv.slice(2);
const roles = ["clerk", "clerk2", "reviewer", "reviewer2", "warehouse", "warehouse2", "service", "admin"];
const keys = {};
let passed = 0, failed = 0;

function command(args, input) {
  const done = spawnSync(binary, [...args, "--db", url], { input, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`huodan ${args.join(" ")}: ${done.stderr}${done.stdout}`);
  return done.stdout.trim();
}

function people() {
  command(["migrate"]);
  for (const login of roles) {
    command(["user", "add", login, "--role", login.replace(/\d$/, ""), "--name", login], "correct horse battery\n");
    keys[login] = command(["key", "add", login, "--note", "story"]);
  }
}

function serve() {
  return new Promise((resolve, reject) => {
    const server = spawn(binary, ["serve", "--db", url, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    server.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
      const ready = /huodan: ready (http:\S+)/.exec(said);
      if (ready) resolve({ server, base: ready[1] });
    });
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
}

const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);
const at = (value, path) => path.split(".").reduce((v, k) => v?.[k], value);

// Lines of a story, with what continues them joined.
function steps(text) {
  const all = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (/^\s/.test(line) && all.length) all.at(-1).text += ` ${line.trim()}`;
    else all.push({ text: line.trim(), line: i + 1 });
  }
  return all;
}

// "a.b "text"", "a.b 5", "a.b missing", "save a.b as name", "header ETag"
function expect(want, answer, words) {
  const save = /^save (\S+)(?: as (\S+))?$/.exec(want);
  if (save) {
    const value = at(answer.body, save[1]);
    if (value === undefined || value === null) return `nothing at ${save[1]}`;
    words[save[2] ?? save[1]] = value;
    return null;
  }
  const [, path, literal] = /^(\S+) ([\s\S]+)$/.exec(want) ?? [];
  if (path === "text" && typeof answer.body === "string") { // of a document that is not JSON: text has "words", text lacks "words"
    const [, how, words] = /^(has|lacks) (".*")$/s.exec(literal) ?? [];
    if (!how) return `cannot read "${want}"`;
    return answer.text.includes(JSON.parse(words)) === (how === "has") ? null : `the text ${how === "has" ? "lacks" : "has"} ${words}`;
  }
  if (!path) return `cannot read "${want}"`;
  const have = at(answer.body, path);
  if (literal === "missing") return have === undefined || have === null ? null : `${path} is ${JSON.stringify(have)}`;
  if (literal === "present") return have !== undefined && have !== null ? null : `${path} is missing`;
  if (literal.startsWith("has ")) return JSON.stringify(have ?? null).includes(literal.slice(4)) ? null : `${path} is ${JSON.stringify(have)}`;
  if (literal.startsWith("lacks ")) return JSON.stringify(have ?? null).includes(literal.slice(6)) ? `${path} has ${literal.slice(6)}` : null;
  const wanted = JSON.parse(literal);
  return JSON.stringify(have) === JSON.stringify(wanted) ? null : `${path} is ${JSON.stringify(have)}, not ${literal}`;
}

function signature({ secret, id }, body) {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : secret;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const sum = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${sum}` };
}

async function request(base, step, key, signer) {
  const [, method, path, rest] = /^(GET|POST|PUT|DELETE) (\S+)\s*([\s\S]*)$/.exec(step) ?? [];
  const [body, , wants] = rest.split(/(→)/);
  const headers = { Accept: "application/json", "Accept-Language": "en" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body.trim()) headers["Content-Type"] = "application/json";
  const idempotency = /^\[([^\]]+)\]\s*/.exec(body.trim());
  if (idempotency) headers["Idempotency-Key"] = idempotency[1];
  const sent = body.trim().replace(/^\[[^\]]+\]\s*/, "");
  if (signer) Object.assign(headers, signature(signer, sent));
  const answer = await fetch(`${base}${path.startsWith("/api") ? "" : "/api/v1"}${path}`,
    { method, headers, body: method === "GET" ? undefined : sent || undefined });
  const text = await answer.text();
  let parsed = text;
  try { parsed = JSON.parse(text); } catch { /* not JSON: a document */ }
  return { status: answer.status, body: parsed, text, wants: wants.trim() };
}

// Commas between expectations, but not those inside quotes or brackets.
function split(wants) {
  const parts = [""];
  let deep = 0, quoted = false;
  for (const ch of wants) {
    if (ch === '"') quoted = !quoted;
    if (!quoted && "[{".includes(ch)) deep++;
    if (!quoted && "]}".includes(ch)) deep--;
    if (ch === "," && !deep && !quoted) parts.push("");
    else parts[parts.length - 1] += ch;
  }
  return parts.map((p) => p.trim()).filter(Boolean);
}

async function tell(base, file, number) {
  const words = { u: `${number.toString(36)}${Date.now().toString(36).slice(-4)}`.toUpperCase(), today: day(0), tomorrow: day(1), yesterday: day(-1), in_2_days: day(2), in_9_days: day(9) };
  let who = null, signer = null;
  for (const { text, line } of steps(readFileSync(file, "utf8"))) {
    const step = text.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
    if (step.startsWith("as ")) { who = step === "as nobody" ? null : keys[step.slice(3)]; signer = null; continue; }
    if (step.startsWith("signed ")) { const [, secret, id] = step.split(" "); signer = { secret, id }; continue; }
    if (step === "verify") { command(["verify"]); continue; }
    const answer = await request(base, step, who, signer);
    const [status, ...wants] = split(answer.wants);
    const wrong = String(answer.status) !== status ? `status ${answer.status}, not ${status}` : wants.map((w) => expect(w, answer, words)).find(Boolean);
    if (wrong) throw new Error(`${file}:${line}: ${wrong}\n    ${step.slice(0, 300)}\n    ${answer.text.slice(0, 600)}`);
  }
}

people();
const { server, base } = await serve();
server.removeAllListeners("exit");
for (const [i, file] of files.entries()) {
  try {
    await tell(base, file, i + 1);
    passed++;
  } catch (error) {
    failed++;
    console.error(`FAILED ${error.message}`);
  }
}
const ended = new Promise((resolve) => server.on("exit", resolve));
server.kill("SIGTERM");
const code = await ended;
try {
  if (code !== 0) throw new Error(`serve exited with ${code}`);
  command(["verify"]);
  passed++;
} catch (error) {
  failed++;
  console.error(`FAILED at the end: ${error.message}`);
}
console.log(`stories: ${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
