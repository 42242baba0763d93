// A mailbox that is large, old and not quite well: what comes new is read, one bad mail holds up no other, and who wrote
// before anybody looked is not written to.
import { bothEngines } from "./world.mjs";
import { imapPeer, smtpPeer, until } from "./peers.mjs";

const set = (world, name, value) => world.post("admin", "/settings", { name, value });
const text = (n) => `From: <k${n}@kh.example.com>\r\nSubject: order ${n}\r\nMessage-ID: <box-${n}@kh.example.com>\r\nMIME-Version: 1.0\r\n` +
  `Content-Type: text/plain; charset=utf-8\r\n\r\n土豆 ${n}件\r\n`;
const mail = (n, date) => ({ uid: 1_000_000_000 + n, date, text: text(n) });

await bothEngines("mailbox", ["clerk", "admin"], async (world, check) => {
  // Twelve thousand mails of long ago: their uids in one line are twice what a line may have.
  const old = Array.from({ length: 12000 }, (_, i) => mail(i + 1, new Date(Date.now() - 30 * 86400e3)));
  const box = await imapPeer(old), post = await smtpPeer();
  const mails = () => world.get("clerk", "/mails?limit=200").then((a) => a.items);
  try {
    box.bad.add(1_000_000_003);
    for (const [name, value] of [["smtp.url", `smtp://127.0.0.1:${post.port}`], ["smtp.from", "dan@huodan.example.com"], ["post.first_retry_ms", "50"],
      ["mail.user", "orders"], ["mail.secret", "open-sesame"], ["mail.url", `imap://127.0.0.1:${box.port}`]]) await set(world, name, value);
    check("the first mails of a large box are read", await until(async () => (await mails()).length >= 2, 60000), await world.get("clerk", "/mailboxes"));
    check("that one cannot be fetched is said", await until(async () => /SERVERBUG/.test((await world.get("clerk", "/mailboxes")).items[0].error), 60000), await world.get("clerk", "/mailboxes"));
    check("the rest is read all the same", await until(async () => (await mails()).some((m) => m.subject === "order 4"), 120000), await world.get("clerk", "/mailboxes"));
    const lost = (await mails()).find((m) => m.state === "set_aside");
    check("the bad one stands in the inbox, with the reason", lost?.uid === 1_000_000_003 && /1000000003/.test(lost?.problem) && /SERVERBUG/.test(lost?.problem) && lost.intake_id > 0, lost);
    box.mails.splice(0, box.mails.length, ...old.slice(-20).map((m, i) => mail(20000 + i, m.date)), mail(30000, new Date()));
    check("what came new is read", await until(async () => (await mails()).some((m) => m.subject === "order 30000"), 60000), await world.get("clerk", "/mailboxes"));
    check("who wrote today is told", await until(() => post.mails.some((m) => m.to[0] === "k30000@kh.example.com"), 30000), post.mails.length);
    check("who wrote long ago is not", post.mails.length === 1 && (await mails()).filter((m) => m.answered).length === 1, post.mails.map((m) => m.to));
    check("no answer names every mail of the box", !box.asked.some((c) => /^UID SEARCH UID \d+:\*/.test(c)), box.asked.filter((c) => c.includes("SEARCH")));
  } finally {
    post.close();
    box.close();
  }
});
