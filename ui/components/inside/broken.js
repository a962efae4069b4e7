// Break it: what the network reads with parts of it muted, its weights shaken, its biases gone.
import { latest } from "./wire.js";
import { make } from "./paint.js";

export default class Broken {
  constructor(page, panel) {
    this.page = page;
    this.muted = [];
    this.seed = 1;
    const button = (key, act) => make("button", { type: "button", className: "tool", dataText: key, onclick: act });
    this.layer = make("select", { onchange: () => this.limit() });
    this.unit = make("input", { type: "number", min: 1, value: 1, className: "inside-number", dataLabel: "broken.map" });
    this.noise = make("input", { type: "range", min: 0, max: 2, step: 0.05, value: 0, dataLabel: "broken.noise", oninput: () => this.again() });
    this.amount = make("output");
    this.biases = make("input", { type: "checkbox", id: "inside-biases", onchange: () => this.again() });
    this.chips = make("div", { className: "inside-row inside-chips" });
    this.said = make("p", { role: "status", className: "inside-said" });
    this.grid = make("div", { className: "inside-tested", role: "img" });
    this.pair = make("div", { className: "inside-pair" });
    panel.append(
      make("p", { className: "inside-text", dataText: "broken.text" }),
      make("div", { className: "card inside-controls" },
        make("div", { className: "inside-row" },
          make("label", { className: "select" }, make("span", { dataText: "broken.layer" }), this.layer),
          make("label", { className: "select" }, make("span", { dataText: "broken.map" }), this.unit),
          button("broken.mute", () => this.mute(this.stage, Number(this.unit.value) - 1)),
          button("broken.mute.all", () => this.mute(this.stage, -1)),
          button("broken.some", () => this.some())),
        this.chips,
        make("div", { className: "inside-row" }, make("label", { className: "inside-slider" }, make("span", { dataText: "broken.noise" }), this.noise, this.amount), button("broken.other", () => this.shake())),
        make("div", { className: "inside-row" }, make("label", { className: "inside-check", htmlFor: "inside-biases" }, this.biases, make("span", { dataText: "broken.biases" })), button("broken.mend", () => this.mend()))),
      make("div", { className: "card" }, this.pair, this.said, this.grid, make("p", { className: "advice", dataText: "broken.note" })),
    );
    this.ask = latest((question) => page.ask("broken", question), (answer) => this.tell(answer));
  }

  get stage() {
    return Number(this.layer.value);
  }

  update(answer) {
    if (!answer) return;
    const made = this.page.model + this.page.language;
    if (made !== this.made) this.list(answer);
    this.made = made;
    if (this.page.toMute) {
      const [stage, unit] = this.page.toMute;
      this.page.toMute = null;
      this.layer.value = String(stage);
      this.limit();
      this.unit.value = unit + 1;
      return this.mute(stage, unit);
    }
    this.again();
  }

  say() {
    this.made = "";
  }

  // The layers that can be muted: all but the last, of which nothing would be left.
  list({ stages }) {
    const model = this.page.model;
    if (model !== this.model) this.muted = [];
    this.model = model;
    let number = 0;
    this.names = stages.map(({ kind }) => (kind === "convolution" || kind === "linear" ? this.page.t("layer", { number: ++number }) : this.page.t(`layer.${kind}`)));
    this.names[stages.length - 1] = this.page.t("layer.answer");
    // Of pictures of weights times the drawing each belongs to one unit.
    this.counts = stages.map(({ shape }) => shape[0]);
    const before = this.layer.value;
    this.layer.replaceChildren(...this.names.map((name, place) => make("option", { value: String(place), textContent: name })));
    if (before && Number(before) < stages.length) this.layer.value = before;
    this.limit();
  }

  limit() {
    this.unit.max = this.counts[this.stage];
    if (Number(this.unit.value) > this.counts[this.stage]) this.unit.value = 1;
  }

  mute(stage, unit) {
    const count = this.counts[stage];
    if (unit >= count || !Number.isInteger(unit)) return;
    this.muted = this.muted.filter(([place, other]) => place !== stage || (unit >= 0 && other >= 0 && other !== unit));
    this.muted = [...this.muted, [stage, unit]].slice(-100);
    this.again();
  }

  // A tenth of a layer's maps, by lot.
  some() {
    const stage = this.stage;
    const whole = this.muted.some(([place, unit]) => place === stage && unit < 0);
    const left = [...Array(this.counts[stage]).keys()].filter((unit) => !this.muted.some(([place, other]) => place === stage && other === unit));
    if (whole) return;
    for (let more = Math.max(1, Math.round(this.counts[stage] / 10)); more && left.length; more--) {
      this.muted.push([stage, left.splice(Math.floor(Math.random() * left.length), 1)[0]]);
    }
    this.muted = this.muted.slice(-100);
    this.again();
  }

  shake() {
    this.seed = (this.seed + 1) % 1000;
    if (Number(this.noise.value) === 0) this.noise.value = 0.5;
    this.again();
  }

  mend() {
    this.muted = [];
    this.noise.value = 0;
    this.biases.checked = false;
    this.again();
  }

  again() {
    const noise = Number(this.noise.value);
    this.amount.textContent = `${Math.round(100 * noise)} %`;
    this.noise.setAttribute("aria-valuetext", this.amount.textContent);
    this.chips.replaceChildren(...this.muted.map((pair) => {
      const [stage, unit] = pair;
      const name = unit < 0 ? this.page.t("broken.all", { layer: this.names[stage] }) : this.page.t("broken.one", { layer: this.names[stage], number: unit + 1 });
      return make("button", { type: "button", className: "tool", "aria-label": this.page.t("broken.unmute", { name }), textContent: `${name} ✕`, onclick: () => {
        this.muted = this.muted.filter((other) => other !== pair);
        this.again();
      } });
    }));
    this.chips.hidden = !this.muted.length;
    this.ask({ muted: this.muted, noise, seed: this.seed, biases: this.biases.checked ? 1 : 0 });
  }

  tell(answer) {
    if (answer.problem) return this.page.tell(answer.problem);
    const t = this.page.t.bind(this.page);
    const { whole, broken } = answer;
    const best = ({ scores }) => scores.indexOf(Math.max(...scores));
    const column = (key, one, other) => make("div", { className: `inside-one${best(one) === best(other) ? "" : " is-other"}` },
      make("h3", { textContent: t(key) }), make("strong", { textContent: String(best(one)), ariaHidden: "true" }),
      make("p", { textContent: t("reads", { digit: best(one), percent: this.page.percent(Math.max(...one.scores)) }) }),
      make("p", { className: "inside-share" }, make("i", { style: `width:${(100 * one.right) / one.total}%` })),
      make("p", { textContent: t("broken.right", { right: one.right, total: one.total }) }));
    this.pair.replaceChildren(column("broken.whole", whole, whole), column("broken.broken", broken, whole));
    const said = t("broken.said", { digit: best(broken), right: broken.right, whole: whole.right, total: whole.total });
    if (this.said.textContent !== said) this.said.textContent = said;
    this.grid.setAttribute("aria-label", t("broken.grid", { right: broken.right, total: broken.total }));
    this.grid.replaceChildren(...[...broken.read].map((digit, place) => make("span", { textContent: digit, className: digit === broken.labels[place] ? "" : "is-wrong", title: digit === broken.labels[place] ? "" : `${broken.labels[place]} → ${digit}` })));
  }
}
