// The pad's hand: pointer events to strokes, strokes to the canvas and to the server.
// Gradio runs this once with `element` (the component), `props` (its value) and `trigger`.
const canvas = element.querySelector("canvas");
const hint = element.querySelector(".pad-hint");
const width = element.querySelector(".pad-width");
const undo = element.querySelector(".pad-undo");
const clear = element.querySelector(".pad-clear");
const side = 280;
const strokes = [];
let pen = null; // the pointer that draws; a second finger doesn't
let timer = null;

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
    context.lineWidth = stroke.width;
    context.beginPath();
    context.moveTo(...stroke.points[0]);
    for (const point of stroke.points) context.lineTo(...point);
    context.stroke();
  }
  hint.hidden = strokes.length > 0;
  undo.disabled = clear.disabled = strokes.length === 0;
}

function send() {
  clearTimeout(timer);
  timer = null;
  props.value = { size: [side, side], strokes: strokes.map((stroke) => ({ ...stroke, points: [...stroke.points] })) };
  trigger("input");
}

// Mid-stroke at most one reading in 60 ms; the pen's last point is always sent.
function sendSoon() {
  if (timer === null) timer = setTimeout(send, 60);
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  const round = (value) => Math.round(value * 10) / 10;
  return [round(((event.clientX - box.left) * side) / box.width), round(((event.clientY - box.top) * side) / box.height)];
}

canvas.addEventListener("pointerdown", (event) => {
  if (pen !== null || event.button !== 0) return;
  event.preventDefault();
  canvas.focus({ preventScroll: true });
  pen = event.pointerId;
  canvas.setPointerCapture(pen);
  strokes.push({ width: Number(width.value), points: [place(event)] });
  redraw();
  sendSoon();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pen) return;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const part of events.length ? events : [event]) strokes.at(-1).points.push(place(part));
  redraw();
  sendSoon();
});

function lift(event) {
  if (event.pointerId !== pen) return;
  pen = null;
  send();
}
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);

function change(edit) {
  if (pen !== null || strokes.length === 0) return;
  edit();
  redraw();
  send();
}
undo.addEventListener("click", () => change(() => strokes.pop()));
clear.addEventListener("click", () => change(() => strokes.splice(0)));
canvas.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") change(() => strokes.pop());
  else if (event.key === "Delete" || event.key === "Backspace") change(() => strokes.splice(0));
  else return;
  event.preventDefault();
});

new ResizeObserver(redraw).observe(canvas);
new MutationObserver(redraw).observe(document.body, { attributes: true, attributeFilter: ["class"] }); // light or dark
redraw();
