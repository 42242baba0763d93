// What a scanner read, as app/gs1.c reads it: element strings of GS1 by the server's dictionary, article numbers, labels of a scale.
// Here a scan is only held against the goods that are asked for; the server checks every value once more.
"use strict";

const GS = "\x1d";

// "N6,yymmd0 X..20" is at most 26 long.
const longest = (parts) => parts.split(" ").reduce((sum, part) => sum + Number(/\d+/.exec(part)?.[0] ?? 0), 0);

function identifierAt(labels, s) {
  for (let n = 2; n <= 4; n++) {
    const ai = s.slice(0, n);
    const known = /^\d+$/.test(ai) && ai.length === n && labels.find((k) => k.from.length === n && ai >= k.from && ai <= k.to);
    if (known) return { ai, known };
  }
  return null;
}

// [["01", "06901234567892"], ["10", "L7"]]; null where an element is unknown or empty.
function elementsOf(labels, s) {
  const found = [];
  for (s = s.replace(/^\x1d/, ""); s;) {
    const at = identifierAt(labels, s);
    if (!at) return null;
    s = s.slice(at.ai.length);
    let end = s.indexOf(GS) < 0 ? s.length : s.indexOf(GS);
    if (at.known.fixed) end = Math.min(end, longest(at.known.parts));
    if (!end) return null;
    found.push([at.ai, s.slice(0, end)]);
    s = s.slice(end).replace(/^\x1d/, "");
  }
  return found.length ? found : null;
}

function bracketed(s) {
  const found = [...s.matchAll(/\((\d{2,4})\)((?:\\\(|[^(])+)/g)].map((m) => [m[1], m[2].replaceAll("\\(", "(")]);
  return found.length && found.map(([ai, value]) => `(${ai})${value.replaceAll("(", "\\(")}`).join("") === s ? found : null;
}

// YYMMDD; the day 00 is the last of its month.
function dateOf(six) {
  const year = (six.slice(0, 2) > "75" ? 1900 : 2000) + Number(six.slice(0, 2)), month = Number(six.slice(2, 4)), day = Number(six.slice(4));
  return new Date(Date.UTC(year, day ? month - 1 : month, day)).toISOString().slice(0, 10);
}

function meaning(text, found) {
  const scan = { text };
  for (const [ai, value] of found) {
    if (ai === "01" || ai === "02") scan.gtin = value.replace(/^0/, "");
    else if (ai === "10") scan.lot = value;
    else if (ai === "00") scan.sscc = value;
    else if (/^\d{6}$/.test(value) && (ai === "17" || (ai === "15" && !scan.expires))) scan.expires = dateOf(value);
    else if (/^310[0-5]$/.test(ai)) scan.kg = Number(value) / 10 ** Number(ai[3]);
  }
  return scan;
}

function article(text) {
  const scan = { text };
  if (/^(\d{8}|\d{12,14})$/.test(text)) scan.gtin = text.length === 14 ? text.replace(/^0/, "") : text;
  return scan;
}

const carriesElements = (s) => /^\](C1|e0|d2|Q3|J1)/.test(s);
const looksLikeElements = (s) => s[0] === GS || (s.length > 18 && /^0[12]\d{14}/.test(s)) || /^00\d{18}/.test(s);

// Numbers of goods and of cases end in a check digit.
const misread = (found) => found.some(([ai, value]) => /^0[012]$/.test(ai) && checkDigit(value.slice(0, -1)) !== value.at(-1));

// {text, gtin?, lot?, expires?, sscc?, kg?}; null for a label that cannot be read.
function readScan(labels, s) {
  const elements = (found, text) => (found && !misread(found) ? meaning(text, found) : null);
  if (s[0] === "(") return elements(bracketed(s), s);
  if (carriesElements(s)) return elements(elementsOf(labels, s.slice(3)), s.slice(3));
  if (s.startsWith("]E") && s.includes("|]e0")) {
    const [number, more] = s.slice(3).split("|]e0");
    const scan = elements(elementsOf(labels, more), number);
    return scan && { ...article(number), ...scan };
  }
  if (s[0] === "]") return s.length > 2 ? article(s.slice(3)) : null;
  return looksLikeElements(s) ? elements(elementsOf(labels, s), s) : article(s);
}

// The last digit of an article number makes the weighted sum a multiple of ten.
function checkDigit(s) {
  const sum = [...s].reverse().reduce((n, digit, i) => n + Number(digit) * (i % 2 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}

// A scale's label carries weight or price in five digits; the catalogue knows it with zeros there.
function scaleBase(code) {
  if (!/^2\d{12}$/.test(code)) return null;
  const base = `${code.slice(0, 7)}00000`;
  return base + checkDigit(base);
}

// "" if the scan is this line's goods, lot or place; else what is wrong.
function scanFault(walk, line, scan) {
  if (!scan) return "wrongLabel";
  const codes = walk.codes.filter((c) => c.sku === line.sku).map((c) => c.code);
  const fits = scan.text === line.sku || scan.text === line.location || (line.lot && scan.text === line.lot) ||
    [scan.gtin, scan.text, scaleBase(scan.text)].some((code) => code && codes.includes(code));
  if (!fits) return "wrong";
  if (scan.lot && line.lot && scan.lot !== line.lot) return "wrongLot";
  return scan.expires && scan.expires < walk.today ? "wrongExpired" : "";
}
