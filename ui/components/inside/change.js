// What would change its mind: six ways to change the digit, each with the ten curves of probability over its range.
import { latest } from "./wire.js";
import { bytes, colours, make, rgb, sized } from "./paint.js";

const AXES = ["rotate", "slant", "thicken", "size", "shift", "noise"];
const HEIGHT = 132;
const LEFT = 42;
const BOTTOM = 16;

export default class Change {
  constructor(page, panel) {
    this.page = page;
    this.axes = AXES.map((name) => new Axis(page, name));
    panel.append(make("p", { className: "inside-text", dataText: "change.text" }), make("div", { className: "inside-axes" }, ...this.axes.map((axis) => axis.element)));
    this.ask = latest(() => this.all(), () => {});
    this.asked = "";
  }

  update(answer) {
    if (!answer) return;
    const of = `${this.page.model} ${this.page.ink.join()}`;
    if (of === this.asked) return this.axes.forEach((axis) => axis.paint());
    this.asked = of;
    this.ask({});
  }

  // One axis after the other; new ink in between begins anew.
  async all() {
    const of = this.asked;
    for (const axis of this.axes) {
      const answer = await this.page.ask("axis", { axis: axis.name });
      if (of !== this.asked) return;
      axis.take(answer);
    }
  }

  say() {
    for (const axis of this.axes) axis.paint();
  }
}

class Axis {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.canvas = make("canvas", { role: "img" });
    this.slider = make("input", { type: "range", min: 0, max: 24, value: 12, dataLabel: `change.${name}`, disabled: true });
    this.said = make("p", { className: "advice" });
    this.keep = make("button", { type: "button", className: "tool", dataText: "change.keep", onclick: () => page.write(this.image()) });
    this.element = make("section", { className: "card inside-axis" }, make("h3", { dataText: `change.${name}` }), this.canvas, this.slider, this.said, this.keep);
    this.slider.addEventListener("input", () => this.slide());
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons && this.press(event));
  }

  take(answer) {
    if (answer.problem) return this.page.tell(answer.problem);
    this.answer = { ...answer, images: bytes(answer.images) };
    this.slider.disabled = false;
    this.slider.value = answer.rest;
    this.paint();
  }

  get step() {
    return Number(this.slider.value);
  }

  image() {
    return this.answer.images.slice(784 * this.step, 784 * (this.step + 1));
  }

  slide() {
    this.page.preview(this.image(), this.answer.scores[this.step]);
    this.paint();
  }

  press(event) {
    if (!this.answer) return;
    const box = this.canvas.getBoundingClientRect();
    const step = Math.round(((event.clientX - box.left - LEFT) / (box.width - LEFT - 8)) * 24);
    this.slider.value = Math.min(24, Math.max(0, step));
    this.slide();
  }

  amount(step) {
    const value = this.answer.amounts[step];
    const number = { rotate: Math.round(value), slant: value.toFixed(1), thicken: value.toFixed(1), size: Math.round(100 * value), shift: value.toFixed(1), noise: Math.round(100 * value) }[this.name];
    return this.page.t(`change.${this.name}.unit`, { value: String(number).replace("-", "−") });
  }

  paint() {
    if (!this.answer) return;
    const { scores, rest, flips } = this.answer;
    const read = scores.map((row) => row.indexOf(Math.max(...row)));
    const own = read[rest];
    const width = this.element.clientWidth - 2 * parseFloat(getComputedStyle(this.element).paddingLeft);
    const context = sized(this.canvas, width, HEIGHT);
    const { ink, soft, line, more, less } = colours();
    const x = (step) => LEFT + (step / 24) * (width - LEFT - 8);
    const y = (score) => 6 + (1 - score) * (HEIGHT - BOTTOM - 12);
    context.font = "12px ui-sans-serif, system-ui, sans-serif";
    context.fillStyle = rgb(soft);
    context.strokeStyle = rgb(line);
    context.lineWidth = 1;
    for (const share of [0, 0.5, 1]) {
      context.beginPath();
      context.moveTo(LEFT, y(share));
      context.lineTo(width - 8, y(share));
      context.stroke();
      context.textAlign = "right";
      context.fillText(`${100 * share} %`, LEFT - 4, y(share) + 4);
    }
    for (const [step, side] of [[0, "left"], [24, "right"]]) {
      context.textAlign = side;
      context.fillText(this.amount(step), x(step), HEIGHT - 2);
    }
    context.textAlign = "center";
    // Beyond a flip the answer is another.
    context.fillStyle = rgb(less, 0.12);
    if (flips[0] !== null) context.fillRect(LEFT, y(1), x(flips[0] + 0.5) - LEFT, y(0) - y(1));
    if (flips[1] !== null) context.fillRect(x(flips[1] - 0.5), y(1), width - 8 - x(flips[1] - 0.5), y(0) - y(1));
    for (const digit of [...Array(10).keys()].sort((one) => (one === own ? 1 : -1))) {
      const best = Math.max(...scores.map((row) => row[digit]));
      const wins = read.includes(digit);
      context.strokeStyle = context.fillStyle = rgb(digit === own ? more : wins ? less : soft, wins ? 1 : 0.45);
      context.lineWidth = digit === own ? 3 : wins ? 2 : 1;
      context.beginPath();
      scores.forEach((row, step) => context.lineTo(x(step), y(row[digit])));
      context.stroke();
      if (best < 0.15) continue;
      const at = digit === own ? rest : scores.findIndex((row) => row[digit] === best);
      context.font = "700 13px ui-sans-serif, system-ui, sans-serif";
      context.fillText(String(digit), Math.min(width - 14, Math.max(LEFT + 8, x(at) + (at === rest ? 9 : 0))), y(scores[at][digit]) + (best > 0.85 ? 15 : -5));
    }
    context.strokeStyle = rgb(ink);
    context.lineWidth = 1.5;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x(this.step), 2);
    context.lineTo(x(this.step), HEIGHT - BOTTOM);
    context.stroke();
    context.setLineDash([]);
    this.tell(read, own);
  }

  tell(read, own) {
    const { scores, flips } = this.answer;
    const now = read[this.step];
    const said = this.page.t(this.step === this.answer.rest ? "change.rest" : "change.now", { amount: this.amount(this.step), digit: now, percent: this.page.percent(scores[this.step][now]) });
    const turns = flips.filter((step) => step !== null).map((step) => this.page.t("change.flip", { digit: read[step], amount: this.amount(step) }));
    const between = said.endsWith("。") ? "" : " "; // Chinese has no space between sentences
    const flip = turns.length ? turns.join(between) : this.page.t("change.never", { digit: own });
    const text = [said, flip].join(between);
    if (this.said.textContent !== text) this.said.textContent = text;
    this.slider.setAttribute("aria-valuetext", said);
    this.canvas.setAttribute("aria-label", `${this.page.t(`change.${this.name}`)}: ${flip}`);
    this.keep.disabled = this.step === this.answer.rest;
  }
}
