// The ten probabilities as columns.
import { make } from "./paint.js";

export class Ten {
  constructor(page) {
    this.page = page;
    this.columns = Array.from({ length: 10 }, (_, digit) => make("span", {}, make("i"), make("b", { textContent: String(digit) })));
    this.element = make("div", { className: "inside-ten", role: "img" }, ...this.columns);
  }

  show(scores) {
    const best = scores.indexOf(Math.max(...scores));
    this.columns.forEach((column, digit) => {
      column.firstChild.style.height = `${(4 + 92 * scores[digit]).toFixed(1)}%`;
      column.classList.toggle("is-best", digit === best);
    });
    const order = [...scores.keys()].sort((one, other) => scores[other] - scores[one]).slice(0, 3);
    this.element.setAttribute("aria-label", order.map((digit) => `${digit}: ${this.page.percent(scores[digit])}`).join(", "));
  }
}
