// Notices against real peers that fail, hang and vanish, and a server that is killed at any moment: each customer is told each
// thing, once; what is sent again carries the number it had.
import { bothEngines, day } from "./world.mjs";
import { httpPeer, signature, smtpPeer, until } from "./peers.mjs";

const set = (world, name, value) => world.post("admin", "/settings", { name, value });

async function setOut(world, mail, hook) {
  for (const [name, value] of [["smtp.url", `smtp://127.0.0.1:${mail.port}`], ["smtp.from", "dan@huodan.example.com"],
    ["outside.allow", `127.0.0.1:${hook.port}`], ["post.first_retry_ms", "50"], ["notice.confirm_wait_s", "3"], ["sms.secret", "top secret"],
    ["sms.url", `http://127.0.0.1:${hook.port}/sms`], ["sms.header", "X-Key: {secret}"], ["sms.answer", '"code":0']]) await set(world, name, value);
  for (const code of ["C1", "C2", "C3", "C4"])
    await world.post("admin", "/customers", { code, name: `客户${code}`, phone: `1390000000${code[1]}`, email: `${code}@kh.example.com`, credit_limit: "9999999.00", credit_days: 30 });
  await world.post("admin", "/products", { sku: "P1", name: "黄心土豆", base_unit: "件", price: "10.00" });
  await world.post("warehouse", "/stock/movements", { sku: "P1", quantity: "1000", reason: "receipt" });
}

const idOf = async (world, code) => (await world.get("clerk", `/customers?q=${code}`)).items[0].id;
const wanted = (customer, n) => ({ channel: "phone", external_id: n, customer, delivery_date: day(1), lines: [{ sku: "P1", quantity: "1" }] });

async function approved(world, customer, n) {
  const order = await world.inReview(wanted(customer, n));
  const { checks } = await world.get("reviewer", `/reviews/${order.review}`);
  const overrides = checks.filter((c) => c.result !== "pass").map((c) => ({ check: c.check, reason: "试" }));
  await world.post("reviewer", `/reviews/${order.review}/approve`, { version: order.version, overrides });
  return order;
}

async function dispatched(world, customer, n) {
  const order = await approved(world, customer, n);
  await world.post("warehouse", `/orders/${order.id}/confirm-stock`, {});
  const { picks: [pick] } = await world.post("warehouse", "/waves", { orders: [order.id] });
  for (const line of pick.lines) await world.post("warehouse", `/picks/${pick.id}/lines/${line.line}`, { quantity: line.quantity });
  const { shipment } = await world.post("warehouse", `/picks/${pick.id}/done`, {});
  await world.post("warehouse", `/shipments/${shipment}/packages`, { lines: [{ line: 1, quantity: "1" }] });
  const { version } = await world.get("warehouse", `/shipments/${shipment}`);
  await world.post("warehouse", `/shipments/${shipment}/dispatch`, { carrier: "顺丰速运", tracking_number: "SF1234567890123", version });
  return { ...order, shipment };
}

const notices = (world, more = "") => world.get("clerk", `/notices?limit=200${more}`).then((a) => a.items);
const quiet = (world) => until(async () => !(await notices(world, "&state=waiting")).length && !(await pending(world)), 40000);
// Events that are not yet messages are not in the list; a look some seconds after the last one is enough.
const pending = (world) => new Promise((resolve) => setTimeout(async () => resolve((await notices(world, "&state=waiting")).length), 4500));

async function road(world, check, mail) {
  const order = await dispatched(world, "C1", "road");
  await world.post("clerk", `/shipments/${order.shipment}/tracking`, { state: "exception", text: "大雾封路" });
  await world.post("clerk", `/shipments/${order.shipment}/tracking`, { state: "delivered" });
  const { version } = await world.get("clerk", `/shipments/${order.shipment}`);
  await world.post("clerk", `/shipments/${order.shipment}/receipt`, { version, signer: "吴秀兰", at: new Date().toISOString(), lines: [{ line: 1, received: "1", refused: "0" }] });
  await until(() => mail.mails.filter((m) => m.to[0] === "C1@kh.example.com").length >= 4);
  await quiet(world);
  const mine = mail.mails.filter((m) => m.to[0] === "C1@kh.example.com").map((m) => m.subject);
  const words = ["已审核", "已发货", "延误", "已送达"];
  check("four mails, in their order, each once", mine.length === 4 && words.every((w, i) => mine[i].includes(w)), mine);
  const left = mail.mails.find((m) => m.subject.includes("已发货"));
  check("carrier and tracking number are told", left.body.includes("顺丰速运") && left.body.includes("SF1234567890123") && left.body.includes("黄心土豆 1 件"), left.body);
  check("a line without a fact is not told", !left.body.includes("司机"), left.body);
  check("the reason is told", mail.mails.some((m) => m.body.includes("大雾封路")));
  const { items } = await world.get("clerk", `/orders/${order.id}/timeline`);
  check("the timeline has them", items.filter((e) => e.kind === "notice.sent").length === 4, items.map((e) => e.kind));
  const all = await notices(world, `&order=${order.id}`);
  const again = await world.post("clerk", `/notices/${all[0].id}/resend`, {});
  await until(() => mail.mails.filter((m) => m.to[0] === "C1@kh.example.com").length === 5);
  check("once more by hand has a number of its own", new Set(mail.mails.map((m) => m.id)).size === mail.mails.length && again.resend_of === all[0].id);
}

async function endpoints(world, check, hook) {
  const c2 = await idOf(world, "C2"), c3 = await idOf(world, "C3");
  const mine = (path) => hook.calls.filter((k) => k.path === path);
  await world.post("clerk", `/customers/${c2}/notices`, { by_email: false, by_webhook: true, by_wecom: true, by_sms: true, lang: "en" });
  const { secret, id } = await world.post("admin", `/customers/${c2}/endpoints`, { channel: "webhook", url: `http://127.0.0.1:${hook.port}/c2` });
  await world.post("admin", `/customers/${c2}/endpoints`, { channel: "wecom", url: `http://127.0.0.1:${hook.port}/robot` });
  // Every third call fails, in another way each time.
  let n = 0;
  hook.whim = (call) => {
    if (call.path === "/robot") return { status: 200, body: n++ % 3 ? '{"errcode":0}' : '{"errcode":45009,"errmsg":"too fast"}' };
    if (call.path === "/sms") return { status: 200, body: '{"code":0}' };
    return n++ % 3 ? 204 : [500, "drop", "late", { status: 301, headers: { Location: `http://127.0.0.1:${hook.port}/elsewhere` } }, 429][(n / 3 | 0) % 5];
  };
  for (let i = 0; i < 8; i++) await approved(world, "C2", `hook-${i}`);
  check("all is sent in the end", await quiet(world), await notices(world, "&state=waiting"));
  const good = mine("/c2").filter((k) => k.whim === 204);
  check("each thing once, whatever failed in between", good.length === 8 && new Set(good.map((k) => k.id)).size === 8, good.map((k) => k.id));
  check("a try keeps its number", new Set(mine("/c2").map((k) => k.id)).size === 8, mine("/c2").map((k) => k.id));
  check("signed", mine("/c2").every((k) => k.headers["webhook-signature"].split(" ").includes(signature(secret, k))));
  const orders = good.map((k) => JSON.parse(k.body).data.order);
  check("in the order of the events", JSON.stringify(orders) === JSON.stringify([...orders].sort()), orders);
  check("a redirect is not followed", mine("/elsewhere").length === 0);
  check("the group is told in its words", mine("/robot").every((k) => JSON.parse(k.body).text.content.includes("is approved")), mine("/robot")[0]?.body);
  const sms = mine("/sms");
  check("SMS through the gateway", sms.length === 8 && JSON.parse(sms[0].body).phone === "13900000002" && sms[0].headers["x-key"] === "top secret", sms[0]);
  const rotated = await world.post("admin", `/notice-endpoints/${id}/rotate`, {});
  hook.whim = () => ({ status: 200, body: '{"errcode":0,"code":0}' });
  await approved(world, "C2", "rotated");
  await quiet(world);
  const both = mine("/c2").at(-1).headers["webhook-signature"].split(" ");
  check("both secrets sign while one takes over from the other", both.length === 2 && both.includes(signature(secret, mine("/c2").at(-1))) && both.includes(signature(rotated.secret, mine("/c2").at(-1))), both);

  // What may not be reached, and who is gone.
  await world.post("clerk", `/customers/${c3}/notices`, { by_email: false, by_webhook: true, by_wecom: false, by_sms: false });
  const inside = await world.post("admin", `/customers/${c3}/endpoints`, { channel: "webhook", url: `http://localhost:${Number(new URL(world.base).port)}/metrics` });
  await approved(world, "C3", "inside");
  await quiet(world);
  const [refused] = await notices(world, `&customer=${c3}`);
  check("an inside address is refused and said so", refused.state === "failed" && /inside|内网/.test(refused.answer), refused);
  await world.post("admin", `/notice-endpoints/${inside.id}/active`, { active: false }, 200);
  await world.ask("admin", "POST", `/customers/${c3}/endpoints`, { channel: "webhook", url: "file:///etc/passwd" }, 422);
  await world.post("admin", `/customers/${c3}/endpoints`, { channel: "webhook", url: `http://127.0.0.1:${hook.port}/gone` });
  hook.whim = (call) => (call.path === "/gone" ? 410 : 204);
  await approved(world, "C3", "gone-1");
  await until(async () => (await world.get("admin", `/customers/${c3}/notices`)).endpoints.every((e) => !e.active));
  await approved(world, "C3", "gone-2");
  await quiet(world);
  check("410 closes the address", mine("/gone").length === 1, mine("/gone").length);
  const { items } = await world.get("clerk", "/tasks?limit=200");
  check("the clerk hears of what failed", items.filter((t) => t.kind === "notice_failed").length === 2, items.map((t) => t.kind));
}

async function killed(world, check, mail) {
  let n = 0;
  const before = mail.mails.length, seen = new Set(mail.mails.map((m) => m.id));
  mail.refused.add("C4@kh.example.com");
  mail.whim = () => [null, "drop", null, "late", null, "refuse"][n++ % 6];
  for (let i = 0; i < 12; i++) {
    await approved(world, i % 4 ? "C1" : "C4", `kill-${i}`);
    if (i % 3 === 2) {
      const ended = new Promise((resolve) => world.server.once("exit", resolve));
      world.server.removeAllListeners("exit");
      world.server.kill("SIGKILL");
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200))]);
      await world.serve();
    }
  }
  mail.whim = () => null;
  return { before, seen };
}

async function afterKill(world, check, mail, { before, seen }) {
  const fresh = () => mail.mails.slice(before).filter((m) => !seen.has(m.id));
  await until(() => new Set(fresh().map((m) => m.id)).size >= 9, 75000);
  const count = new Set(fresh().map((m) => m.id)).size, orders = new Set(fresh().map((m) => m.subject)).size;
  check("none lost by a killed worker", count === 9 && orders === 9, { count, orders, mails: fresh().length });
  const failed = (await notices(world, "&state=failed")).filter((f) => f.recipient === "C4@kh.example.com");
  check("an address that is not there is given up at once", failed.length === 3 && failed.every((f) => f.tries_n === 1), failed.map((f) => [f.state, f.tries_n, f.answer]));
}

bothEngines("notices", ["clerk", "reviewer", "warehouse", "admin"], async (world, check) => {
  const mail = await smtpPeer(), hook = await httpPeer();
  await setOut(world, mail, hook);
  check("secrets are not shown", !JSON.stringify(await world.get("admin", "/settings")).includes("top secret"));
  await road(world, check, mail);
  await endpoints(world, check, hook);
  await afterKill(world, check, mail, await killed(world, check, mail));
  mail.close();
  hook.close();
});
