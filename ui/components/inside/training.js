// A training before your eyes: what the network was at each moment of it, its answer to the digit, its curves, its weights.
import { latest } from "./wire.js";
import { colours, make, picture, signed, sized, tint } from "./paint.js";
import { Curve } from "./curve.js";
import { Live } from "./live.js";
import { Ten } from "./ten.js";

const MODELS = ["logistic", "mlp", "quick"];
const PACE = 450; // milliseconds of a moment while it plays
const GAP = 6;

export default class Training {
  constructor(page, panel) {
    this.page = page;
    this.known = {};
    this.model = MODELS.includes(page.model) ? page.model : MODELS[0];
    this.choices = make("div", { className: "inside-row", role: "group", dataLabel: "training.which" }, ...MODELS.map((name) => make("button", {
      type: "button", className: "tool", textContent: name, onclick: () => this.choose(name),
    })));
    this.slider = make("input", { type: "range", min: 0, max: 1, value: 0, disabled: true, dataLabel: "training.slider", oninput: () => this.scrub() });
    this.button = make("button", { type: "button", className: "tool is-main inside-play", disabled: true, onclick: () => this.turn() });
    this.when = make("h3", {});
    this.answer = make("strong", { className: "inside-mark", ariaHidden: "true" });
    this.said = make("p", { className: "inside-said" });
    this.ten = new Ten(page);
    this.loss = new Curve((place) => this.go(place));
    this.accuracy = new Curve((place) => this.go(place));
    this.canvas = make("canvas", { role: "img" });
    this.caption = make("p", { className: "advice" });
    this.note = make("p", { className: "advice" });
    this.live = new Live(page);
    panel.append(
      make("p", { className: "inside-text", dataText: "training.text" }),
      make("div", { className: "card inside-replay" }, this.choices,
        make("div", { className: "inside-scrub" }, this.button, this.slider),
        make("div", { className: "inside-now" }, this.answer, make("div", {}, this.when, this.said), this.ten.element),
        make("div", { className: "inside-axes" },
          make("section", {}, make("h4", { dataText: "training.loss" }), this.loss.element),
          make("section", {}, make("h4", { dataText: "training.accuracy" }), this.accuracy.element)),
        make("p", { className: "advice", dataText: "training.axis" })),
      make("div", { className: "card" }, this.caption, this.canvas, this.note),
      this.live.element);
    this.ask = latest((question) => page.ask("replay", question), (answer, asked) => this.take(answer, asked.model));
    this.fetch = latest((question) => page.ask("history", question), (answer, asked) => this.learn(answer, asked.model));
    this.say();
  }

  get history() {
    return this.known[this.model];
  }

  update() {
    if (!this.history) this.fetch({ model: this.model });
    const of = `${this.model} ${this.page.ink.join()}`;
    if (of !== this.asked) {
      this.asked = of;
      this.ask({ model: this.model });
    }
    this.live.update();
    this.paint();
  }

  choose(model) {
    this.pause();
    if (model === this.model) return;
    // Another training has as many moments as it has: it is shown from its beginning.
    this.model = model;
    this.place = 0;
    this.scores = null;
    this.say();
    this.update();
  }

  learn(answer, model) {
    if (answer.problem) return this.page.tell(answer.problem);
    this.known[model] = { ...answer, pictures: signed(answer.pictures) };
    this.paint();
  }

  take(answer, model) {
    if (answer.problem) return this.page.tell(answer.problem);
    if (model !== this.model) return;
    this.scores = answer.scores;
    this.paint();
  }

  get place() {
    return Number(this.slider.value);
  }

  set place(place) {
    this.slider.value = place;
  }

  go(place) {
    this.pause();
    this.place = place;
    this.paint();
  }

  scrub() {
    this.pause();
    this.paint();
  }

  // Nothing moves by itself: it plays when the button is pressed, from the beginning if it is at the end.
  turn() {
    if (this.timer) return this.pause();
    if (this.place === Number(this.slider.max)) this.place = 0;
    this.timer = setInterval(() => this.step(), PACE);
    this.say();
    this.paint();
  }

  step() {
    this.place += 1;
    if (this.place === Number(this.slider.max) || this.page.opened !== "training") this.pause();
    this.paint();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.say();
  }

  say() {
    this.button.textContent = this.page.t(this.timer ? "training.pause" : "training.play");
    for (const button of this.choices.children) button.setAttribute("aria-pressed", String(button.textContent === this.model));
    this.live.say();
  }

  moment(place) {
    const { batches, digits, epoch } = this.history.moments[place];
    const values = { batches: this.count(batches), digits: this.count(digits), epoch };
    return this.page.t(epoch === null ? "training.early" : epoch ? "training.epoch" : "training.before", values);
  }

  count(number) {
    return number.toLocaleString(this.page.language);
  }

  paint() {
    if (!this.history || !this.scores) return;
    const t = this.page.t.bind(this.page);
    const { moments, same, shipped } = this.history;
    this.slider.max = moments.length - 1;
    this.slider.disabled = this.button.disabled = false;
    const scores = this.scores[this.place];
    const best = scores.indexOf(Math.max(...scores));
    const now = moments[this.place];
    const when = this.moment(this.place);
    const said = t("training.said", { digit: best, percent: this.page.percent(scores[best]), right: this.count(now.right), total: this.count(now.total) });
    this.when.textContent = when;
    this.answer.textContent = best;
    this.said.textContent = said;
    // A screen reader is told by the slider; while it plays, nobody is interrupted.
    this.slider.setAttribute("aria-valuetext", `${when}. ${said}`);
    this.ten.show(scores);
    const told = (what, values, format) => t("training.curve", { what: t(`training.${what}`), first: format(values[0]), now: format(values[this.place]), last: format(values.at(-1)) });
    const losses = moments.map(({ loss }) => loss);
    const shares = moments.map(({ right, total }) => right / total);
    this.loss.show(losses, this.place, (value) => value.toFixed(1), told("loss", losses, (value) => value.toFixed(2)));
    this.accuracy.show(shares, this.place, (value) => `${Math.round(100 * value)} %`, told("accuracy", shares, (value) => `${(100 * value).toFixed(1)} %`), 1);
    const last = moments.at(-1);
    this.note.textContent = same ? t("training.same") : t("training.other", { right: this.count(last.right), total: this.count(last.total), shipped: this.count(shipped.right) });
    this.weigh();
  }

  // The first layer's weights, as large as the screen allows.
  weigh() {
    const { shape: [units, height, width], pictures, most } = this.history;
    const caption = this.page.t(`training.weights.${this.model}`, { count: units });
    this.caption.textContent = caption;
    this.canvas.setAttribute("aria-label", `${this.page.t("training.pictures")}. ${this.when.textContent}`);
    const room = this.canvas.parentElement.clientWidth - 2 * parseFloat(getComputedStyle(this.canvas.parentElement).paddingLeft);
    const least = height > 10 ? 56 : 44;
    const across = Math.min(Math.floor((room + GAP) / (least + GAP)), height > 10 ? Math.ceil(units / 2) : 16);
    const side = Math.floor(Math.min((room + GAP) / across - GAP, 168));
    const rows = Math.ceil(units / across);
    const labelled = this.model === "logistic";
    const high = side + GAP + (labelled ? 18 : 0);
    const context = sized(this.canvas, across * (side + GAP) - GAP, rows * high);
    context.font = "700 13px ui-sans-serif, system-ui, sans-serif";
    context.textAlign = "center";
    context.fillStyle = `rgb(${colours().ink.join(" ")})`;
    const start = this.place * units * height * width;
    for (let unit = 0; unit < units; unit++) {
      const x = (unit % across) * (side + GAP);
      const y = Math.floor(unit / across) * high;
      picture(context, pictures, start + unit * height * width, height, width, (level) => tint(level / most), x, y, side, side);
      if (labelled) context.fillText(String(unit), x + side / 2, y + side + 15);
    }
  }
}
