// A drawing as a short text, for a link's fragment: base64url of bytes. A stroke is a byte of flags, a byte of width, two
// bytes that count its points, then for each point 12 bits across, 12 bits down, in tenths of a unit from LEAST on, and a
// byte of pressure if the pen has it. What is decoded is a stranger's: whatever isn't exactly that is no drawing.
const MOST_LETTERS = 16000;
const MOST_STROKES = 64;
const MOST_POINTS = 3000;
const LEAST = -64; // of a coordinate; the most is LEAST + 409.5
const VERSION = 1;
const NEAR = 1.5; // points nearer to the last one than this are left out
const ERASE = 1;
const PRESSED = 2;

function thinned(points) {
  const kept = [points[0]];
  for (const point of points.slice(1)) {
    const last = kept.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) kept.push(point);
  }
  return kept;
}

// strokes -> text, or null for a drawing that is too large
function encode(strokes) {
  const bytes = [VERSION];
  let total = 0;
  for (const stroke of strokes) {
    const points = thinned(stroke.points);
    const pressed = points[0].length === 3;
    bytes.push((stroke.erase ? ERASE : 0) | (pressed ? PRESSED : 0), Math.min(255, Math.round(stroke.width)), points.length >> 8, points.length & 255);
    for (const [x, y, pressure] of points) {
      const [across, down] = [x, y].map((value) => Math.min(4095, Math.max(0, Math.round((value - LEAST) * 10))));
      bytes.push(across >> 4, ((across & 15) << 4) | (down >> 8), down & 255);
      if (pressed) bytes.push(Math.round(pressure * 100));
    }
    total += points.length;
  }
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return strokes.length > MOST_STROKES || total > MOST_POINTS || text.length > MOST_LETTERS ? null : text;
}

// text -> strokes, or null for anything else
function decode(text) {
  if (typeof text !== "string" || text.length > MOST_LETTERS || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  let place = 1;
  let total = 0;
  const strokes = [];
  while (place < bytes.length) {
    const [flags, width, high, low] = bytes.subarray(place, place + 4);
    const count = high * 256 + low;
    const size = flags & PRESSED ? 4 : 3;
    total += count;
    place += 4;
    const fits = place + count * size <= bytes.length && strokes.length < MOST_STROKES && total <= MOST_POINTS;
    if (!fits || count === 0 || flags > (ERASE | PRESSED) || width < 4 || width > 48) return null;
    const points = [];
    for (let index = 0; index < count; index++, place += size) {
      const [a, b, c, pressure] = bytes.subarray(place, place + 4);
      const point = [(a << 4) | (b >> 4), ((b & 15) << 8) | c].map((value) => Math.round(value + LEAST * 10) / 10);
      if (size === 4) point.push(Math.min(100, pressure) / 100);
      points.push(point);
    }
    strokes.push({ width, points, ...(flags & ERASE ? { erase: true } : {}) });
  }
  return bytes[0] === VERSION && strokes.length ? strokes : null;
}
