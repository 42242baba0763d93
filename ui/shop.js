// The shop of a known customer: one more, one less, and how many kinds are chosen. Without it quantities are typed.
"use strict";

const shop = $("[data-shop]");
const quantities = () => $$('[name$=".quantity"]', shop);

function countChosen() {
  $("[data-shop-count]").textContent = String(quantities().filter((field) => Number(field.value) > 0).length);
}

// Thousandths are as fine as goods are counted; less than nothing there is not.
function step(field, by) {
  const now = Math.max(0, Math.round((Number(field.value) || 0) * 1000 + by * 1000) / 1000);
  field.value = now > 0 ? String(now) : "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const button of $$("[data-step]", shop)) {
  button.hidden = false;
  button.addEventListener("click", () => step($('[name$=".quantity"]', button.parentElement), Number(button.dataset.step)));
}
shop.addEventListener("input", countChosen);
// Enter in a quantity goes on to the next one; only the buttons send.
shop.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.name?.endsWith(".quantity")) return;
  event.preventDefault();
  const all = quantities();
  all[all.indexOf(event.target) + 1]?.focus();
});
countChosen();
