// A curve as SVG, one point for each moment, with the chosen moment marked.
const SIZE = [340, 138];
const FIELD = [44, 10, 332, 130];

function drawn(name, attributes, content = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = content;
  return element;
}

export class Curve {
  // choose: is given the place of the moment that was pressed; without it the curve can only be looked at.
  constructor(choose = null) {
    this.element = drawn("svg", { viewBox: `0 0 ${SIZE.join(" ")}`, class: choose ? "inside-curve is-live" : "inside-curve", role: "img" });
    if (!choose) return;
    const press = (event) => {
      const box = this.element.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * SIZE[0];
      const place = Math.round(((x - FIELD[0]) / (FIELD[2] - FIELD[0])) * (this.count - 1));
      choose(Math.min(this.count - 1, Math.max(0, place)));
    };
    this.element.addEventListener("pointerdown", press);
    this.element.addEventListener("pointermove", (event) => event.buttons && press(event));
  }

  // values: one for each moment; at: which is marked; format: of the numbers at the side; places: where each lies in 0…1.
  show(values, at, format, told, most = Math.max(...values, 0.01), places = null) {
    const [left, top, right, bottom] = FIELD;
    this.count = values.length;
    const x = (place) => left + (right - left) * (places ? places[place] : place / Math.max(1, values.length - 1));
    const y = (value) => bottom - (bottom - top) * Math.min(1, value / most);
    this.element.setAttribute("aria-label", told);
    const grid = [0, 0.5, 1].flatMap((share) => [
      drawn("line", { x1: left, x2: right, y1: y(share * most), y2: y(share * most), class: "grid" }),
      drawn("text", { x: left - 6, y: y(share * most) + 4, "text-anchor": "end" }, format(share * most)),
    ]);
    const points = values.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const mark = values.length ? [
      drawn("line", { x1: x(at), x2: x(at), y1: top, y2: bottom, class: "at" }),
      drawn("circle", { cx: x(at), cy: y(values[at]), r: 5 }),
    ] : [];
    this.element.replaceChildren(...grid, drawn("polyline", { points }), ...mark);
  }
}
