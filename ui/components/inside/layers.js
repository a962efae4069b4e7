// Layer by layer: the maps of every layer, and the ten sums at the end.
import { colours, make, picture, rgb, signed, signedNumber, sized, tint } from "./paint.js";
import { Detail } from "./detail.js";

// Least CSS pixels of a map, which a finger hits, of a unit, of a picture of weights times drawing. As many as have room
// stand in a line and fill it.
const MAP = 44;
const LARGEST = 88;
const UNIT = 16;
const PICTURE = 76;
const GAP = 4;

export default class Layers {
  constructor(page, panel) {
    this.page = page;
    this.list = make("div", { className: "inside-stages" });
    this.detail = new Detail(page, this);
    this.made = "";
    panel.append(make("p", { className: "inside-text", dataText: "layers.text" }), this.list);
  }

  update(answer) {
    if (!answer) return;
    const shape = JSON.stringify(answer.stages.map(({ kind, shape }) => [kind, shape])) + this.page.model;
    if (shape !== this.made) this.build(answer);
    this.made = shape;
    this.stages.forEach((stage, place) => this.paint(stage, answer.stages[place], place));
    this.answers(answer);
    this.detail.update(answer);
  }

  say() {
    this.made = "";
  }

  build(answer) {
    const last = answer.stages.length - 1;
    let number = 0;
    this.stages = answer.stages.map((stage, place) => {
      const isLast = place === last;
      const counts = stage.kind === "convolution" || stage.kind === "linear";
      if (counts) number += 1;
      const name = isLast ? this.page.t("layer.answer") : counts ? this.page.t("layer", { number }) : this.page.t(`layer.${stage.kind}`);
      const [maps, height, width] = stage.shape;
      const kind = isLast && !stage.pictures ? (maps > 10 ? "none" : "answer") : stage.pictures ? "pictures" : stage.kind;
      const isAnswer = isLast && !stage.pictures;
      const says = this.page.t(`kind.${kind}`, { maps, height, width, size: stage.size });
      const canvas = make("canvas", { "aria-hidden": "true" });
      const option = make("div", { role: "option", id: `inside-option-${place}`, className: "unseen", "aria-selected": "false" });
      const grid = make("div", { className: "inside-grid", role: "listbox", tabIndex: 0, "aria-label": `${name}: ${says}` }, canvas, option);
      grid.addEventListener("click", (event) => this.click(event, place));
      grid.addEventListener("keydown", (event) => this.key(event, place));
      const slot = make("div", { className: "inside-slot" });
      const element = make("section", { className: "card inside-stage" }, make("h3", { textContent: name }), make("p", { className: "advice", textContent: says }));
      if (!isAnswer) element.append(grid);
      if (isLast) element.append((this.table = make("div", { className: "inside-answers" })));
      element.append(slot);
      return { element, canvas, grid, option, slot, name, maps, height, width, isPictures: stage.pictures, lies: stage.grid, isAnswer };
    });
    this.stages.forEach((stage, place) => (stage.option.textContent = this.named(place, 0)));
    this.list.replaceChildren(...this.stages.map((stage) => stage.element));
    this.detail.close();
  }

  paint(stage, data, place) {
    stage.data = data;
    stage.values = signed(data.values);
    if (stage.isAnswer) return;
    const least = stage.isPictures ? PICTURE : stage.height === 1 ? UNIT : MAP;
    const gap = least === UNIT ? 2 : GAP;
    const room = (stage.grid.clientWidth || 600) + gap;
    const rows = Math.ceil(stage.maps / Math.max(1, Math.floor(room / (least + gap))));
    const columns = Math.ceil(stage.maps / rows);
    const side = least === MAP ? Math.min(LARGEST, Math.floor(room / columns) - gap) : least;
    Object.assign(stage, { side, gap, columns });
    const context = sized(stage.canvas, columns * (side + gap) - gap, rows * (side + gap) - gap);
    for (let map = 0; map < stage.maps; map++) {
      const [x, y] = this.corner(stage, map);
      picture(context, stage.values, map * stage.height * stage.width, stage.height, stage.width, (value) => tint(value / 127), x, y, side, side);
      context.strokeStyle = rgb(colours().line);
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
    if (this.detail.place === place) {
      const [x, y] = this.corner(stage, this.detail.unit);
      context.strokeStyle = rgb(colours().less);
      context.lineWidth = 3;
      context.strokeRect(x + 1.5, y + 1.5, side - 3, side - 3);
    }
  }

  corner({ columns, side, gap }, map) {
    return [(map % columns) * (side + gap), Math.floor(map / columns) * (side + gap)];
  }

  click(event, place) {
    const { canvas, side, gap, columns, maps } = this.stages[place];
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / (side + gap));
    const map = Math.floor((event.clientY - box.top) / (side + gap)) * columns + column;
    if (column >= 0 && column < columns && map >= 0 && map < maps) this.choose(place, map);
  }

  key(event, place) {
    const { columns, maps } = this.stages[place];
    const at = this.detail.place === place ? this.detail.unit : -1;
    const turns = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -maps, End: maps };
    if (!turns[event.key] && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.choose(place, at < 0 ? 0 : Math.min(maps - 1, Math.max(0, at + (turns[event.key] ?? 0))));
  }

  choose(place, map) {
    const before = this.detail.place;
    this.detail.choose(place, map);
    for (const other of new Set([before, place])) if (this.stages[other]) this.paint(this.stages[other], this.stages[other].data, other);
    this.stages.forEach((stage, at) => {
      stage.option.setAttribute("aria-selected", String(at === place));
      if (at !== place) return stage.grid.removeAttribute("aria-activedescendant");
      stage.option.textContent = this.named(at, map);
      stage.grid.setAttribute("aria-activedescendant", stage.option.id);
    });
  }

  digit(place) {
    return place < 10 ? String(place) : this.page.t("none");
  }

  // What one map, unit or sum is called.
  named(place, map) {
    const { height, isPictures, maps } = this.stages[place];
    if (place === this.stages.length - 1) return this.page.t("sum.of", { digit: this.digit(map) });
    return this.page.t(height > 1 && !isPictures ? "map.of" : "unit.of", { number: map + 1, count: maps });
  }

  // The last layer: what speaks for each digit and what against it, its bias, and their sum.
  answers({ answers, scores }) {
    const most = Math.max(...answers.flatMap(([plus, minus]) => [plus, -minus]), 1e-9);
    const best = scores.indexOf(Math.max(...scores));
    const last = this.stages.length - 1;
    const cell = (name, content) => make("td", { className: name }, content);
    const rows = answers.map(([plus, minus, bias, total], digit) => {
      const bar = make("span", { className: "inside-both", "aria-hidden": "true" }, make("i"), make("b"), make("u"));
      bar.children[0].style.width = `${(-minus / most) * 50}%`;
      bar.children[1].style.width = `${(plus / most) * 50}%`;
      bar.children[2].style.left = `${50 + (Math.max(-most, Math.min(most, total)) / most) * 50}%`;
      const name = make("th", { scope: "row" }, make("button", { type: "button", textContent: this.digit(digit), "aria-label": this.named(last, digit), onclick: () => this.choose(last, digit) }));
      const share = digit < 10 ? this.page.percent(scores[digit]) : "–";
      const row = make("tr", { className: digit === best ? "is-best" : "" }, name, cell("bar", bar), cell("", signedNumber(plus)), cell("", signedNumber(minus)), cell("", signedNumber(bias)), cell("total", signedNumber(total)), cell("", share));
      row.dataset.digit = digit;
      return row;
    });
    const heads = ["digit.short", "both", "for", "against", "bias", "sum", "share"].map((key) => make("th", { scope: "col", className: key, textContent: this.page.t(`answers.${key}`) }));
    this.table.replaceChildren(make("p", { className: "advice", textContent: this.page.t("answers.text") }),
      make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": this.page.t("layer.answer") }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows))));
  }
}
