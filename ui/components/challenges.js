// Games against the network. What is read is taken from the page's own answer; whether a drawing is what it should be,
// only the player can say.
const panel = element.querySelector("details");
const STORE = "challenges";
// What is asked stands in the place of the inputs' tabs, too: on a phone the panel is out of sight while one draws, and
// on the pad it would lie where the pen goes.
const goal = element.querySelector(".challenge-goal");
const sections = Object.fromEntries([...element.querySelectorAll("section")].map((part) => [part.dataset.name, part]));
let playing = null; // the name of the challenge that runs
let target = null; // the digit that is to be drawn
let found = 0; // the score that the player is asked about
let left = []; // digits still to write against the clock
let begun = 0;
let resting = false; // the pen is up: what is read is a whole drawing
let ticking = null;

function scores() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

function keep(name, score, isBetter) {
  const before = scores();
  if (typeof before[name] === "number" && !isBetter(score, before[name])) return;
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...before, [name]: score }));
  } catch {
    // a full or forbidden store keeps nothing
  }
}

// Nothing is certain: no share is told above 99.9 %.
const percent = (share) => (share > 0.999 ? "> 99.9" : (share * 100).toFixed(1));

const told = {
  nine: (score) => texts().sure.replace("{0}", percent(score)),
  all: (score) => texts().of.replace("{0}", score),
  clock: (score) => texts().seconds.replace("{0}", score.toFixed(1)),
};

function say() {
  relabel([...element.querySelectorAll("[data-text]"), ...goal.querySelectorAll("[data-text]")]);
  const best = scores();
  for (const [name, part] of Object.entries(sections)) {
    const score = best[name];
    part.querySelector(".challenge-start span").textContent = name === playing ? texts().stop : texts().start;
    part.querySelector(".challenge-best").textContent = typeof score === "number" ? texts().best.replace("{0}", told[name](score)) : texts().none;
    part.classList.toggle("is-playing", name === playing);
  }
  element.querySelector(".challenge-forget").hidden = Object.keys(best).length === 0;
}

function state(text, asks = false) {
  const line = sections[playing].querySelector(".challenge-state");
  if (line.textContent !== text) line.textContent = text;
  sections[playing].querySelector(".challenge-ask").hidden = !asks;
  tell(text, asks);
}

function tell(text, asks = false) {
  goal.hidden = text === "";
  goal.querySelector("span").textContent = text;
  goal.classList.toggle("is-asking", asks);
}

function draw(strokes) {
  resting = false;
  document.dispatchEvent(new CustomEvent("draw", { detail: strokes }));
}

function stop() {
  if (!playing) return;
  state("");
  clearInterval(ticking);
  sections[playing].querySelector(".challenge-time").textContent = goal.querySelector("b").textContent = "";
  playing = null;
  say();
}

function start(name) {
  stop();
  playing = name;
  document.querySelector('#inputs [data-tab-id="draw"]').click();
  draw([]);
  const shuffled = [..."0123456789"].map((digit) => [Math.random(), digit]).sort().map(([, digit]) => digit);
  target = name === "nine" ? "4" : shuffled[0];
  if (name === "nine") state(texts().try);
  if (name === "all") {
    const compare = document.querySelector("#compare input");
    if (!compare.checked) compare.click();
    state(texts().draw.replace("{0}", target));
  }
  if (name === "clock") {
    left = shuffled;
    begun = performance.now();
    ticking = setInterval(tick, 100);
    state(texts().write.replace("{0}", target));
  }
  say();
  document.querySelector("#pad canvas").focus();
  goal.scrollIntoView({ block: "nearest" });
}

function tick() {
  const time = told.clock((performance.now() - begun) / 1000);
  for (const place of [sections.clock.querySelector(".challenge-time"), goal.querySelector("b")]) place.textContent = time;
}

const looks = {
  nine: () => {
    const [first] = document.querySelectorAll("#answer ol.bars li:not(.no-bar)");
    const isNumber = document.querySelector("#answer .is-number");
    const label = isNumber ? null : first?.querySelector("b").textContent;
    found = label === "9" ? Number.parseFloat(first.querySelector(".track i").style.width) / 100 : 0;
    state(found ? texts()["nine.ask"].replace("{0}", percent(found)) : texts().try, found > 0);
  },
  all: () => {
    const reads = [...document.querySelectorAll("#others .reads")].map((cell) => cell.textContent.replace("?", "").trim());
    found = reads.filter((read) => read !== target).length;
    if (reads.length) state(texts()["all.ask"].replace("{0}", found).replace("{1}", reads.length).replace("{2}", target), found > 0);
  },
  clock: () => {
    if (document.querySelector("#answer .is-digit .sign")?.textContent !== target) return;
    left.shift();
    [target] = left;
    draw([]);
    if (target !== undefined) return state(texts().write.replace("{0}", target));
    const seconds = (performance.now() - begun) / 1000;
    keep("clock", seconds, (score, before) => score < before);
    const line = texts().done.replace("{0}", seconds.toFixed(1));
    const part = sections.clock.querySelector(".challenge-state");
    stop();
    part.textContent = line;
    tell(line);
  },
};

for (const [name, part] of Object.entries(sections)) {
  part.querySelector(".challenge-start").addEventListener("click", () => (playing === name ? stop() : start(name)));
}
for (const button of element.querySelectorAll("[data-answer]")) {
  button.addEventListener("click", () => {
    const name = playing;
    const isKept = button.dataset.answer === "yes";
    if (isKept) keep(name, found, (score, before) => score > before);
    stop();
    if (isKept) tell(sections[name].querySelector(".challenge-best").textContent);
  });
}
goal.querySelector(".challenge-end").addEventListener("click", () => (playing ? stop() : tell("")));
element.querySelector(".challenge-forget").addEventListener("click", () => {
  localStorage.removeItem(STORE);
  say();
});
document.addEventListener("drawn", (event) => {
  resting = event.detail.length > 0;
  if (resting && !playing) tell(""); // a score is told until something is drawn
});
document.addEventListener("challenge", () => {
  panel.open = true;
  panel.scrollIntoView({ block: "nearest" });
  sections.nine.querySelector(".challenge-start").focus();
});
(function watch() {
  const parts = ["#answer", "#others", "#pad canvas"].map((name) => document.querySelector(name));
  if (!parts.every(Boolean)) return setTimeout(watch, 50); // mounted after this
  const [answer, others, canvas] = parts;
  document.querySelector("#inputs > .tab-wrapper").append(goal);
  goal.addEventListener("click", () => canvas.focus({ preventScroll: true })); // its buttons go
  canvas.addEventListener("pointerdown", () => (resting = false));
  const look = (name) => resting && playing && (playing === "all") === (name === "all") && looks[playing]();
  new MutationObserver(() => look("answer")).observe(answer, { childList: true, subtree: true });
  new MutationObserver(() => look("all")).observe(others, { childList: true, subtree: true });
})();
onLanguage(say);
