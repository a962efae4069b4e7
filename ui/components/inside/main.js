// The tab as a whole: the digit on the left, which its parts look into, and the parts beside it.
import { askAt, latest } from "./wire.js";
import { bytes, colours, make, text as encoded } from "./paint.js";
import { Paper } from "./paper.js";
import { Ten } from "./ten.js";

const PARTS = ["layers", "change", "map", "broken", "flip", "training"];
const MODULES = {
  layers: () => import("./layers.js"),
  change: () => import("./change.js"),
  map: () => import("./map.js"),
  broken: () => import("./broken.js"),
  flip: () => import("./flip.js"),
  training: () => import("./training.js"),
};
let page = null;

export async function show(root, base, value) {
  if (!page || page.root !== root) page = await build(root, base);
  page.take(value);
}

async function build(root, base) {
  const strings = await (await fetch(new URL("texts.json", base))).json();
  await style(new URL("inside.css", base));
  root.replaceChildren();
  return new Inside(root, base, strings);
}

// The style is there before anything is shown with it.
function style(address) {
  return new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: done, onerror: done });
    document.head.append(link);
  });
}

class Inside {
  constructor(root, base, strings) {
    this.root = root;
    this.strings = strings;
    this.raw = askAt(new URL("../../gradio_api/run/inside", base), this);
    this.ink = new Uint8Array(784);
    this.digits = [];
    this.parts = {};
    this.model = "cnn";
    this.askLayers = latest((question) => this.ask("layers", question), (answer) => this.use(answer));
    this.build();
    // Language and colours change without a reload.
    new MutationObserver(() => this.say()).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
    new MutationObserver(() => this.repaint()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    let width = 0;
    new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - width) < 1) return;
      width = entry.contentRect.width;
      this.repaint();
    }).observe(root);
  }

  get language() {
    const spoken = document.documentElement.lang.toLowerCase();
    return Object.keys(this.strings).find((code) => spoken.startsWith(code)) ?? "en";
  }

  // A string of the page's language with its places filled in.
  t(key, values = {}) {
    return (this.strings[this.language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  percent(score) {
    if (score < 0.001) return "< 0.1 %";
    return score > 0.999 ? "> 99.9 %" : `${(100 * score).toFixed(1)} %`;
  }

  ask(name, question = {}) {
    return this.raw({ ask: name, model: this.model, ink: encoded(this.ink), language: this.language, ...question });
  }

  build() {
    const t = (key) => this.t(key);
    this.paper = new Paper(this);
    this.ten = new Ten(this);
    this.note = make("p", { className: "advice inside-note" });
    this.verdict = make("p", { className: "inside-verdict", role: "status" });
    this.problem = make("p", { className: "inside-problem", role: "alert" });
    this.which = make("div", { className: "inside-which", role: "group" });
    this.select = make("select", { className: "inside-model" });
    for (const option of document.querySelectorAll("#model select option")) this.select.append(make("option", { value: option.value, textContent: option.value }));
    this.select.addEventListener("change", () => this.choose(this.select.value));
    this.back = make("button", { type: "button", className: "tool", onclick: () => this.pick(this.picked) });
    this.label = make("label", { className: "select" }, make("span", { dataText: "model" }), this.select);
    const side = make("section", { className: "card inside-digit" },
      make("h2", { dataText: "digit" }),
      make("div", { className: "inside-seen" }, this.paper.element, make("div", { className: "inside-read" }, this.verdict, this.ten.element)),
      this.paper.tools, this.which, this.note, this.problem);
    this.paper.tools.append(this.label, this.back);
    this.paper.tools.addEventListener("scroll", () => this.fade());
    new ResizeObserver(() => this.fade()).observe(this.paper.tools);
    this.tabs = make("div", { className: "inside-tabs", role: "tablist" });
    this.panels = make("div", { className: "inside-panels" });
    for (const name of PARTS) {
      this.tabs.append(make("button", {
        type: "button", role: "tab", id: `inside-tab-${name}`, ariaSelected: "false", tabIndex: -1, className: "inside-tab",
        dataText: `${name}.name`, onclick: () => this.open(name),
      }));
      this.tabs.lastChild.setAttribute("aria-controls", `inside-panel-${name}`);
      const panel = make("section", { className: "inside-panel", role: "tabpanel", id: `inside-panel-${name}`, hidden: true });
      panel.setAttribute("aria-labelledby", `inside-tab-${name}`);
      this.panels.append(panel);
    }
    this.tabs.addEventListener("keydown", (event) => this.step(event));
    this.root.append(side, make("div", { className: "inside-parts" }, this.tabs, this.panels));
    this.say(t);
    this.open("layers");
  }

  step(event) {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    const next = PARTS[(PARTS.indexOf(this.opened) + turn + PARTS.length) % PARTS.length];
    this.open(next);
    this.root.querySelector(`#inside-tab-${next}`).focus();
  }

  async open(name) {
    this.opened = name;
    for (const part of PARTS) {
      const is = part === name;
      const tab = this.root.querySelector(`#inside-tab-${part}`);
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      this.root.querySelector(`#inside-panel-${part}`).hidden = !is;
    }
    this.preview(null);
    this.paper.field(null);
    if (!this.parts[name]) {
      const panel = this.root.querySelector(`#inside-panel-${name}`);
      const { default: Part } = await MODULES[name]();
      this.parts[name] ??= new Part(this, panel);
      this.relabel(panel);
    }
    if (this.opened === name) this.parts[name].update(this.answer);
  }

  // Digits as they were read when the tab was opened.
  take(value) {
    this.digits = value.digits.map(({ ink, label }) => ({ ink: bytes(ink), label }));
    this.source = value.source;
    this.tell(value.problem);
    const read = document.querySelector("#model select")?.value;
    if (read && read !== this.adopted) this.adopted = this.model = this.select.value = read;
    this.pick(0);
  }

  pick(place) {
    this.picked = place;
    this.write(new Uint8Array(this.digits[place].ink));
    this.say();
  }

  choose(model) {
    this.model = model;
    this.answer = null;
    this.refresh();
  }

  // New ink, from the paper, a part, or a digit that was picked.
  write(ink) {
    this.ink = ink;
    this.preview(null);
    this.paper.field(null);
    this.refresh();
  }

  refresh() {
    this.askLayers({});
  }

  use(answer) {
    this.tell(answer.problem);
    if (answer.problem) return;
    this.answer = answer;
    this.tellScores(answer.scores);
    this.parts[this.opened]?.update(answer);
  }

  // Shows another picture and its scores for as long as a part wants it; null shows the ink again.
  preview(image, scores = null) {
    this.paper.show(image ?? this.ink);
    if (image) this.tellScores(scores);
    else if (this.answer) this.tellScores(this.answer.scores);
  }

  tellScores(scores) {
    const best = scores.indexOf(Math.max(...scores));
    this.shown = { scores, best };
    const said = this.t("reads", { digit: best, percent: this.percent(scores[best]) });
    if (this.verdict.textContent !== said) this.verdict.textContent = said;
    this.ten.show(scores);
  }

  tell(problem) {
    this.problem.textContent = problem ?? "";
    this.problem.hidden = !problem;
  }

  // On a phone the tools are one row that is moved sideways: it fades where there is more of it.
  fade() {
    const { classList, scrollLeft, clientWidth, scrollWidth } = this.paper.tools;
    classList.toggle("has-before", scrollLeft > 1);
    classList.toggle("has-after", scrollLeft + clientWidth < scrollWidth - 1);
  }

  relabel(part) {
    for (const element of part.querySelectorAll("[data-text]")) element.textContent = this.t(element.dataset.text);
    for (const element of part.querySelectorAll("[data-label]")) element.setAttribute("aria-label", this.t(element.dataset.label));
  }

  say() {
    this.relabel(this.root);
    this.tabs.setAttribute("aria-label", this.t("parts"));
    this.back.textContent = this.t(this.source === "shipped" ? "back.shipped" : "back");
    this.note.textContent = this.source === "shipped" ? this.t("shipped") : "";
    this.which.hidden = this.digits.length < 2;
    this.which.setAttribute("aria-label", this.t("which"));
    this.which.replaceChildren(...this.digits.map(({ label }, place) => make("button", {
      type: "button", className: "tool", textContent: label || "?", ariaPressed: String(place === this.picked), onclick: () => this.pick(place),
    })));
    this.fade();
    if (this.shown) this.tellScores(this.shown.scores);
    for (const part of Object.values(this.parts)) part.say?.();
    if (this.answer) this.parts[this.opened]?.update(this.answer);
  }

  repaint() {
    colours(true);
    this.paper.paint();
    if (this.answer) this.parts[this.opened]?.update(this.answer);
  }
}
