// cutcss: keeps of a large stylesheet only what our pages can use.
//
//   node cutcss.mjs LIBRARY.css SOURCE...      the cut stylesheet on standard output
//
// A selector stays if all its classes occur in the sources; a custom property and an animation stay if something that
// stays refers to them. The sources are templates, scripts and our own stylesheet.
import { readFileSync } from "node:fs";

const [library, ...sources] = process.argv.slice(2);
const used = new Set(["dark"]);

for (const file of sources) {
  const text = readFileSync(file, "utf8");
  const parts = file.endsWith(".html") ? [...text.matchAll(/class="([^"]*)"/g)].map((m) => m[1]) : [text];
  for (const part of parts) for (const word of part.match(/[A-Za-z][\w-]*/g) ?? []) used.add(word);
}

// Splits at top-level commas: those inside brackets and strings stay.
function splitSelectors(list) {
  const out = [""];
  let depth = 0;
  for (const ch of list) {
    if (ch === "(" || ch === "[") depth++;
    if (ch === ")" || ch === "]") depth--;
    if (ch === "," && depth === 0) out.push("");
    else out[out.length - 1] += ch;
  }
  return out;
}

function keepSelector(selector) {
  const plain = selector.replace(/\[[^\]]*\]/g, "");
  const classes = [...plain.matchAll(/\.((?:\\.|[\w-])+)/g)].map((m) => m[1].replace(/\\/g, ""));
  return !plain.includes("#") && classes.every((name) => used.has(name));
}

// The end of the block that opens at `from`; braces in strings do not count.
function blockEnd(css, from) {
  let depth = 0;
  for (let i = from, quote = ""; i < css.length; i++) {
    const ch = css[i];
    if (quote) {
      if (ch === "\\") i++;
      else if (ch === quote) quote = "";
    } else if (ch === '"' || ch === "'") quote = ch;
    else if (ch === "{") depth++;
    else if (ch === "}" && --depth === 0) return i;
  }
  throw new Error(`${library}: a block is never closed`);
}

// [{ head, body }] of rules and { head, rules } of conditional groups.
function parse(css) {
  const rules = [];
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at);
    const semicolon = css.indexOf(";", at);
    if (open < 0) break;
    if (semicolon >= 0 && semicolon < open) {
      at = semicolon + 1; // @charset, @import: nothing from elsewhere
      continue;
    }
    const head = css.slice(at, open).trim();
    const end = blockEnd(css, open);
    const body = css.slice(open + 1, end);
    if (/^@(media|supports|layer|container)/.test(head)) rules.push({ head, rules: parse(body) });
    else if (head.startsWith("@keyframes")) rules.push({ head, body, keyframes: head.split(/\s+/)[1] });
    else if (!head.startsWith("@")) {
      const kept = splitSelectors(head).filter(keepSelector).join(",");
      if (kept) rules.push({ head: kept, body });
    }
    at = end + 1;
  }
  return rules.filter((rule) => !rule.rules || rule.rules.length > 0);
}

// Declarations, split at semicolons outside of brackets and strings (data: addresses hold both).
const declarations = (body) => body.match(/(?:"[^"]*"|'[^']*'|\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)|[^;])+/g) ?? [];

function dropUnread(rules, read) {
  for (const rule of rules) {
    if (rule.rules) dropUnread(rule.rules, read);
    else if (!rule.keyframes)
      rule.body = declarations(rule.body).filter((d) => !d.trim().startsWith("--") || read.has(d.split(":")[0].trim())).join(";");
  }
}

function print(rules, text) {
  return rules
    .filter((rule) => rule.rules || (rule.keyframes ? new RegExp(`animation[^;}]*\\b${rule.keyframes}\\b`).test(text) : rule.body))
    .map((rule) => `${rule.head}{${rule.rules ? print(rule.rules, text) : rule.body}}`)
    .join(rules.length > 1 ? "\n" : "");
}

const css = readFileSync(library, "utf8").replace(/\/\*(?!!)[\s\S]*?\*\//g, "");
const licence = css.match(/\/\*![\s\S]*?\*\//)?.[0] ?? "";
const rules = parse(css.replace(/\/\*![\s\S]*?\*\//g, ""));
const own = sources.filter((file) => file.endsWith(".css")).map((file) => readFileSync(file, "utf8")).join("\n");
let text = print(rules, "");
// Dropping one property can leave another unread.
for (let length = 0; length !== text.length; ) {
  length = text.length;
  dropUnread(rules, new Set([...(text + own).matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1])));
  text = print(rules, text);
}
process.stdout.write(`${licence}\n${text}\n`);
