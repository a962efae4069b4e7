// A picture to keep: the drawing, its answer with bars, and the heat map, in the page's colours and language.
function paint(strokes, context, left, top, size, ink) {
  const layer = new OffscreenCanvas(size, size);
  const pen = layer.getContext("2d");
  pen.scale(size / 280, size / 280);
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = ink;
  for (const stroke of strokes) {
    pen.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
    pen.lineWidth = stroke.width;
    pen.beginPath();
    pen.moveTo(stroke.points[0][0], stroke.points[0][1]);
    for (const [x, y] of stroke.points) pen.lineTo(x, y);
    pen.stroke();
  }
  context.drawImage(layer, left, top);
}

// strokes -> Blob
async function card(strokes) {
  const canvas = new OffscreenCanvas(1200, 630);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${name}`);
  const write = (text, x, y, size, name, weight = 400, most = 560) => {
    context.font = `${weight} ${size}px ${style.fontFamily}`;
    context.fillStyle = colour(name);
    context.fillText(text, x, y, most);
  };
  const read = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  context.fillStyle = colour("wash");
  context.fillRect(0, 0, 1200, 630);
  context.fillStyle = colour("pad");
  context.beginPath();
  context.roundRect(40, 40, 550, 550, 24);
  context.fill();
  paint(strokes, context, 40, 40, 550, colour("ink"));
  write(read("#answer .sign"), 630, 150, 120, "accent", 700, 530);
  write(read("#answer .verdict strong"), 630, 205, 30, "ink", 600, 530);
  const rows = [...document.querySelectorAll("#answer ol.bars li:not(.no-bar)")].slice(0, 4);
  rows.forEach((row, place) => {
    const y = 250 + place * 42;
    write(row.querySelector("b").textContent, 630, y, 28, "ink", 700, 40);
    context.fillStyle = colour("line");
    context.fillRect(664, y - 18, 360, 14);
    context.fillStyle = colour(place ? "accent-2" : "accent");
    context.fillRect(664, y - 18, 3.6 * Number.parseFloat(row.querySelector(".track i").style.width), 14);
    write(row.querySelector(".score").textContent, 1040, y, 22, "soft", 400, 120);
  });
  const heat = document.querySelector("#why .heat img");
  if (heat) {
    await heat.decode();
    context.imageSmoothingEnabled = false;
    context.drawImage(heat, 630, 412, 178, 178);
    write(read("#why h2"), 830, 440, 26, "ink", 600, 330);
  }
  write(document.title, 830, 586, 24, "soft", 400, 330);
  return canvas.convertToBlob({ type: "image/png" });
}
