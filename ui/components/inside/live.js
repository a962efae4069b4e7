// A training on the server's machine, where its owner allows it: started here, watched while it runs, compared afterwards.
import { latest } from "./wire.js";
import { make } from "./paint.js";
import { Curve } from "./curve.js";
import { Ten } from "./ten.js";

const PACE = 500; // milliseconds between two questions

export class Live {
  constructor(page) {
    this.page = page;
    this.element = make("div", { className: "card inside-live", hidden: true });
    this.ask = latest((question) => page.ask("compare", question), (answer) => this.compare(answer));
  }

  // What may be trained here is asked for once; where nothing is, there is nothing to see.
  async update() {
    if (!this.offer) {
      this.offer = { models: [] };
      this.offer = await this.page.ask("training");
      if (this.offer.models?.length) this.build();
    }
    if (this.state === "done") this.ask({ run: this.run });
  }

  build() {
    const { models } = this.offer;
    this.buttons = models.map((model) => make("button", { type: "button", className: "tool is-main", onclick: () => this.start(model) }));
    this.end = make("button", { type: "button", className: "tool", hidden: true, dataText: "live.stop", onclick: () => this.stop() });
    // What a screen reader says by itself; the numbers, which change twice a second, wait until they are asked for.
    this.status = make("p", { className: "inside-said", role: "status" });
    this.said = make("p", { className: "inside-note" });
    this.text = make("p", { className: "inside-text" });
    this.loss = new Curve();
    this.accuracy = new Curve();
    this.curves = make("div", { className: "inside-axes", hidden: true },
      make("section", {}, make("h4", { dataText: "training.loss" }), this.loss.element),
      make("section", {}, make("h4", { dataText: "training.accuracy" }), this.accuracy.element));
    this.pair = make("div", { className: "inside-pair is-live", hidden: true });
    this.element.append(make("h3", { dataText: "live.name" }), this.text, make("div", { className: "inside-row" }, ...this.buttons, this.end), this.status, this.said, this.curves, this.pair);
    this.element.hidden = false;
    this.page.relabel(this.element);
    this.say();
  }

  get isUnderWay() {
    return this.state === "starting" || this.state === "training";
  }

  async start(model) {
    this.page.tell("");
    const answer = await this.page.ask("train", { model });
    if (answer.problem) return this.page.tell(answer.problem);
    Object.assign(this, { run: answer.run, model, points: [], told: {}, state: "starting" });
    this.curves.hidden = this.pair.hidden = true;
    this.say();
    this.end.focus();
    this.watch();
  }

  async watch() {
    const run = this.run;
    while (this.isUnderWay && run === this.run) {
      await new Promise((done) => setTimeout(done, PACE));
      const answer = await this.page.ask("watch", { run, since: this.points.length });
      if (run !== this.run || !this.isUnderWay) return;
      if (answer.problem) {
        this.state = "failed";
        this.page.tell(answer.problem);
      } else {
        this.points.push(...answer.points);
        Object.assign(this, { told: answer.told, state: answer.state });
      }
      this.say();
    }
    if (this.state === "done") this.ask({ run });
  }

  async stop() {
    this.state = "stopped";
    this.say();
    this.buttons[0].focus();
    const answer = await this.page.ask("stop", { run: this.run });
    if (answer.problem) this.page.tell(answer.problem);
  }

  say() {
    if (!this.buttons) return;
    const t = this.page.t.bind(this.page);
    const { seconds, models } = this.offer;
    this.text.textContent = t("live.text", { seconds });
    this.buttons.forEach((button, place) => {
      button.textContent = t("live.go", { model: models[place], seconds });
      button.hidden = this.isUnderWay;
    });
    this.end.hidden = !this.isUnderWay;
    const count = (number) => number.toLocaleString(this.page.language);
    const last = this.points?.at(-1);
    const status = this.state && this.state !== "failed" ? t(`live.${this.state}`) : "";
    if (this.status.textContent !== status) this.status.textContent = status;
    const named = last && this.told.data && { digits: count(last.digits), seconds: last.seconds.toFixed(0), right: count(last.right), total: count(last.total), learned: count(this.told.learned) };
    this.said.textContent = named ? t(this.told.data === "folder" ? "live.folder" : "live.extract", named) : "";
    if (named) this.draw(seconds);
    if (this.answer && this.state === "done") this.compare(this.answer);
  }

  draw(seconds) {
    this.curves.hidden = false;
    const t = this.page.t.bind(this.page);
    const at = this.points.length - 1;
    const places = this.points.map((point) => Math.min(1, point.seconds / seconds));
    const told = (what, values, format) => t("training.curve", { what: t(`training.${what}`), first: format(values[0]), now: format(values[at]), last: format(values[at]) });
    const losses = this.points.map(({ loss }) => loss);
    const shares = this.points.map(({ right, total }) => right / total);
    this.loss.show(losses, at, (value) => value.toFixed(1), told("loss", losses, (value) => value.toFixed(2)), Math.max(...losses), places);
    this.accuracy.show(shares, at, (value) => `${Math.round(100 * value)} %`, told("accuracy", shares, (value) => `${(100 * value).toFixed(1)} %`), 1, places);
  }

  compare(answer) {
    if (answer.problem) return this.page.tell(answer.problem);
    this.answer = answer;
    const column = (name, scores) => {
      const best = scores.indexOf(Math.max(...scores));
      const ten = new Ten(this.page);
      ten.show(scores);
      return make("div", { className: "inside-one" }, make("h4", { textContent: name }), make("strong", { textContent: String(best), ariaHidden: "true" }),
        make("p", { textContent: this.page.t("reads", { digit: best, percent: this.page.percent(scores[best]) }) }), ten.element);
    };
    this.pair.replaceChildren(column(this.page.t("live.trained"), answer.trained), column(this.page.t("live.shipped", { model: this.model }), answer.shipped));
    this.pair.hidden = false;
  }
}
