// A real IMAP server in a folder of its own, and a wire to it that can be cut, slowed and held.
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const free = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

export const dovecotThere = () => existsSync("/usr/sbin/dovecot");

export async function dovecot() {
  const folder = mkdtempSync(join(tmpdir(), "huodan-imap-"));
  const root = process.getuid() === 0;
  const id = (what) => Number(spawnSync("id", [what, root ? "mail" : process.env.USER ?? ""], { encoding: "utf8" }).stdout);
  const uid = root ? id("-u") : process.getuid(), gid = root ? id("-g") : process.getgid();
  const port = await free();
  const box = join(folder, "mail");
  for (const dir of ["", "/new", "/cur", "/tmp"]) mkdirSync(box + dir, { recursive: true });
  const me = spawnSync("id", ["-un"], { encoding: "utf8" }).stdout.trim();
  writeFileSync(join(folder, "conf"), `protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${box}
first_valid_uid = 1
first_valid_gid = 1
${root ? "" : `default_internal_user = ${me}\ndefault_login_user = ${me}`}
mailbox_list_index = no
service imap-login {
  chroot =
  inet_listener imap { port = ${port} }
  inet_listener imaps { port = 0 }
}
service anvil { chroot = }
passdb {
  driver = static
  args = password=open-sesame
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}
}
`.replace("inet_listener imap { port = " + port + " }", `inet_listener imap {\n    port = ${port}\n  }`)
    .replace("inet_listener imaps { port = 0 }", "inet_listener imaps {\n    port = 0\n  }")
    .replace("service anvil { chroot = }", "service anvil {\n  chroot =\n}"));
  const own = (path) => { if (root) chownSync(path, uid, gid); };
  for (const path of [folder, box, `${box}/new`, `${box}/cur`, `${box}/tmp`]) own(path);
  let server;
  const start = async () => {
    server = spawn("/usr/sbin/dovecot", ["-F", "-c", join(folder, "conf")], { stdio: "ignore" });
    for (let i = 0; i < 100; i++) {
      if (await new Promise((resolve) => { const s = connect(port, "127.0.0.1", () => { s.destroy(); resolve(true); }); s.on("error", () => resolve(false)); })) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("Dovecot does not answer");
  };
  const stop = () => new Promise((resolve) => { server.on("exit", resolve); server.kill("SIGTERM"); });
  await start();

  // The wire: whim() says of each new connection null, "refuse", "hang", or after how many bytes from the server it is cut.
  const wire = { whim: () => null, connections: 0 };
  const open = new Set();
  const proxy = createServer((near) => {
    const whim = wire.whim();
    wire.connections++;
    open.add(near);
    near.on("close", () => open.delete(near));
    near.on("error", () => {});
    if (whim === "refuse") return near.destroy();
    if (whim === "hang") return undefined;
    const far = connect(port, "127.0.0.1");
    let left = typeof whim === "number" ? whim : Infinity;
    far.on("error", () => near.destroy());
    far.on("close", () => near.end());
    near.on("close", () => far.destroy());
    near.pipe(far);
    far.on("data", (chunk) => {
      near.write(chunk.subarray(0, Math.min(chunk.length, left)));
      left -= chunk.length;
      if (left <= 0) { near.destroy(); far.destroy(); }
    });
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  let n = 0;
  return {
    wire, start, stop, port: proxy.address().port,
    deliver(bytes) {
      const name = `${Date.now()}.${n++}.huodan`;
      writeFileSync(`${box}/tmp/${name}`, bytes);
      own(`${box}/tmp/${name}`);
      renameSync(`${box}/tmp/${name}`, `${box}/new/${name}`);
    },
    // Maildir writes flags into the name: S is seen.
    seen: () => [...readdirSync(`${box}/cur`), ...readdirSync(`${box}/new`)].filter((f) => /:2,.*S/.test(f)).length,
    all: () => readdirSync(`${box}/cur`).length + readdirSync(`${box}/new`).length,
    // As after a restore from a copy: the same mails, other uids.
    forget() { for (const f of readdirSync(box)) if (f.startsWith("dovecot")) rmSync(join(box, f), { recursive: true }); },
    async close() { for (const s of open) s.destroy(); proxy.close(); await stop(); rmSync(folder, { recursive: true, force: true }); },
  };
}
