// Digits that the visitor labels stay in this browser's localStorage until they are downloaded or forgotten.
const find = (name) => element.querySelector(name);
const panel = find(".feedback");
const which = find(".feedback-which");
const kept = find(".feedback-kept");
const STORE = "digits";
const MAX_DIGITS = 500;
const MOST_OF_NUMBER = 40; // digits of a number that is asked about: nobody would go through more
const NONE = "no-digit"; // the label, and the folder, of ink that is no digit
const number = find(".feedback-number");
const typed = find(".feedback-digits-of");
let asked = []; // the ink that the question is about: one picture, or one for each digit of a number
let answered = ""; // the ink that has been labelled: it isn't asked about again
let label = null; // what was read: one digit or a number, or null for no digit

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
  // It stands where the question was: what is below stays where it is when the next digit is asked about.
  find(".feedback-count").textContent = count ? texts().thanks.replace("{0}", count) : "";
  find(".feedback-count").classList.toggle("unseen", asked.length > 0 || count === 0);
  panel.hidden = asked.length === 0 && count === 0;
  find(".feedback-ask").hidden = asked.length === 0;
}

// The right labels of what is asked about, one for each picture.
function keep(...labels) {
  const digits = load();
  asked.forEach((ink, place) => digits.push({ label: labels[place], png: ink.split(",")[1] }));
  try {
    localStorage.setItem(STORE, JSON.stringify(digits.slice(-MAX_DIGITS)));
  } catch {
    // a full or forbidden store keeps nothing
  }
  answered = asked.join();
  asked = [];
  which.hidden = number.hidden = true;
  say();
}

// One digit, each digit of a number, or ink that wasn't read as any can be labelled.
function look() {
  const answer = document.querySelector("#answer .answer");
  const isNumber = answer?.classList.contains("is-number");
  const inks = [...document.querySelectorAll(isNumber ? "#seen .digits img" : "#seen .step-ink img")].map((ink) => ink.src);
  const sources = inks.length > MOST_OF_NUMBER || inks.join() === answered || document.querySelector(".pad.is-shown") ? [] : inks;
  if (sources.join() === asked.join()) return;
  asked = sources;
  if (isNumber) label = [...document.querySelectorAll("#seen .digits span")].map((part) => part.textContent).join("");
  else label = answer?.querySelector("ol.bars li:not(.no-bar) b")?.textContent ?? null;
  which.hidden = number.hidden = true;
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
find(".feedback-yes").addEventListener("click", () => keep(...(label ?? [NONE])));
find(".feedback-no").addEventListener("click", () => {
  const part = asked.length > 1 ? number : which;
  part.hidden = !part.hidden;
  find(".feedback-no").setAttribute("aria-expanded", String(!part.hidden));
  find(".feedback-wrong").textContent = "";
  typed.value = label;
  if (!number.hidden) typed.select();
});
// The right digits stand in the order of those that were read; an x where there is no digit.
number.addEventListener("submit", (event) => {
  event.preventDefault();
  const labels = [...typed.value.replaceAll(/\s/g, "").toLowerCase()];
  if (labels.length === asked.length && labels.every((one) => "0123456789x".includes(one))) keep(...labels.map((one) => (one === "x" ? NONE : one)));
  else find(".feedback-wrong").textContent = texts().length.replace("{0}", asked.length);
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
