// The first visit: a hand writes a 4 once, and the answer fills; three things to try stand below it. The first touch
// takes all of it away. Runs with the pad's script, in its scope.
const VISITED = "visited";
const HAND_MS = 1500; // how long the hand writes
const shown = find(".pad");
const hand = find(".pad-hand");
const tries = find(".pad-tries");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// A 4 whose top is nearly closed, which may be a 9.
const between = [
  [[154, 71], [112, 100], [104, 140], [140, 156], [184, 148]],
  [[186, 66], [184, 110], [180, 212]],
];

function isFirst() {
  if (location.hash) return false;
  try {
    if (localStorage.getItem(VISITED)) return false;
    localStorage.setItem(VISITED, "1");
    return true;
  } catch {
    return false; // nothing can be kept: it would come each time
  }
}

// The strokes up to a share of their length in points.
function upTo(whole, share) {
  const dense = whole.map(({ width: thick, points }) => ({ width: thick, points: points.flatMap((point, index) => steps(points[index - 1], point)) }));
  let left = Math.round(share * dense.reduce((sum, stroke) => sum + stroke.points.length, 0));
  const begun = [];
  for (const stroke of dense) {
    if (left > 0) begun.push({ ...stroke, points: stroke.points.slice(0, left) });
    left -= stroke.points.length;
  }
  return begun;
}

function steps(from, to) {
  if (!from) return [to];
  const count = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / 6));
  return Array.from({ length: count }, (_, index) => [0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * (index + 1)) / count));
}

function show() {
  const four = strokesOf("4");
  shown.classList.add("is-shown");
  const begin = performance.now();
  const finish = () => {
    strokes = four;
    hand.hidden = true;
    tries.hidden = false;
    redraw();
    send();
    trigger("release");
  };
  if (still) return finish();
  hand.hidden = false;
  (function go(now) {
    if (!shown.classList.contains("is-shown")) return;
    const share = Math.min(1, Math.max(0.02, (now - begin) / HAND_MS));
    if (share === 1) return finish();
    strokes = upTo(four, share);
    const [x, y] = strokes.at(-1).points.at(-1);
    const scale = canvas.clientWidth / side;
    hand.style.transform = `translate(${x * scale}px, ${y * scale}px)`;
    redraw();
    sendSoon();
    requestAnimationFrame(go);
  })(begin);
}

function end() {
  if (!shown.classList.contains("is-shown")) return;
  shown.classList.remove("is-shown");
  hand.hidden = tries.hidden = true;
  strokes = [];
  settle();
}

const tried = {
  between: () => change(between.map((points) => ({ width: Number(width.value), points }))),
  number: () => change([..."2026"].flatMap((digit, place) => strokesOf(digit, 16 + place * 64, 100, 0.54, 0.8, 11))),
  fool: () => document.dispatchEvent(new CustomEvent("challenge")),
};
for (const button of tries.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    end();
    canvas.focus({ preventScroll: true });
    tried[button.dataset.try]();
  });
}
element.addEventListener("pointerdown", (event) => tries.contains(event.target) || end(), true);
element.addEventListener("keydown", (event) => event.key !== "Tab" && event.key !== "Shift" && !tries.contains(event.target) && end(), true);
document.addEventListener("draw", end, true);

if (isFirst()) requestAnimationFrame(show);
canvas.dataset.ready = ""; // from here on no stroke is lost: the page is shown only now
