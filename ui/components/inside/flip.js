// Make it another digit: dab after dab of ink or paper, until the answer flips.
import { colours, inked, make, picture, rgb, sized } from "./paint.js";

const MOST = 60; // dabs, after which it gives up
const BIG = 196;

export default class Flip {
  constructor(page, panel) {
    this.page = page;
    this.target = null;
    this.buttons = Array.from({ length: 10 }, (_, digit) => make("button", { type: "button", className: "tool", textContent: String(digit), onclick: () => this.aim(digit) }));
    this.go = make("button", { type: "button", className: "tool is-main", dataText: "flip.go", onclick: () => (this.isRunning ? this.stop() : this.run()) });
    this.reset = make("button", { type: "button", className: "tool", dataText: "flip.reset", onclick: () => this.restart() });
    this.group = make("div", { className: "inside-row", role: "group", dataLabel: "flip.aim" }, ...this.buttons);
    this.said = make("p", { role: "status", className: "inside-said" });
    this.before = make("canvas", { className: "inside-big", role: "img", dataLabel: "flip.before" });
    this.after = make("canvas", { className: "inside-big", role: "img", dataLabel: "flip.after" });
    const figure = (canvas, key) => make("figure", {}, canvas, make("figcaption", { dataText: key }));
    panel.append(make("p", { className: "inside-text", dataText: "flip.text" }),
      make("div", { className: "card inside-turn" }, make("p", { dataText: "flip.aim", "aria-hidden": "true" }), this.group, make("div", { className: "inside-row" }, this.go, this.reset),
        make("div", { className: "inside-figures" }, figure(this.before, "flip.before"), figure(this.after, "flip.after")), this.said, make("p", { className: "advice", dataText: "flip.note" })));
  }

  update(answer) {
    if (!answer) return;
    if (!this.own || !this.last || this.page.model !== this.model || this.page.ink.some((value, place) => value !== this.last[place])) this.begin(answer);
    this.paint();
  }

  say() {
    this.label();
    this.tell();
  }

  // New ink, that doesn't come from here.
  begin(answer) {
    this.stop();
    this.model = this.page.model;
    this.own = this.last = new Uint8Array(this.page.ink);
    const sums = answer.answers.map(([, , , sum]) => sum).slice(0, 10);
    const order = [...sums.keys()].sort((one, other) => sums[other] - sums[one]);
    this.first = order[0];
    this.dabs = 0;
    this.amount = 0;
    this.ended = "";
    this.aim(this.target !== null && this.target !== this.first ? this.target : order[1]);
  }

  aim(digit) {
    this.stop();
    this.target = digit;
    this.ended = "";
    this.label();
    this.tell();
  }

  label() {
    this.buttons.forEach((button, digit) => {
      button.setAttribute("aria-pressed", String(digit === this.target));
    });
    this.go.textContent = this.isRunning ? this.page.t("flip.stop") : this.page.t("flip.go", { digit: this.target });
  }

  stop() {
    this.isRunning = false;
    this.page.paper.dab = null;
    this.label();
  }

  restart() {
    this.stop();
    const own = this.own;
    this.last = null;
    this.page.write(own);
  }

  async run() {
    this.isRunning = true;
    this.ended = "";
    this.label();
    const [target, model] = [this.target, this.model];
    while (this.isRunning && !this.ended) {
      if (this.page.shown.best === target) this.ended = "flip.done";
      else if (this.dabs >= MOST) this.ended = "flip.most";
      if (this.ended) break;
      const answer = await this.page.ask("nudged", { target, ink: btoa(String.fromCharCode(...this.last)) });
      if (!this.isRunning || target !== this.target || model !== this.page.model) break;
      if (answer.problem) this.page.tell(answer.problem);
      if (!answer.ink) {
        this.ended = answer.problem ? "" : "flip.stuck";
        break;
      }
      this.dabs += 1;
      this.amount += answer.amount;
      this.last = Uint8Array.from(atob(answer.ink), (letter) => letter.charCodeAt(0));
      this.page.paper.dab = answer;
      this.page.write(this.last);
      this.page.tellScores(answer.scores);
      this.paint();
      this.tell();
    }
    this.stop();
    this.tell();
  }

  tell() {
    if (!this.own) return;
    const values = { digit: this.target, first: this.first, dabs: this.dabs, amount: this.amount.toFixed(1) };
    const said = this.page.t(this.ended || (this.dabs ? "flip.under" : "flip.ready"), values);
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  paint() {
    if (!this.own) return;
    picture(sized(this.before, BIG, BIG), this.own, 0, 28, 28, (value) => inked(value / 255), 0, 0, BIG, BIG);
    const context = sized(this.after, BIG, BIG);
    picture(context, this.last, 0, 28, 28, (value) => inked(value / 255), 0, 0, BIG, BIG);
    const { more, less } = colours();
    const unit = BIG / 28;
    this.last.forEach((value, place) => {
      const change = (value - this.own[place]) / 255;
      if (!change) return;
      context.fillStyle = rgb(change > 0 ? more : less, 0.25 + 0.6 * Math.abs(change));
      context.fillRect((place % 28) * unit, Math.floor(place / 28) * unit, unit, unit);
    });
  }
}
