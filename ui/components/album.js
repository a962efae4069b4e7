// The strip of the last drawings, which stay in this browser; a link and a card of the one on the pad.
const find = (name) => element.querySelector(name);
const STORE = "drawings";
const MOST = 12;
const LINK = "#d="; // what comes before a drawing in the page's address
const strip = find(".album-strip");
const address = find(".album-address");
let drawn = []; // what is on the pad
let isKept = false; // whether the strip's first is an earlier state of what is on the pad
let isOpened = false; // it came by a link: it is kept only when it is changed

function load() {
  try {
    const texts = JSON.parse(localStorage.getItem(STORE));
    return Array.isArray(texts) ? texts.slice(0, MOST).filter(decode) : [];
  } catch {
    return [];
  }
}

function store(codes) {
  try {
    localStorage.setItem(STORE, JSON.stringify(codes.slice(0, MOST)));
  } catch {
    // a full or forbidden store keeps nothing
  }
  show();
}

function thumbnail(strokes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 280 280");
  for (const stroke of strokes) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    const points = stroke.points.length > 1 ? stroke.points : [stroke.points[0], stroke.points[0]];
    line.setAttribute("points", points.map(([x, y]) => `${x},${y}`).join(" "));
    line.setAttribute("stroke-width", stroke.width);
    if (stroke.erase) line.setAttribute("class", "is-erased");
    svg.append(line);
  }
  return svg;
}

function show() {
  const codes = load();
  relabel(element.querySelectorAll("[data-text]"));
  strip.replaceChildren(
    ...codes.map((code, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", texts().one.replace("{0}", place + 1));
      button.append(thumbnail(decode(code)));
      button.addEventListener("click", () => {
        isKept = false;
        document.querySelector('#inputs [data-tab-id="draw"]').click();
        document.dispatchEvent(new CustomEvent("draw", { detail: decode(code) }));
        store([code, ...load().filter((other) => other !== code)]);
        strip.firstElementChild?.focus();
      });
      return button;
    }),
  );
  find(".album-clear").hidden = strip.hidden = codes.length === 0;
  find(".album-link").disabled = find(".album-card").disabled = drawn.length === 0;
  find(".album").hidden = codes.length === 0 && drawn.length === 0;
}

function say(text) {
  find(".album-said").textContent = text;
}

document.addEventListener("drawn", (event) => {
  const same = isKept && drawn.length && event.detail.length && String(event.detail[0].points[0]) === String(drawn[0].points[0]);
  drawn = event.detail;
  say("");
  address.hidden = true;
  if (isOpened) isOpened = false;
  else if (drawn.length) {
    const code = encode(drawn);
    const before = load().slice(same ? 1 : 0).filter((other) => other !== code);
    if (code) store([code, ...before]);
    isKept = code !== null;
    return;
  } else isKept = false;
  show();
});

find(".album-clear").addEventListener("click", () => {
  localStorage.removeItem(STORE);
  isKept = false;
  show();
});

find(".album-link").addEventListener("click", async () => {
  const code = encode(drawn);
  const link = code && `${location.href.split("#")[0]}${LINK}${code}`;
  if (!link) return say(texts().broken);
  try {
    await navigator.clipboard.writeText(link);
    say(texts().copied);
  } catch {
    address.hidden = false; // a page without a certificate may not write to the clipboard
    address.value = link;
    address.select();
    say(texts().copy);
  }
});

find(".album-card").addEventListener("click", async () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await card(drawn));
  link.download = "digit.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

// A link is opened: its drawing is put on the pad, and nothing is kept of it.
function open() {
  if (!location.hash.startsWith(LINK)) return;
  const strokes = decode(location.hash.slice(LINK.length));
  history.replaceState(null, "", location.href.split("#")[0]);
  if (!strokes) {
    find(".album").hidden = false;
    return say(texts().broken);
  }
  isOpened = true;
  document.dispatchEvent(new CustomEvent("draw", { detail: strokes }));
}
window.addEventListener("hashchange", open);
(function wait() {
  if (document.documentElement.classList.contains("is-ready")) open();
  else setTimeout(wait, 50);
})();
onLanguage(show);
