// The pad's hand: pointer events and keys to strokes, strokes to the canvas and to the server.
// Gradio runs this once with `element` (the component), `props` (its value) and `trigger`.
const find = (name) => element.querySelector(name);
const canvas = find("canvas");
const hint = find(".pad-hint");
const boxes = find(".pad-boxes");
const width = find(".pad-width");
const tools = { pen: find(".pad-pen"), eraser: find(".pad-eraser") };
const undo = find(".pad-undo");
const redo = find(".pad-redo");
const clear = find(".pad-clear");
const side = 280;
const LATE_MS = 400; // the right answer mostly comes within them, and nothing is asked twice
const MOST_ASKED = 3; // of one drawing: a server that keeps answering another isn't asked for ever

let strokes = [];
let past = []; // what the drawing was before each change, and what undo took back
let future = [];
let tool = "pen";
let pointer = null; // the pointer that draws; a second finger doesn't
let timer = null;
let askedAgain = 0; // times that the drawing as it is was sent once more
let late = null; // waits for the answer to the drawing as it is
let framed = "[]"; // what the boxes on the pad show

// One digit each for the keys 0 to 9, as strokes in a box of 10 × 10.
const written = {
  0: ["50 0 20 15 15 45 20 85 50 100 80 85 85 45 80 15 50 0"],
  1: ["25 25 55 0 55 100"],
  2: ["15 25 30 3 60 3 78 25 65 50 15 98 85 98"],
  3: ["15 10 45 0 75 12 72 38 42 48 78 60 80 85 45 100 12 90"],
  4: ["60 0 10 65 90 65", "68 35 68 100"],
  5: ["80 3 25 3 20 45 55 38 82 60 75 90 40 100 12 90"],
  6: ["65 2 30 30 15 65 25 95 60 98 80 75 65 55 35 58 18 75"],
  7: ["12 3 85 3 40 100"],
  8: ["70 15 45 0 20 15 30 40 70 60 82 82 50 100 20 85 28 60 70 38 78 20 70 12"],
  9: ["80 30 60 2 30 5 20 32 40 50 70 45 80 28 76 60 60 100"],
};

// ---- looks

function redraw() {
  const scale = Math.max(1, Math.round((canvas.clientWidth || side) * (window.devicePixelRatio || 1))) / side;
  const pixels = Math.round(side * scale);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, side, side);
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) {
    context.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
    const pressed = stroke.points[0].length === 3;
    for (let end = pressed ? 1 : stroke.points.length; end <= stroke.points.length; end++) {
      const part = pressed ? stroke.points.slice(Math.max(0, end - 2), end) : stroke.points;
      context.lineWidth = stroke.width * (pressed ? 0.5 + part[0][2] : 1);
      context.beginPath();
      context.moveTo(part[0][0], part[0][1]);
      for (const point of part) context.lineTo(point[0], point[1]);
      context.stroke();
    }
  }
  context.globalCompositeOperation = "source-over";
  hint.hidden = strokes.length > 0;
  undo.disabled = past.length === 0;
  redo.disabled = future.length === 0;
  clear.disabled = strokes.length === 0;
}

// The digits of a number are framed where the answer says that they are.
function frame() {
  const found = document.querySelector("#answer .answer")?.dataset.boxes || "[]";
  if (found === framed) return;
  framed = found;
  boxes.replaceChildren(
    ...JSON.parse(found).map(([label, x0, y0, x1, y1, tag]) => {
      const box = document.createElement("i");
      box.className = `is-${tag}`;
      const name = document.createElement("b");
      name.textContent = label;
      box.append(name);
      const percent = (share) => `${share * 100}%`;
      Object.assign(box.style, { left: percent(x0), top: percent(y0), width: percent(x1 - x0), height: percent(y1 - y0) });
      return box;
    }),
  );
}

// An answer that comes late is asked for again: when the other input is in view, or when it stays and is of an older
// drawing, as another model's or a comparison's may be.
function check(parts) {
  const why = document.querySelector("#why");
  const told = why.querySelector(".why")?.dataset.source;
  const answered = document.querySelector("#answer .answer")?.dataset.source;
  why.classList.toggle("is-late", Boolean(told && answered && told !== answered)); // isn't shown meanwhile
  const tab = document.querySelector('#inputs [role="tab"][aria-selected="true"]')?.dataset.tabId;
  const source = { draw: "pad", upload: "photo" }[tab];
  const shown = parts.map((part) => part.querySelector("[data-source]")?.dataset.source).filter(Boolean);
  if (source && shown.some((name) => name !== source)) setTimeout(() => trigger("blur"), 100);
  clearTimeout(late);
  if (source === "pad" && isOld()) late = setTimeout(askAgain, LATE_MS);
}

// The answer in view is of another drawing than the pad's.
function isOld() {
  const of = document.querySelector('#answer [data-source="pad"]')?.dataset.of;
  const points = strokes.flatMap((stroke) => stroke.points);
  const mine = [strokes.length, points.length, ...(points.at(-1)?.slice(0, 2) ?? [])];
  return Boolean(of) && JSON.stringify(JSON.parse(of)) !== JSON.stringify(mine);
}

function askAgain() {
  if (!isOld() || askedAgain === MOST_ASKED || timer !== null || pointer !== null) return;
  askedAgain += 1;
  trigger("input"); // as the drawing's own changes: no older answer comes after it
  trigger("release");
}

// So is the reason for one digit of a number that comes when another has been chosen.
function checkChosen(why) {
  const told = why.querySelector(".why")?.dataset.place;
  const chosen = document.querySelector('#seen [aria-pressed="true"]');
  if (!told || !chosen || chosen.dataset.choice === told) return;
  // Meanwhile a visitor may choose another.
  setTimeout(() => chosen.isConnected && chosen.ariaPressed === "true" && chosen.click(), 100);
}

// Screen readers hear the verdict when it changes.
function tell(spoken) {
  const text = spoken.querySelector("[data-spoken]")?.dataset.spoken ?? "";
  const heard = find(".spoken");
  if (heard.textContent !== text && !find(".pad.is-shown")) heard.textContent = text;
}

// ---- strokes

function send() {
  clearTimeout(timer);
  timer = null;
  askedAgain = 0;
  props.value = { size: [side, side], strokes: strokes.map((stroke) => ({ ...stroke, points: [...stroke.points] })) };
  trigger("input");
}

// Mid-stroke at most one reading in 60 ms; the pen's last point is always sent.
function sendSoon() {
  if (timer === null) timer = setTimeout(send, 60);
}

// The drawing has come to rest: time for what takes longer than a reading.
function settle() {
  redraw();
  send();
  trigger("release");
  document.dispatchEvent(new CustomEvent("drawn", { detail: strokes }));
}

function remember() {
  past.push(strokes);
  if (past.length > 100) past.shift();
  future = [];
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  const round = (value) => Math.round(value * 10) / 10;
  const point = [round(((event.clientX - box.left) * side) / box.width), round(((event.clientY - box.top) * side) / box.height)];
  if (event.pointerType === "pen") point.push(Math.round(event.pressure * 100) / 100);
  return point;
}

canvas.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  event.preventDefault();
  canvas.focus({ preventScroll: true });
  pointer = event.pointerId;
  canvas.setPointerCapture(pointer);
  remember();
  const stroke = { width: Number(width.value) * (tool === "eraser" ? 1.5 : 1), points: [place(event)] };
  strokes = [...strokes, tool === "eraser" ? { ...stroke, erase: true } : stroke];
  redraw();
  sendSoon();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const part of events.length ? events : [event]) strokes.at(-1).points.push(place(part));
  redraw();
  sendSoon();
});

function lift(event) {
  if (event.pointerId !== pointer) return;
  pointer = null;
  settle();
}
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);

// ---- tools and keys

function change(drawn) {
  if (pointer !== null) return;
  remember();
  strokes = drawn;
  settle();
}

function step(from, to) {
  if (pointer !== null || from.length === 0) return;
  to.push(strokes);
  strokes = from.pop();
  settle();
}

function move(right, down) {
  if (strokes.length === 0) return;
  change(strokes.map((stroke) => ({ ...stroke, points: stroke.points.map(([x, y, ...rest]) => [x + right, y + down, ...rest]) })));
}

// Corners cut off at a quarter of each side (G. Chaikin 1974).
function rounded(points) {
  const between = ([x0, y0], [x1, y1], share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
  const inner = points.slice(1).flatMap((point, index) => [between(points[index], point, 0.25), between(points[index], point, 0.75)]);
  return [points[0], ...inner, points.at(-1)];
}

// A digit's strokes in a box, by default in the middle of the pad.
function strokesOf(digit, left = 90, top = 70, across = 1, down = 1.4, thick = Number(width.value)) {
  return written[digit].map((text) => {
    const numbers = text.split(" ").map(Number);
    let points = [];
    for (let index = 0; index < numbers.length; index += 2) points.push([left + numbers[index] * across, top + numbers[index + 1] * down]);
    if (!"147".includes(digit)) points = rounded(rounded(points));
    return { width: thick, points };
  });
}

function write(digit) {
  change(strokesOf(digit));
}

function choose(name) {
  tool = name;
  for (const [other, button] of Object.entries(tools)) button.setAttribute("aria-pressed", String(other === name));
  canvas.dataset.tool = name;
}

for (const name of Object.keys(tools)) tools[name].addEventListener("click", () => choose(name));
undo.addEventListener("click", () => step(past, future));
redo.addEventListener("click", () => step(future, past));
clear.addEventListener("click", () => change([]));

const keys = {
  ArrowLeft: () => move(-10, 0),
  ArrowRight: () => move(10, 0),
  ArrowUp: () => move(0, -10),
  ArrowDown: () => move(0, 10),
  Delete: () => strokes.length && change([]),
  Backspace: () => strokes.length && change([]),
};
canvas.addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.metaKey;
  const letter = event.key.toLowerCase();
  if (held && (letter === "y" || (letter === "z" && event.shiftKey))) step(future, past);
  else if (held && letter === "z") step(past, future);
  else if (held || event.altKey) return;
  else if (written[event.key]) write(event.key);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

// Other parts of the page put a drawing here.
document.addEventListener("draw", (event) => change(event.detail));

new ResizeObserver(redraw).observe(canvas);
new MutationObserver(redraw).observe(document.body, { attributes: true, attributeFilter: ["class"] }); // light or dark
(function watch() {
  const [answer, spoken, why] = ["#answer", "#spoken", "#why"].map((name) => document.querySelector(name));
  if (!answer || !spoken || !why) return setTimeout(watch, 50); // mounted after the pad
  // Of an answer with the same parts Gradio changes nothing but attributes and texts.
  const shown = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-of", "data-source"] };
  for (const part of [answer, why]) new MutationObserver(() => check([part])).observe(part, shown);
  new MutationObserver(() => checkChosen(why)).observe(why, { childList: true, subtree: true });
  new MutationObserver(frame).observe(answer, { childList: true, subtree: true, attributes: true });
  new MutationObserver(() => tell(spoken)).observe(spoken, { childList: true, subtree: true, attributes: true });
})();
onLanguage(() => relabel(element.querySelectorAll("[data-text]")));
redraw();
