// Digits that the visitor labels stay in this browser's localStorage until they are downloaded or forgotten.
const find = (name) => element.querySelector(name);
const panel = find(".feedback");
const which = find(".feedback-which");
const kept = find(".feedback-kept");
const STORE = "digits";
const MAX_DIGITS = 500;
const NONE = "no-digit"; // the label, and the folder, of ink that is no digit
let asked = null; // the ink that the question is about
let label = null;

function load() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
}

function say() {
  relabel(element.querySelectorAll("[data-text]"));
  const count = load().length;
  kept.hidden = count === 0;
  find(".feedback-count").textContent = texts().thanks.replace("{0}", count);
  panel.hidden = asked === null && count === 0;
  find(".feedback-ask").hidden = asked === null;
}

function keep(digit) {
  const digits = load();
  digits.push({ label: digit, png: asked.split(",")[1] });
  try {
    localStorage.setItem(STORE, JSON.stringify(digits.slice(-MAX_DIGITS)));
  } catch {
    // a full or forbidden store keeps nothing
  }
  asked = null;
  which.hidden = true;
  say();
}

// One digit, or ink that wasn't read as one, can be labelled; a number can't.
function look() {
  const ink = document.querySelector("#seen .step-ink img")?.src ?? null;
  const answer = document.querySelector("#answer .answer");
  const source = answer?.classList.contains("is-number") ? null : ink;
  if (source === asked) return;
  asked = source;
  label = answer?.querySelector("ol.bars li:not(.no-bar) b")?.textContent ?? null;
  which.hidden = label !== null || asked === null;
  find(".feedback-yes").hidden = find(".feedback-no").hidden = label === null;
  find(".feedback-no").setAttribute("aria-expanded", "false");
  say();
}

for (let digit = 0; digit < 10; digit++) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.textContent = String(digit);
  button.addEventListener("click", () => keep(String(digit)));
  find(".feedback-digits").append(button);
}
find(".feedback-none").addEventListener("click", () => keep(NONE));
find(".feedback-yes").addEventListener("click", () => keep(label));
find(".feedback-no").addEventListener("click", () => {
  which.hidden = !which.hidden;
  find(".feedback-no").setAttribute("aria-expanded", String(!which.hidden));
});
find(".feedback-forget").addEventListener("click", () => {
  localStorage.removeItem(STORE);
  say();
});
find(".feedback-download").addEventListener("click", () => {
  const files = load().map(({ label: digit, png }, number) => ({
    name: `${digit}/${String(number).padStart(4, "0")}.png`,
    bytes: Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0)),
  }));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(zip(files));
  link.download = "digits.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

(function watch() {
  const parts = ["#seen", "#answer"].map((name) => document.querySelector(name));
  if (parts.every(Boolean)) for (const part of parts) new MutationObserver(look).observe(part, { childList: true, subtree: true });
  else setTimeout(watch, 50); // mounted after this
})();
onLanguage(say);
