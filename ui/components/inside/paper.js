// The 28×28 that the network sees. It can be drawn on, pixel by pixel, with pointer or keys.
import { colours, inked, make, picture, rgb, sized } from "./paint.js";

const SIDE = 28;

export class Paper {
  constructor(page) {
    this.page = page;
    this.image = page.ink;
    this.cursor = [14, 14];
    this.tool = "pen";
    this.canvas = make("canvas", { tabIndex: 0, role: "img", dataLabel: "paper" });
    this.element = make("div", { className: "inside-paper" }, this.canvas);
    const button = (name) => make("button", { type: "button", className: "tool", dataText: name, ariaPressed: String(name === this.tool), onclick: () => this.take(name) });
    this.buttons = { pen: button("pen"), eraser: button("eraser") };
    this.clear = make("button", { type: "button", className: "tool", dataText: "clear", onclick: () => page.write(new Uint8Array(SIDE * SIDE)) });
    this.tools = make("div", { className: "inside-row inside-tools" }, ...Object.values(this.buttons), this.clear);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => (this.last = null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) this.canvas.addEventListener(name, () => this.paint());
  }

  take(name) {
    this.tool = name;
    for (const [other, button] of Object.entries(this.buttons)) button.setAttribute("aria-pressed", String(other === name));
  }

  show(image) {
    this.image = image;
    this.paint();
  }

  // The part of the drawing that a value looks at: left, top, right, bottom; null for none.
  field(edges) {
    this.edges = edges;
    this.paint();
  }

  paint() {
    const side = this.element.clientWidth || 252;
    const context = sized(this.canvas, side, side);
    const { more, less } = colours();
    picture(context, this.image, 0, SIDE, SIDE, (value) => inked(value / 255), 0, 0, side, side);
    const unit = side / SIDE;
    const frame = (left, top, right, bottom, colour) => {
      context.strokeStyle = colour;
      context.lineWidth = 2.5;
      context.strokeRect(left * unit, top * unit, (right - left) * unit, (bottom - top) * unit);
    };
    if (this.edges && this.edges[2] - this.edges[0] < SIDE) {
      context.fillStyle = rgb(more, 0.16);
      context.fillRect(this.edges[0] * unit, this.edges[1] * unit, (this.edges[2] - this.edges[0]) * unit, (this.edges[3] - this.edges[1]) * unit);
      frame(...this.edges, rgb(more));
    }
    if (this.dab) frame(this.dab.x - 1, this.dab.y - 1, this.dab.x + 2, this.dab.y + 2, rgb(this.dab.added ? more : less));
    if (document.activeElement === this.canvas && this.canvas.matches(":focus-visible")) frame(this.cursor[0], this.cursor[1], this.cursor[0] + 1, this.cursor[1] + 1, rgb(less));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.draw([this.last]);
  }

  move(event) {
    if (!this.last) return;
    const [x0, y0] = this.last;
    this.last = this.place(event);
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(this.last[0] - x0, this.last[1] - y0)));
    const between = (share) => [x0 + (this.last[0] - x0) * share, y0 + (this.last[1] - y0) * share];
    this.draw(Array.from({ length: steps }, (_, step) => between((step + 1) / steps)));
  }

  // A round pen a pixel and a half wide, with a soft edge.
  draw(points) {
    const ink = new Uint8Array(this.page.ink);
    for (const [x, y] of points) {
      for (let row = Math.max(0, Math.floor(y - 2.5)); row < Math.min(SIDE, y + 2.5); row++) {
        for (let column = Math.max(0, Math.floor(x - 2.5)); column < Math.min(SIDE, x + 2.5); column++) {
          const cover = Math.min(1, Math.max(0, 1.9 - Math.hypot(column + 0.5 - x, row + 0.5 - y)));
          const place = row * SIDE + column;
          ink[place] = this.tool === "pen" ? Math.max(ink[place], 255 * cover) : Math.min(ink[place], 255 * (1 - cover));
        }
      }
    }
    this.page.write(ink);
  }

  key(event) {
    const turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (turns[event.key]) {
      this.cursor = this.cursor.map((value, axis) => Math.min(SIDE - 1, Math.max(0, value + turns[event.key][axis])));
      this.paint();
    } else if (event.key === " " || event.key === "Enter") {
      this.draw([this.cursor.map((value) => value + 0.5)]);
    } else return;
    event.preventDefault();
  }
}
