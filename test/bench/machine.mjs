// What a figure was measured on, and the tools that measure: wrk, and one exchange after the other.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

export const load = () => loadavg()[0].toFixed(2);

// How often a second the disk makes 4 KiB last: what bounds every commit.
function syncs(folder) {
  const file = `${folder}/sync`, fd = openSync(file, "w"), block = Buffer.alloc(4096, 1);
  let n = 0;
  for (const end = Date.now() + 1000; Date.now() < end; n++) { writeSync(fd, block, 0, 4096, 4096 * n); fdatasyncSync(fd); }
  closeSync(fd);
  rmSync(file);
  return n;
}

export function machine(folder) {
  const os = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const fs = spawnSync("df", ["--output=fstype", folder], { encoding: "utf8" }).stdout.trim().split("\n").at(-1);
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${os}, Linux ${release()}, ${fs}, ` +
    `${syncs(folder)} syncs/s; client and server share it; load at the start ${load()}`;
}

// Runs wrk with one of our scripts; the answer has requests, seconds, errors, p50 and p99 in ms.
export function wrk(script, url, { connections = 1, seconds = 3, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "30s", "--latency", "-s", `test/bench/${script}.lua`, url],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (part) => { said += part; });
    child.on("close", () => {
      const line = /^\{.*\}$/m.exec(said)?.[0];
      if (!line || JSON.parse(line).errors) { reject(new Error(`wrk ${script} ${url}: ${said}`)); return; }
      const m = JSON.parse(line);
      resolve({ ...m, rate: m.requests / m.seconds });
    });
  });
}

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))];
}
export const p50 = (values) => percentile(values, 50);
export const p99 = (values) => percentile(values, 99);

export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024;
  return { now: mb("VmRSS"), most: mb("VmHWM") };
}
export const size = (file) => statSync(file).size;

// ---- the table ----

export const num = (x) => (x >= 1000 ? Math.round(x).toString().replace(/\B(?=(\d{3})+$)/g, " ") : x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const WIDTHS = [58, 12, 12, 8, 10, 10];
export function row(...cells) {
  console.log(`| ${WIDTHS.map((w, i) => (i ? String(cells[i] ?? "").padStart(w) : String(cells[i] ?? "").padEnd(w))).join(" | ")} |`);
}
export const watched = { pid: 0 };
export function table(title, ...head) {
  const now = watched.pid ? `, server ${memory(watched.pid).now.toFixed(0)} MB` : "";
  console.log(`\n${title} (load ${load()}${now})\n`);
  row(...head);
  console.log(`|${WIDTHS.map((w, i) => (i ? `${"-".repeat(w + 1)}:` : "-".repeat(w + 2))).join("|")}|`);
}
