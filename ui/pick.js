// The picker's phone: a wrong scan fills the screen red, sounds and shakes, and names what is right. A scanner types into whatever
// has the focus and ends with Enter; the next scan takes the alarm away by itself.
"use strict";

const picking = $("[data-pick]"), alarm = $("[data-alarm]");
const scan = picking?.elements.scan;

function beep() {
  const Sound = window.AudioContext;
  if (!Sound) return;
  const sound = new Sound(), tone = sound.createOscillator();
  tone.type = "square";
  tone.frequency.value = 320;
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.5);
  tone.onended = () => sound.close();
}

function sound(words) {
  $("[data-alarm-words]").textContent = words;
  alarm.hidden = false;
  $("[data-alarm-off]").focus();
  navigator.vibrate?.([300, 120, 300]);
  try { beep(); } catch { /* a phone on silent still shakes and turns red */ }
}

function quiet() {
  alarm.hidden = true;
  scan.value = "";
  scan.focus();
}

// One line answered: the page comes again with the next one, its scan field in focus.
async function answerLine(event) {
  event.preventDefault();
  if (picking.getAttribute("aria-busy") === "true") return;
  picking.setAttribute("aria-busy", "true");
  clearErrors(picking);
  const answer = await send(picking).catch(() => null);
  if (answer?.ok) return location.assign(picking.dataset.then);
  picking.removeAttribute("aria-busy");
  if (!answer) return toast($("[data-toasts]").dataset.retry, true);
  const problem = await answer.json();
  renewKey(picking);
  if (problem.code === "WRONG_SCAN") return sound(problem.detail);
  const fields = (problem.errors ?? []).map((e) => e.pointer.slice(1));
  if (fields.some((f) => f === "quantity" || f === "reason")) $("details", picking).open = true;
  if (fields.includes("weight_reason")) $("[data-far]").hidden = false;
  showErrors(picking, problem);
}

picking?.addEventListener("submit", answerLine);
$("[data-alarm-off]").addEventListener("click", quiet);
alarm.addEventListener("keydown", (event) => {
  if (event.key === "Escape" || (event.key.length === 1 && !event.ctrlKey && !event.altKey)) quiet();
});

// The scale: net is reckoned while it is typed, and a weight far from what it should be asks for its reason before it is sent.
const scale = $("[data-scale]");
const number = (name) => Number((scale.querySelector(`[name="${name}"]`).value || "0").replace(",", "."));

function reckon() {
  const crates = number("crates") || (number("tare_kg") > 0 ? 1 : 0);
  const gross = number("gross_kg"), net = gross - crates * number("tare_kg");
  const less = Number(picking.elements.quantity.value) / Number(picking.elements.quantity.defaultValue);
  const want = Number(scale.dataset.want) * (Number.isFinite(less) ? less : 1);
  $("[data-net-kg]", scale).textContent = gross > 0 ? String(Math.round(net * 1000) / 1000) : "—";
  const far = gross > 0 && Math.abs(net - want) * 100 > want * Number(scale.dataset.percent);
  scale.classList.toggle("is-far", far);
  $("[data-far]", scale).hidden = !far;
  picking.elements.gross_kg.required = want > 0;
}

if (scale) {
  // Choosing a kind of crate brings its tare.
  $("[data-crate]", scale)?.addEventListener("change", (event) => {
    const tare = event.target.selectedOptions[0].dataset.tare;
    if (!tare) return reckon();
    picking.elements.tare_kg.value = tare;
    if (!picking.elements.crates.value) picking.elements.crates.value = "1";
    return reckon();
  });
  picking.addEventListener("input", reckon);
  reckon();
}
