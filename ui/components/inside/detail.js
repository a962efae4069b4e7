// One map: where in the drawing it fires, and the sum behind one of its values.
import { latest } from "./wire.js";
import { colours, inked, make, patch, picture, rgb, signedNumber, sized, tint } from "./paint.js";

const BIG = 196;

export class Detail {
  constructor(page, layers) {
    this.page = page;
    this.layers = layers;
    this.place = -1;
    this.map = make("canvas", { tabIndex: 0, role: "img", className: "inside-big" });
    this.where = make("canvas", { className: "inside-big", role: "img" });
    this.title = make("h4", { "aria-live": "polite" });
    this.sum = make("div", { className: "inside-sum" });
    const button = (key, act) => make("button", { type: "button", className: "tool", dataText: key, onclick: act });
    this.buttons = make("div", { className: "inside-row" }, button("before", () => this.turn(-1)), button("after", () => this.turn(1)), button("mute.this", () => this.mute()));
    this.mapCaption = make("figcaption");
    this.whereCaption = make("figcaption", { dataText: "where" });
    this.figures = make("div", { className: "inside-figures" }, make("figure", {}, this.map, this.mapCaption), (this.whereFigure = make("figure", {}, this.where, this.whereCaption)));
    this.element = make("div", { className: "inside-detail" }, this.title, this.buttons, this.figures, this.sum);
    this.map.addEventListener("click", (event) => this.click(event));
    this.map.addEventListener("keydown", (event) => this.key(event));
    this.request = latest((question) => page.ask("value", question), (answer, question) => this.tell(answer, question));
  }

  get stage() {
    return this.layers.stages[this.place];
  }

  close() {
    this.place = -1;
    this.element.remove();
  }

  // A map, at the place where it fires most.
  choose(place, unit) {
    this.place = place;
    this.unit = unit;
    this.strongest();
    this.stage.slot.append(this.element);
    this.page.relabel(this.element);
    this.update();
  }

  strongest() {
    const { values, height, width, isPictures } = this.stage;
    [this.y, this.x] = [0, 0];
    if (isPictures) return;
    const maps = values.subarray(this.unit * height * width, (this.unit + 1) * height * width);
    const at = maps.indexOf(Math.max(...maps));
    [this.y, this.x] = [Math.floor(at / width), at % width];
  }

  turn(by) {
    this.layers.choose(this.place, (this.unit + by + this.stage.maps) % this.stage.maps);
  }

  mute() {
    this.page.toMute = [this.place, this.unit];
    this.page.open("broken");
  }

  update() {
    if (this.place < 0) return;
    const { height, name, isPictures, isAnswer } = this.stage;
    const isMap = height > 1 && !isPictures;
    this.title.textContent = `${name}: ${this.layers.named(this.place, this.unit)}`;
    this.figures.hidden = height === 1;
    this.whereFigure.hidden = !isMap;
    this.mapCaption.textContent = this.page.t(isPictures ? "map.pictures" : "map.text");
    this.map.setAttribute("aria-label", this.page.t("map.label", { row: this.y + 1, column: this.x + 1 }));
    this.where.setAttribute("aria-label", this.page.t("where"));
    if (height > 1 && !isAnswer) this.paint();
    this.request({ stage: this.place, unit: this.unit, y: this.y, x: this.x });
  }

  paint() {
    const { values, height, width, isPictures } = this.stage;
    const start = this.unit * height * width;
    const context = sized(this.map, BIG, (BIG * height) / width);
    picture(context, values, start, height, width, (value) => tint(value / 127), 0, 0, BIG, (BIG * height) / width);
    if (isPictures) return;
    const unit = BIG / width;
    context.strokeStyle = rgb(colours().less);
    context.lineWidth = 2.5;
    context.strokeRect(this.x * unit, this.y * unit, unit, unit);
  }

  // The drawing, tinted where the map fires, with the patch of the chosen value.
  over(field) {
    const context = sized(this.where, BIG, BIG);
    const { values, height, width, lies } = this.stage;
    const [first, step] = lies.map((pixels) => (pixels * BIG) / 28);
    picture(context, this.page.ink, 0, 28, 28, (value) => inked((0.75 * value) / 255), 0, 0, BIG, BIG);
    const start = this.unit * height * width;
    const { more, less } = colours();
    const most = Math.max(1, ...values.subarray(start, start + height * width));
    for (let at = 0; at < height * width; at++) {
      const share = values[start + at] / most;
      if (share < 0.25) continue;
      context.fillStyle = rgb(more, 0.65 * share);
      context.fillRect(first + ((at % width) - 0.5) * step, first + (Math.floor(at / width) - 0.5) * step, step, step);
    }
    context.strokeStyle = rgb(less);
    context.lineWidth = 2.5;
    const [left, top, right, bottom] = field.map((edge) => (edge * BIG) / 28);
    context.strokeRect(left, top, right - left, bottom - top);
  }

  click(event) {
    const { height, width, isPictures } = this.stage;
    if (isPictures) return;
    const box = this.map.getBoundingClientRect();
    this.x = Math.min(width - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * width)));
    this.y = Math.min(height - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * height)));
    this.update();
  }

  key(event) {
    const turns = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (!turns[event.key]) return;
    event.preventDefault();
    this.y = Math.min(this.stage.height - 1, Math.max(0, this.y + turns[event.key][0]));
    this.x = Math.min(this.stage.width - 1, Math.max(0, this.x + turns[event.key][1]));
    this.update();
  }

  tell(answer, question) {
    if (answer.problem) return this.page.tell(answer.problem);
    if (question.stage !== this.place || question.unit !== this.unit) return;
    this.page.paper.field(answer.field);
    if (this.stage.height > 1 && !this.stage.isPictures) this.over(answer.field);
    this.sum.replaceChildren(...(answer.terms ? this.ledger(answer) : this.largest(answer)));
  }

  // The terms one below the other, as in a shop's bill.
  ledger(answer) {
    const t = this.page.t.bind(this.page);
    const [height, width] = answer.shape;
    const isPatch = height * width > 1;
    const side = Math.max(44, Math.min(112, 9 * Math.max(height, width)));
    const most = Math.max(...answer.terms.map(({ sum }) => Math.abs(sum)), Math.abs(answer.others[1]), Math.abs(answer.bias), 1e-9);
    const bar = (value) => {
      const span = make("span", { className: "inside-both", "aria-hidden": "true" }, make("i"), make("b"));
      span.children[value < 0 ? 0 : 1].style.width = `${(Math.abs(value) / most) * 50}%`;
      return span;
    };
    const row = (name, value, ...pictures) => make("tr", {}, make("th", { scope: "row", textContent: name, colSpan: pictures.length ? 1 : 2 }), ...(pictures.length ? [make("td", { className: "pictures" }, ...pictures)] : []), make("td", { className: "bar" }, bar(value)), make("td", { className: "number", textContent: signedNumber(value) }));
    const before = this.place ? (isPatch ? "from.map" : "from.unit") : "from.drawing";
    const factor = (numbers) => (isPatch ? patch(numbers, height, width, tint, side) : make("span", { textContent: signedNumber(numbers[0]) }));
    const rows = answer.terms.map((term) => row(t(before, { number: term.map + 1 }), term.sum, factor(term.inputs), make("span", { textContent: "×" }), factor(term.weights)));
    if (answer.others[0]) rows.push(row(t(isPatch ? "others.maps" : "others.units", { count: answer.others[0] }), answer.others[1]));
    rows.push(row(t("answers.bias"), answer.bias));
    const foot = (key, value) => make("tr", { className: "total" }, make("th", { scope: "row", colSpan: 3, textContent: t(key) }), make("td", { className: "number", textContent: signedNumber(value) }));
    const feet = [foot("answers.sum", answer.total)];
    if (answer.bend) feet.push(foot(`bend.${answer.bend}`, answer.value));
    const table = make("table", { className: "inside-ledger" }, make("caption", { textContent: t(isPatch ? "sum.text" : "sum.units") }), make("tbody", {}, ...rows), make("tfoot", {}, ...feet));
    return answer.terms.length === 1 && answer.terms[0].products.length ? [this.products(answer.terms[0], height, width), table] : [table];
  }

  // A patch of one map, whose products are few enough to be written out.
  products({ inputs, weights, products }, height, width) {
    const t = this.page.t.bind(this.page);
    const grid = (key, numbers, digits) => {
      const most = Math.max(...numbers.map(Math.abs), 1e-9);
      const body = Array.from({ length: height }, (_, row) => make("tr", {}, ...numbers.slice(row * width, (row + 1) * width).map((value) => {
        const cell = make("td", { textContent: signedNumber(value, digits) });
        cell.style.setProperty("--share", `${Math.round((Math.abs(value) / most) * 38)}%`);
        cell.className = value < 0 ? "is-less" : "is-more";
        return cell;
      })));
      return make("table", { className: "inside-numbers" }, make("caption", { textContent: t(key) }), make("tbody", {}, ...body));
    };
    const sign = (text) => make("span", { className: "sign-of", textContent: text, "aria-hidden": "true" });
    return make("div", { className: "inside-products" }, grid("grid.inputs", inputs, 2), sign("×"), grid("grid.weights", weights, 2), sign("="), grid("grid.products", products, 2));
  }

  largest(answer) {
    const t = this.page.t.bind(this.page);
    const numbers = answer.inputs[0].map((value) => signedNumber(value)).join(", ");
    return [make("p", { textContent: answer.inputs[0].length > 1 ? t("largest", { numbers, largest: signedNumber(answer.total) }) : t("scaled", { value: signedNumber(answer.total) }) })];
  }
}
