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
  if (problem.errors?.length) $("details", picking).open = true;
  showErrors(picking, problem);
}

picking?.addEventListener("submit", answerLine);
$("[data-alarm-off]").addEventListener("click", quiet);
alarm.addEventListener("keydown", (event) => {
  if (event.key === "Escape" || (event.key.length === 1 && !event.ctrlKey && !event.altKey)) quiet();
});
