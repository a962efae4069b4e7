// Elements, bytes, and the two colours of a value: more than nothing in the accent, less than nothing in the warm one.
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "dataText") element.dataset.text = value;
    else if (key === "dataLabel") element.dataset.label = value;
    else if (key === "role" || key.includes("-")) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

export function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function signed(text) {
  return new Int8Array(bytes(text).buffer);
}

export function text(values) {
  return btoa(String.fromCharCode(...values));
}

let known = null;

// The page's colours as numbers, of which mixtures are made.
export function colours(anew = false) {
  if (known && !anew) return known;
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const style = getComputedStyle(document.body);
  const of = (name) => {
    probe.fillStyle = style.getPropertyValue(name).trim() || "#808080"; // the canvas writes any colour as #rrggbb
    return [1, 3, 5].map((start) => parseInt(probe.fillStyle.slice(start, start + 2), 16));
  };
  known = { paper: of("--pad"), ink: of("--ink"), more: of("--accent"), less: of("--unsure"), line: of("--line"), soft: of("--soft"), none: of("--none") };
  return known;
}

export function rgb([red, green, blue], alpha = 1) {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

const mix = (from, to, share) => from.map((value, place) => value + (to[place] - value) * share);

// The root makes weak values visible.
export function tint(share) {
  const { paper, more, less } = colours();
  return mix(paper, share >= 0 ? more : less, Math.sqrt(Math.min(1, Math.abs(share))));
}

export function inked(share) {
  const { paper, ink } = colours();
  return mix(paper, ink, share);
}

const board = document.createElement("canvas");

// A picture of values, height × width from a start on, sharp-edged, in a rectangle of a canvas.
export function picture(context, values, start, height, width, colour, x, y, wide, high) {
  board.width = width;
  board.height = height;
  const small = board.getContext("2d");
  const image = small.createImageData(width, height);
  for (let place = 0; place < height * width; place++) {
    const [red, green, blue] = colour(values[start + place]);
    image.data.set([red, green, blue, 255], 4 * place);
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(board, x, y, wide, high);
}

// A canvas as sharp as the screen, measured in CSS pixels.
export function sized(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// A small picture of signed numbers on its own, for a row of a table.
export function patch(numbers, height, width, colour, side) {
  const canvas = make("canvas", { className: "inside-patch", "aria-hidden": "true" });
  const most = Math.max(...numbers.map(Math.abs), 1e-9);
  const scale = side / Math.max(height, width);
  const context = sized(canvas, width * scale, height * scale);
  picture(context, numbers.map((value) => value / most), 0, height, width, colour, 0, 0, width * scale, height * scale);
  return canvas;
}

export function signedNumber(value, digits = 2) {
  return (value < 0 ? "−" : "") + Math.abs(value).toFixed(digits);
}
