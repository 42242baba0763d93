// The disk under the running server (SQLite): power cuts rebuilt from a recording of its system calls, and one call after
// the other failing. After each, `huodan verify --acks` on what is left.
//   POINTS=300 STEP=1 node test/faults/disk_test.mjs
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../road/world.mjs";

const points = process.env.POINTS ?? "10", step = Number(process.env.STEP ?? 0), seed = process.env.SEED ?? "1";
const folder = mkdtempSync(join(tmpdir(), "huodan-disk-")), data = join(folder, "data"), clean = join(folder, "clean");
const check = `${binary} verify --db sqlite:$FAULT_DIR/h.db --acks $FAULT_ACKS`;
let passed = 0, failed = 0, skipped = 0;

// Who is traced cannot be looked through for leaks.
const run = (command, args, env = {}) => spawnSync(command, args,
  { encoding: "utf8", env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0:verify_asan_link_order=0", ...env }, maxBuffer: 1 << 28 });
const flow = (orders) => ["--", process.execPath, "test/faults/flow.mjs", "run", data, String(orders)];
const fresh = () => { rmSync(data, { recursive: true, force: true }); cpSync(clean, data, { recursive: true }); };

function faults(name, args, env) {
  fresh();
  const done = run("python3", ["test/faults/faults.py", ...args], env);
  const [, good, bad] = /(\d+) passed, (\d+) failed/.exec(done.stdout) ?? [0, 0, -1];
  return { name, good: Number(good), bad: Number(bad), said: done.stdout + done.stderr };
}

function expect(result, fine) {
  if (fine) { passed++; console.log(`disk: ${result.name}: ${result.good} states hold`); return; }
  failed++;
  console.log(`FAILED disk: ${result.name}\n${result.said.split("\n").slice(-14).join("\n")}`);
}

const crash = (n, orders, env, name) => faults(name, ["crash", "--dir", data, "--seed", seed, "--ack", '"id":(\\d+),"number":"SO',
  "--points", String(n), "--repeat", "1", "--check", check, ...flow(orders)], env);
const sweep = (calls, errno, from, each, more = []) => faults(`${calls} fails with ${errno}${more.length ? " from then on" : ""}`,
  ["sweep", "--dir", data, "--calls", calls, "--errno", errno, "--path", join(data, "h.db"), "--path", join(data, "h.db-wal"), "--ack", "ACK (\\d+)",
    "--start", String(from), "--step", String(step || each), "--max", step ? "400" : String(from + 3 * each), "--never", "refused:.*", "--check", check, ...more, ...flow(2)]);

function all() {
  mkdirSync(data);
  const made = run(process.execPath, ["test/faults/flow.mjs", "setup", data]);
  if (made.status !== 0) throw new Error(made.stderr);
  cpSync(data, clean, { recursive: true });
  let result = crash(points, 4, {}, "power cuts");
  expect(result, result.good > 0 && result.bad === 0);
  run("cc", ["-shared", "-fPIC", "-o", join(folder, "nosync.so"), "test/faults/nosync.c"]);
  result = crash(10, 4, { LD_PRELOAD: join(folder, "nosync.so") }, "power cuts with syncs that lie are found");
  expect(result, result.bad > 0);
  for (const one of [["pwrite64", "EIO", 3, 17], ["fdatasync", "EIO", 2, 7], ["pwrite64", "ENOSPC", 20, 31, ["--persist"]], ["openat", "EMFILE", 1, 1]]) {
    result = sweep(...one);
    expect(result, result.bad === 0 && (result.good > 0 || one[0] === "openat"));
  }
}

if (run("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0) all();
else { skipped++; console.log("disk: no strace here, skipped"); }
rmSync(folder, { recursive: true, force: true });
console.log(`disk: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
