// Orders by mail: a real Dovecot behind a wire that breaks, a server that is killed, mails that are bombs; each mail is kept
// once, is flagged only then, and its sender is told once.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { bothEngines } from "./world.mjs";
import { dovecot, dovecotThere } from "./dovecot.mjs";
import { smtpPeer, until } from "./peers.mjs";

const own = "src/mod/mail/test/";
const shared = "../shared/data/mail/";
const set = (world, name, value) => world.post("admin", "/settings", { name, value });
const entries = (world, more = "") => world.get("clerk", `/intake?limit=200&channel=email${more}`).then((a) => a.items);
const mails = (world, more = "") => world.get("clerk", `/mails?limit=200${more}`).then((a) => a.items);

function mail({ id, from = "order006@canteen.example.com", subject = "order", body = "土豆 8件\n", more = "" }) {
  return `From: <${from}>\r\nTo: <order@huodan.example.com>\r\nSubject: ${subject}\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\n` +
    `${id ? `Message-ID: <${id}>\r\n` : ""}${more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}`;
}

function nested(depth) {
  let head = "From: <bomb@example.com>\r\nMessage-ID: <bomb@example.com>\r\nSubject: bomb\r\nMIME-Version: 1.0\r\n";
  for (let i = 0; i < depth; i++) head += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
  return head;
}

async function ordinary(world, check, box, post) {
  const files = readdirSync(own).filter((f) => f.endsWith(".eml")).sort();
  for (const file of files) box.deliver(readFileSync(own + file));
  await until(async () => (await mails(world)).length >= files.length);
  const all = await entries(world);
  check("each mail is in the inbox", all.length === files.length, all.map((e) => e.subject));
  check("flagged, and only then", await until(() => box.seen() === files.length), [box.seen(), files.length]);
  const texts = await Promise.all(all.map((e) => world.get("clerk", `/intake/${e.id}`)));
  const of = (subject) => texts.find((t) => t.subject.includes(subject));
  check("UTF-8", of("江南一中食堂").text.includes("鸡大胸 6件") && of("江南一中食堂").sender === "order006@canteen.example.com");
  check("GBK", of("宴会用料确认").text.includes("基围虾 60斤"));
  check("GB18030", of("康和医院").text.includes("王䶮") && of("康和医院").text.includes("🙏"));
  check("HTML: hidden and struck out is not read", of("蜀香渝").text.includes("土豆\t3\t袋") && !/请忽略|鱼豆腐/.test(of("蜀香渝").text), of("蜀香渝").text);
  check("CSV in GBK", of("补货单").lines.length >= 3 && /补货单/.test(of("补货单").filename), of("补货单"));
  check("XLSX", of("用料单").lines.length >= 3 && /xlsx/.test(of("用料单").filename), of("用料单"));
  await until(() => post.mails.length >= files.length);
  check("each sender is told, once", post.mails.length === files.length && new Set(post.mails.map((m) => m.to[0])).size === files.length, post.mails.map((m) => m.to));
  check("the answer belongs to the mail", post.mails.every((m) => m.headers["in-reply-to"] && m.subject.startsWith("Re: ")), post.mails[0]?.headers);
}

async function twice(world, check, box, post) {
  const before = (await entries(world)).length, told = post.mails.length, done = (await mails(world)).length;
  const same = mail({ id: "same@kh.example.com" });
  box.deliver(same);
  box.deliver(same.replace("From:", "Received: by another.example.com; Tue, 24 Nov 2026 03:00:01 +0000\r\nFrom:"));
  box.deliver(mail({ id: "same@kh.example.com", body: "白菜 3件\n" }));
  box.deliver(mail({ body: "无号 1件\n" }));
  box.deliver(mail({ body: "无号 1件\n" }));
  box.deliver(mail({ id: "robot@kh.example.com", body: "不在办公室\n", more: "Auto-Submitted: auto-replied\r\n" }));
  await until(async () => (await mails(world)).length >= done + 6);
  check("the same mail once, by its number and its words", (await entries(world)).length === before + 4, (await entries(world)).map((e) => e.external_id));
  check("two were duplicates", (await mails(world, "&state=duplicate")).length === 2);
  await until(() => post.mails.length >= told + 2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  check("robots are not answered", post.mails.length === told + 2, post.mails.slice(told).map((m) => m.to));
  // The answer to our answer goes where the first mail is.
  const ours = post.mails.find((m) => m.headers["in-reply-to"] === "<same@kh.example.com>");
  box.deliver(mail({ id: "again@kh.example.com", body: "再加一件\n", more: `In-Reply-To: ${ours.id}\r\n` }));
  const reply = await until(async () => (await entries(world)).find((e) => e.external_id === "again@kh.example.com" || e.begins?.includes("再加一件")));
  const { in_reply_to } = await world.get("clerk", `/intake/${reply.id}`);
  check("a reply finds what it answers", in_reply_to === undefined || in_reply_to === "same@kh.example.com", in_reply_to);
}

async function orderReply(world, check, box) {
  await world.post("admin", "/products", { sku: "M1", name: "黄心土豆", base_unit: "件", price: "10.00" });
  await world.post("admin", "/customers", { code: "M1", name: "回信客户", email: "m1@kh.example.com", credit_limit: "9999.00" });
  const order = await world.post("clerk", "/orders", { channel: "phone", customer: "M1", delivery_date: new Date(Date.now() + 2 * 86400e3).toISOString().slice(0, 10), lines: [{ sku: "M1", quantity: "1" }] });
  box.deliver(mail({ id: "number@kh.example.com", from: "m1@kh.example.com", subject: `Re: ${order.number}`, body: "晚一天送\n" }));
  await until(async () => (await mails(world)).some((m) => m.order_id === order.id));
  const { items } = await world.get("clerk", `/orders/${order.id}/timeline`);
  check("a mail about an order is on its timeline", items.some((e) => e.kind === "mail.received"), items.map((e) => e.kind));
}

async function bombs(world, check, box) {
  const before = (await mails(world, "&state=set_aside")).length;
  box.deliver(nested(20000));
  box.deliver(Buffer.concat([Buffer.from("From: <a@x.example.com>\r\nMessage-ID: <noise@x>\r\nContent-Type: text/plain\r\n\r\n"), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255))]));
  box.deliver(mail({ id: "after@kh.example.com", body: "之后 1件\n" }));
  check("the next mail is read", await until(async () => (await mails(world)).some((m) => m.message_id === "after@kh.example.com"), 60000));
  const aside = await mails(world, "&state=set_aside");
  check("the bomb is set aside where people see it", aside.length > before && aside.some((m) => m.problem && m.intake_id), aside);
}

async function badWire(world, check, box, post) {
  const start = (await entries(world)).length;
  let n = 0;
  box.wire.whim = () => ["refuse", 2500, 4000, 9000][n++] ?? null;
  for (let i = 0; i < 10; i++) box.deliver(mail({ id: `wire-${i}@kh.example.com`, from: `w${i}@kh.example.com`, body: `土豆 ${i + 1}件\n${"大白菜要好的\n".repeat(40)}` }));
  await until(async () => n >= 2 && (await world.get("clerk", "/mailboxes")).items[0]?.error, 30000);
  check("that it fails is said", Boolean((await world.get("clerk", "/mailboxes")).items[0].error));
  await until(async () => (await entries(world)).length >= start + 10, 90000);
  check("a broken wire loses and doubles nothing", (await entries(world)).length === start + 10, (await entries(world)).length - start);
  const told = () => post.mails.filter((m) => /^w\d@/.test(m.to[0])).map((m) => m.to[0]);
  await until(() => told().length >= 10);
  check("each is answered once", told().length === 10 && new Set(told()).size === 10, told());
  check("all are flagged", await until(() => box.seen() === box.all(), 30000), [box.seen(), box.all()]);
}

async function killed(world, check, box, post) {
  const start = (await entries(world)).length;
  const told = () => new Set(post.mails.map((m) => m.to[0]).filter((to) => /^k\d+@/.test(to))).size; // a mail may go out twice over a kill
  for (let i = 0; i < 12; i++) box.deliver(mail({ id: `kill-${i}@kh.example.com`, from: `k${i}@kh.example.com`, body: `青椒 ${i + 1}件\n` }));
  for (let i = 0; i < 2; i++) {
    await until(async () => (await entries(world)).length > start + i * 3, 15000);
    world.server.removeAllListeners("exit");
    const ended = new Promise((resolve) => world.server.once("exit", resolve));
    world.server.kill("SIGKILL");
    await ended;
    world.command(["verify"]);
    await world.serve();
  }
  await until(async () => (await entries(world)).length >= start + 12, 200000);
  check("a killed server loses and doubles nothing", (await entries(world)).length === start + 12, (await entries(world)).length - start);
  check("all senders are told", await until(() => told() === 12, 60000), told());
}

async function madeAnew(world, check, box) {
  const before = (await entries(world)).length, had = (await mails(world)).length;
  await box.stop();
  box.forget();
  await box.start();
  box.deliver(mail({ id: "fresh@kh.example.com", body: "新的 1件\n" }));
  await until(async () => (await mails(world)).some((m) => m.message_id === "fresh@kh.example.com"), 60000);
  check("a mailbox made anew doubles nothing", (await entries(world)).length === before + 1, (await entries(world)).length - before);
  check("what was there is known again", (await world.get("clerk", "/mails?limit=200&state=duplicate")).items.length > had / 2);
}

// Mails from all over the world: none may stop the worker.
async function others(world, check, box) {
  const files = ["stalwart-rfc", "stalwart-thirdparty", "webklex", "letters"].flatMap((d) => readdirSync(shared + d).filter((f) => /\.(eml|txt)$/.test(f)).map((f) => `${shared}${d}/${f}`));
  const had = (await mails(world)).length;
  for (const file of files) box.deliver(readFileSync(file));
  const total = async () => { let n = 0, cursor = ""; for (;;) { const a = await world.get("clerk", `/mails?limit=200${cursor}`); n += a.items.length; if (!a.next_cursor) return n; cursor = `&cursor=${a.next_cursor}`; } };
  const seen = await until(async () => (await total()) >= had + files.length, 120000);
  check("every foreign mail is kept or set aside", seen, [await total(), had, files.length]);
  const aside = (await mails(world, "&state=set_aside")).filter((m) => m.problem);
  console.log(`mail on ${world.name}: ${files.length} foreign mails, ${aside.length} set aside in all`);
}

if (!dovecotThere()) {
  console.log("mail: 0 passed, 0 failed, 1 skipped");
} else {
  bothEngines("mail", ["clerk", "reviewer", "warehouse", "admin"], async (world, check) => {
    const box = await dovecot(), post = await smtpPeer();
    try {
      for (const [name, value] of [["smtp.url", `smtp://127.0.0.1:${post.port}`], ["smtp.from", "dan@huodan.example.com"], ["post.first_retry_ms", "50"],
        ["mail.user", "orders"], ["mail.secret", "open-sesame"], ["mail.url", `imap://127.0.0.1:${box.port}`]]) await set(world, name, value);
      // Who wrote before the first look is not told.
      check("the mailbox is looked into", await until(async () => (await world.get("clerk", "/mailboxes")).items[0]?.checked_at));
      await ordinary(world, check, box, post);
      await twice(world, check, box, post);
      await orderReply(world, check, box);
      await bombs(world, check, box);
      if (world.name === "SQLite") await badWire(world, check, box, post);
      await madeAnew(world, check, box);
      if (world.name === "SQLite" && existsSync(shared)) await others(world, check, box);
      if (world.name === "SQLite") await killed(world, check, box, post);
    } finally {
      post.close();
      await box.close();
    }
  });
}
