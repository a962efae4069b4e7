// Rows come part by part; the browser asks for the next, sorts them, and joins their lines to a CSV file.
const find = (name) => element.querySelector(name);
const body = find("tbody");
const link = find(".download");
const heads = [...element.querySelectorAll("th[data-column]")];
let total = 0;
let of = null; // what the table is of: a part of another table, come late, is left out
let sorted = null; // the column, and whether upwards

function say() {
  relabel(element.querySelectorAll("[data-text]:not(.scroll, progress)"));
  find(".scroll").setAttribute("aria-label", texts().file);
  find("progress").setAttribute("aria-label", texts().sure);
  count();
}

function count() {
  const done = body.children.length;
  find(".several-empty").hidden = total > 0;
  find(".scroll").hidden = link.hidden = total === 0;
  find(".several-progress").hidden = total === 0;
  find("progress").max = Math.max(1, total);
  find("progress").value = done;
  find("progress").hidden = done === total;
  find(".several-count").textContent = texts().progress.replace("{0}", done).replace("{1}", total);
}

const values = {
  file: (row) => row.dataset.file,
  reads: (row) => row.dataset.number,
  sure: (row) => Number(row.dataset.confidence || -1),
};

function sort() {
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  const place = (row) => Number(row.dataset.place);
  const rows = [...body.children];
  const value = sorted && values[sorted.column];
  rows.sort((a, b) => (value && compare(value(a), value(b)) * (sorted.up ? 1 : -1)) || place(a) - place(b));
  body.replaceChildren(...rows);
  for (const head of heads) {
    const chosen = head.dataset.column === sorted?.column;
    head.setAttribute("aria-sort", chosen ? (sorted.up ? "ascending" : "descending") : "none");
  }
  const lines = [find(".several").dataset.head, ...rows.map((row) => row.dataset.csv)].map((line) => line + "\r\n");
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob(["\ufeff", ...lines], { type: "text/csv" }));
}

for (const head of heads) {
  head.querySelector("button").addEventListener("click", () => {
    sorted = { column: head.dataset.column, up: sorted?.column === head.dataset.column ? !sorted.up : true };
    sort();
  });
}

watch("value", () => {
  const part = props.value;
  if (typeof part?.rows !== "string") return; // what this script sent
  if (part.first === 0) {
    ({ of, total } = part);
    body.replaceChildren();
  } else if (part.of !== of || part.first !== body.children.length) return;
  body.insertAdjacentHTML("beforeend", part.rows);
  count();
  sort();
  props.value = { of, next: part.next };
  if (part.next < total) trigger("input");
});

// Gradio leaves the names of two of its own buttons untranslated.
function name() {
  const [other, clear] = document.querySelectorAll("#files .icon-button-wrapper > button");
  for (const [button, text] of [[other, texts().choose], [clear, texts().clear]]) {
    if (!button || button.title === text) continue;
    button.title = text;
    button.setAttribute("aria-label", text);
  }
}
// Pictures are offered first. What else is dropped becomes a row that says why it isn't read: Gradio's own check would
// refuse it in English.
function offer() {
  const input = document.querySelector("#files input[type=file]");
  if (input && input.accept !== "image/*") input.accept = "image/*";
}
// More than are read aren't sent: of too many at once Gradio would say so in English.
const most = Number(find(".several").dataset.most);
let chosen = 0;

function some(list) {
  const kept = new DataTransfer();
  for (const file of [...list].slice(0, most)) kept.items.add(file);
  return kept.files;
}

function many() {
  find(".several-many").textContent = chosen > most ? texts().many.replace("{0}", most).replace("{1}", chosen) : "";
}

function bound(event) {
  const input = document.querySelector("#files input[type=file]");
  const list = event.type === "drop" ? event.dataTransfer?.files : event.target.files;
  if (!input || !list?.length || event.detail === "bound") return;
  chosen = list.length;
  many();
  if (list.length <= most) return;
  input.files = some(list);
  if (event.type !== "drop") return;
  event.preventDefault();
  event.stopPropagation();
  input.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "bound" }));
}
(function look() {
  const files = document.querySelector("#files");
  if (!files) return setTimeout(look, 50); // mounted after this
  const tend = () => (name(), offer());
  new MutationObserver(tend).observe(files, { childList: true, subtree: true });
  for (const name of ["change", "drop"]) files.addEventListener(name, bound, true);
  tend();
})();
onLanguage(() => {
  say();
  name();
  many();
});
