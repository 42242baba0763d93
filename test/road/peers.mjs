// Real peers for the tests of what leaves the house: an SMTP server and an HTTP server that misbehave when told to.
import { createHmac } from "node:crypto";
import { createServer as httpServer } from "node:http";
import { createServer as tcpServer } from "node:net";

const listen = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

// Speaks SMTP line by line and keeps every mail it said 250 to. `whim(mail)`, asked when a mail is whole, may answer
// "refuse" (451), "hang" (no answer), "drop" (hangs up before the answer) or "late" (keeps it, then hangs up before the answer).
export async function smtpPeer() {
  const mails = [], open = new Set();
  const peer = { mails, whim: () => null, refused: new Set() };
  const server = tcpServer((socket) => {
    let text = "", data = false, mail = { to: [] };
    const say = (line) => socket.write(`${line}\r\n`);
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    say("220 peer.example ESMTP");
    const whole = () => {
      const whim = peer.whim(mail);
      if (whim === "hang") return;
      if (whim === "refuse") return say("451 4.3.0 later, please");
      if (whim === "drop") return socket.destroy();
      mails.push(mail);
      if (whim === "late") return socket.destroy();
      say("250 2.0.0 kept");
      mail = { to: [] };
    };
    const command = (line) => {
      const word = line.slice(0, 4).toUpperCase(), address = /<([^>]*)>/.exec(line)?.[1];
      if (word === "EHLO") return socket.write("250-peer.example\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n");
      if (word === "MAIL") { mail = { from: address, to: [] }; return say("250 2.1.0 ok"); }
      if (word === "RCPT" && peer.refused.has(address)) return say("550 5.1.1 no such person");
      if (word === "RCPT") { mail.to.push(address); return say("250 2.1.5 ok"); }
      if (word === "DATA") { data = true; return say("354 go on"); }
      if (word === "QUIT") { say("221 bye"); return socket.end(); }
      return say("250 ok");
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (;;) {
        if (data) {
          const end = text.indexOf("\r\n.\r\n");
          if (end < 0) return;
          Object.assign(mail, read(text.slice(0, end).replace(/^\.\./gm, ".")));
          text = text.slice(end + 5);
          data = false;
          whole();
        } else {
          const end = text.indexOf("\r\n");
          if (end < 0) return;
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          command(line);
        }
      }
    });
  });
  peer.port = await listen(server);
  peer.close = () => { for (const socket of open) socket.destroy(); server.close(); };
  return peer;
}

// A mail of ours: headers, and the body out of its base64.
function read(raw) {
  const [, head, body] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(raw) ?? [];
  const headers = {};
  for (const line of head.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const words = (s) => s.replace(/\?=\s+=\?UTF-8\?B\?/g, "").replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, b) => Buffer.from(b, "base64").toString());
  return { raw, headers, id: headers["message-id"], subject: words(headers.subject ?? ""), body: Buffer.from(body, "base64").toString() };
}

// Speaks as much IMAP as is needed to read a mailbox: mails of { uid, date, text }, by rising uid. What is in `bad` is never
// handed out; `asked` keeps every command.
export async function imapPeer(mails) {
  const open = new Set(), peer = { mails, bad: new Set(), asked: [] };
  const set = (words, of) => words.split(",").flatMap((w) => {
    const [a, b = a] = w.split(":").map((n) => (n === "*" ? Math.max(0, ...mails.map(of)) : Number(n)));
    return mails.filter((m) => of(m) >= Math.min(a, b) && of(m) <= Math.max(a, b));
  });
  const place = (m) => mails.indexOf(m) + 1, uid = (m) => m.uid;
  const date = (d) => `${String(d.getUTCDate()).padStart(2, " ")}-${d.toUTCString().slice(8, 11)}-${d.getUTCFullYear()} ${d.toISOString().slice(11, 19)} +0000`;
  const answer = (command) => {
    const [, byUid, name, rest = ""] = /^(UID )?(\w+)(?: (.*))?$/.exec(command);
    if (name === "CAPABILITY") return ["* CAPABILITY IMAP4rev1"];
    if (name === "SELECT") return [`* ${mails.length} EXISTS`, "* OK [UIDVALIDITY 9] ok", `* OK [UIDNEXT ${(mails.at(-1)?.uid ?? 0) + 1}] ok`];
    if (name === "SEARCH") return [`* SEARCH ${(rest.startsWith("UID ") ? set(rest.slice(4), uid) : set(rest, place)).map((m) => m.uid).join(" ")}`];
    if (name === "LOGOUT") return ["* BYE"];
    if (name !== "FETCH") return [];
    const [, which, what] = /^(\S+) \((.*)\)$/.exec(rest);
    return set(which, byUid ? uid : place).map((m) => {
      if (what.includes("BODY") && peer.bad.has(m.uid)) return null;
      const text = what.includes("BODY") ? ` BODY[] {${Buffer.byteLength(m.text)}}\r\n${m.text}` : "";
      return `* ${place(m)} FETCH (UID ${m.uid} RFC822.SIZE ${Buffer.byteLength(m.text)} INTERNALDATE "${date(m.date)}"${text})`;
    });
  };
  const server = tcpServer((socket) => {
    let text = "";
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.write("* OK ready\r\n");
    socket.on("data", (chunk) => {
      text += chunk;
      for (let end; (end = text.indexOf("\r\n")) >= 0; text = text.slice(end + 2)) {
        const [, tag, command] = /^(\S+) (.*)$/.exec(text.slice(0, end));
        const lines = answer(command);
        peer.asked.push(command);
        socket.write(lines.includes(null) ? `${tag} NO [SERVERBUG] this mail is broken\r\n` : [...lines, `${tag} OK done`, ""].join("\r\n"));
      }
    });
  });
  peer.port = await listen(server);
  peer.close = () => { for (const socket of open) socket.destroy(); server.close(); };
  return peer;
}

// Takes POSTs. `whim(call)` may answer a status, { status, headers, body }, or "hang", "drop", "late" as above.
export async function httpPeer() {
  const calls = [], open = new Set();
  const peer = { calls, whim: () => 204 };
  const server = httpServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const call = { path: request.url, headers: request.headers, body: Buffer.concat(parts).toString(), id: request.headers["webhook-id"], at: Date.now() };
      const whim = peer.whim(call);
      call.whim = whim;
      if (whim !== "drop") calls.push(call);
      if (whim === "hang") return;
      if (whim === "drop" || whim === "late") return request.socket.destroy();
      const answer = typeof whim === "number" ? { status: whim } : whim;
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body ?? "");
    });
  });
  server.on("connection", (socket) => { open.add(socket); socket.on("close", () => open.delete(socket)); });
  peer.port = await listen(server);
  peer.close = () => { for (const socket of open) socket.destroy(); server.close(); };
  return peer;
}

export function signature(secret, call) {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${call.headers["webhook-id"]}.${call.headers["webhook-timestamp"]}.${call.body}`).digest("base64")}`;
}

export async function until(what, ms = 20000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await what();
    if (value || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
