// A map of test digits, by what the last hidden layer makes of them; the digit lands between its neighbours.
import { latest } from "./wire.js";
import { colours, inked, make, picture, rgb, sized } from "./paint.js";

const MARGIN = 22;
const REACH = 24; // CSS pixels within which a pointer finds a dot
const hue = (digit, alpha = 1) => `hsl(${digit * 36 + 250} 48% 52% / ${alpha})`;

export default class DigitMap {
  constructor(page, panel) {
    this.page = page;
    this.canvas = make("canvas", { tabIndex: 0, role: "img", dataLabel: "map.label.text" });
    this.frame = make("div", { className: "inside-map" }, this.canvas);
    this.said = make("p", { role: "status" });
    this.thumbnail = make("canvas", { className: "inside-thumbnail", role: "img" });
    const button = (key, act) => make("button", { type: "button", className: "tool", dataText: key, onclick: act });
    this.take = button("map.take", () => page.write(this.pixels(this.chosen)));
    this.card = make("div", { className: "inside-dot" }, this.thumbnail, make("div", {}, this.said, make("div", { className: "inside-row" }, button("map.mistake", () => this.nextMistake()), this.take)));
    this.near = make("div", { className: "inside-near" });
    this.note = make("p", { className: "advice", dataText: "map.note" });
    panel.append(make("p", { className: "inside-text", dataText: "map.intro" }), make("div", { className: "card" }, this.frame, make("div", { className: "inside-beside" }, this.card, make("div", {}, make("h3", { dataText: "map.near" }), this.near)), this.note));
    this.place = latest((question) => page.ask("place", question), (answer) => this.land(answer));
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.load();
  }

  async load() {
    const answer = await this.page.ask("digits", {});
    if (answer.problem) return this.page.tell(answer.problem);
    const sheet = new Image();
    sheet.src = answer.pictures;
    await sheet.decode();
    this.digits = answer;
    this.sheet = sheet;
    this.count = answer.labels.length;
    this.mistakes = [...Array(this.count).keys()].filter((dot) => answer.labels[dot] !== answer.answers[dot]);
    this.update(this.page.answer);
  }

  update(answer) {
    if (!answer || !this.digits) return;
    this.paint();
    this.place({});
  }

  say() {
    if (this.digits) this.paint();
    this.tell();
  }

  land(answer) {
    if (answer.problem) return this.page.tell(answer.problem);
    this.landed = answer;
    this.near.replaceChildren(...answer.nearest.map((dot) => {
      const canvas = make("canvas", { "aria-hidden": "true" });
      this.thumb(canvas, dot, 52);
      return make("button", { type: "button", className: "tool", "aria-label": this.described(dot), onclick: () => this.choose(dot) }, canvas, make("span", { textContent: this.digits.labels[dot] }));
    }));
    if (this.chosen === undefined) this.choose(answer.nearest[0]);
    this.paint();
  }

  spot(dot) {
    return this.at(this.digits.places[2 * dot], this.digits.places[2 * dot + 1]);
  }

  at(across, down) {
    return [MARGIN + across * (this.width - 2 * MARGIN), MARGIN + down * (this.height - 2 * MARGIN)];
  }

  paint() {
    this.width = this.frame.clientWidth || 600;
    this.height = Math.min(560, Math.max(320, this.width * 0.72));
    const context = sized(this.canvas, this.width, this.height);
    const { ink, paper, none } = colours();
    const centres = Array.from({ length: 10 }, () => [0, 0, 0]);
    for (let dot = 0; dot < this.count; dot++) {
      const [x, y] = this.spot(dot);
      const digit = Number(this.digits.labels[dot]);
      context.fillStyle = hue(digit, 0.75);
      context.beginPath();
      context.arc(x, y, 2.6, 0, 7);
      context.fill();
      const centre = centres[digit];
      centre[0] += x;
      centre[1] += y;
      centre[2] += 1;
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = "750 26px ui-sans-serif, system-ui, sans-serif";
    context.lineWidth = 5;
    centres.forEach(([x, y, count], digit) => {
      context.strokeStyle = rgb(paper, 0.85);
      context.fillStyle = rgb(ink);
      context.strokeText(String(digit), x / count, y / count);
      context.fillText(String(digit), x / count, y / count);
    });
    context.strokeStyle = rgb(none);
    context.lineWidth = 2;
    for (const dot of this.mistakes) {
      const [x, y] = this.spot(dot);
      context.beginPath();
      for (const [from, to] of [[[-4, -4], [4, 4]], [[-4, 4], [4, -4]]]) {
        context.moveTo(x + from[0], y + from[1]);
        context.lineTo(x + to[0], y + to[1]);
      }
      context.stroke();
    }
    if (this.landed) this.drawLanding(context);
    if (this.chosen !== undefined) {
      const [x, y] = this.spot(this.chosen);
      context.strokeStyle = rgb(ink);
      context.lineWidth = 2.5;
      context.beginPath();
      context.arc(x, y, 8, 0, 7);
      context.stroke();
    }
  }

  drawLanding(context) {
    const { paper, more } = colours();
    const [x, y] = this.at(this.landed.x, this.landed.y);
    // The picture stands beside the place, towards the middle, where it hides no neighbour.
    const side = 44;
    const away = [this.width / 2 - x, this.height / 2 - y];
    const length = Math.hypot(...away) || 1;
    const [left, top] = [x + (away[0] / length) * 84 - side / 2, y + (away[1] / length) * 84 - side / 2];
    const line = (to) => {
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(...to);
      context.stroke();
    };
    context.strokeStyle = context.fillStyle = rgb(more);
    context.lineWidth = 2;
    line([left + side / 2, top + side / 2]);
    for (const dot of this.landed.nearest) {
      line(this.spot(dot));
      context.beginPath();
      context.arc(...this.spot(dot), 4, 0, 7);
      context.fill();
    }
    context.strokeStyle = rgb(paper);
    context.beginPath();
    context.arc(x, y, 6, 0, 7);
    context.fill();
    context.stroke();
    picture(context, this.page.ink, 0, 28, 28, (value) => inked(value / 255), left, top, side, side);
    context.strokeStyle = rgb(more);
    context.lineWidth = 2.5;
    context.strokeRect(left, top, side, side);
  }

  point(event) {
    if (!this.digits) return;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [-1, REACH ** 2];
    for (let dot = 0; dot < this.count; dot++) {
      const [across, down] = this.spot(dot);
      const away = (across - x) ** 2 + (down - y) ** 2;
      if (away < least) [best, least] = [dot, away];
    }
    if (best >= 0 && best !== this.chosen) this.choose(best);
  }

  // The nearest dot in the arrow's direction.
  key(event) {
    const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!turn || !this.digits || this.chosen === undefined) return;
    event.preventDefault();
    const [x, y] = this.spot(this.chosen);
    let [best, least] = [this.chosen, Infinity];
    for (let dot = 0; dot < this.count; dot++) {
      const [right, down] = [this.spot(dot)[0] - x, this.spot(dot)[1] - y];
      const along = right * turn[0] + down * turn[1];
      const cost = Math.hypot(right, down) + 2 * Math.abs(right * turn[1] + down * turn[0]);
      if (along > 0.5 && cost < least) [best, least] = [dot, cost];
    }
    this.choose(best);
  }

  nextMistake() {
    const next = this.mistakes.findIndex((dot) => dot > (this.chosen ?? -1));
    this.choose(this.mistakes[Math.max(0, next)]);
  }

  choose(dot) {
    this.chosen = dot;
    this.paint();
    this.tell();
  }

  described(dot) {
    const { labels, answers, indices } = this.digits;
    const key = labels[dot] === answers[dot] ? "map.right" : "map.wrong";
    return this.page.t(key, { index: indices[dot], label: labels[dot], answer: answers[dot] });
  }

  tell() {
    if (this.chosen === undefined) return;
    this.said.textContent = this.described(this.chosen);
    this.thumbnail.setAttribute("aria-label", this.described(this.chosen));
    this.thumb(this.thumbnail, this.chosen, 84);
  }

  pixels(dot) {
    const board = make("canvas", { width: 28, height: 28 }).getContext("2d");
    const { across } = this.digits;
    board.drawImage(this.sheet, -28 * (dot % across), -28 * Math.floor(dot / across));
    return board.getImageData(0, 0, 28, 28).data.filter((_, place) => place % 4 === 0);
  }

  thumb(canvas, dot, side) {
    picture(sized(canvas, side, side), this.pixels(dot), 0, 28, 28, (value) => inked(value / 255), 0, 0, side, side);
  }
}
