"""Pictures drawn for the judge: letters, signs and digits of fonts, plots, textures, scribbles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from HersheyFonts import HersheyFonts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from model.synthesis.outliers import scribble
from tests.pictures.packages import has

#: Letters that nobody takes for a digit.
LETTERS = "ACDEFGHJKLMNPQRTUVWXYacdefhjkmnprtuvwxy"
#: The same of other scripts.
OTHER_LETTERS = (
    "ΓΔΞΠΣΦΨΩαβγδεζηθκλμξπφψωДЖИЙЛПФЦШЩЫЭЮЯаджийлмфцшщыэюя"
    "אבגדהחטכלמנפצקרשתجحخدرسشصضطظعغفقكلمهي"
    "あいおかきけさすたちなにねはひほまみめもやゆらりれわを中文字学日月水火"
)
WORDS = (
    "Hello",
    "Model",
    "Paper",
    "Name",
    "Form",
    "Draw",
    "Test",
    "Python",
    "Clear",
    "Menu",
    "Yes",
    "Cat",
    "Why",
    "tea",
)
#: Blocks of signs: arrows, technical signs, boxes, shapes, weather and games, dingbats; none is a digit in a ring.
SIGNS = (*range(0x2190, 0x2200), *range(0x2300, 0x23CF), *range(0x25A0, 0x25C9), *range(0x2600, 0x2670))
SIGNS = (*SIGNS, *range(0x2690, 0x26A0), *range(0x2701, 0x2760))
#: Of Font Awesome's signs, these show digits or a 0.
NO_AWESOME = frozenset(
    {0xF10C, 0xF111, 0xF133, 0xF073, 0xF162, 0xF163, 0xF0CB, 0xF017, 0xF1EC, 0xF1DB, 0xF0D6, 0xF12B, 0xF12C, 0xF033}
)
#: Emoji by their blocks; calendars, clocks, keycaps and 100 are left out.
EMOJI = (*range(0x1F32D, 0x1F3B0), *range(0x1F3B8, 0x1F3C0), *range(0x1F400, 0x1F4AF), *range(0x1F600, 0x1F645))
#: Stroke fonts that the benchmark has none of.
STROKE_FONTS = ("gothiceng", "gothicger", "gothicita", "greek", "cyrillic", "japanese", "music", "markers", "astrology")

Colour = tuple[int, int, int]


def shown(mask: Image.Image, rng: Random) -> Image.Image:
    """Ink that a mask holds, as screens and scans show it: colours, margins, size, blur, few tones."""
    ink = mask.crop(mask.getbbox())
    margin = round(max(ink.size) * rng.choice([0.05, 0.15, 0.3, 0.6, 1.2]))
    alpha = Image.new("L", (ink.width + 2 * margin + 2, ink.height + 2 * margin + 2))
    alpha.paste(ink, (margin + 1, margin + 1))
    paper, pen = two_colours(rng)
    picture = Image.composite(Image.new("RGB", alpha.size, pen), Image.new("RGB", alpha.size, paper), alpha)
    scale = rng.choice([28, 48, 96, 160, 280, 500]) / max(picture.size)
    size = (max(12, round(picture.width * scale)), max(12, round(picture.height * scale)))
    picture = picture.resize(size, rng.choice([Image.Resampling.BICUBIC, Image.Resampling.BOX]))
    change = rng.random()
    if change < 0.2:
        return picture.filter(ImageFilter.GaussianBlur(0.008 * max(size) + 0.2))
    if change < 0.35:
        return picture.quantize(2, dither=Image.Dither.NONE).convert("RGB")
    if change < 0.5:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 12, (*picture.size[::-1], 3))
        return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
    return picture


def two_colours(rng: Random) -> tuple[Colour, Colour]:
    """Paper and ink: mostly dark on white, sometimes white on black or any two that differ."""
    chance = rng.random()
    if chance < 0.6:
        dark = rng.randint(0, 70)
        return (rng.randint(235, 255),) * 3, (dark,) * 3
    if chance < 0.8:
        return (0, 0, 0), (255, 255, 255)
    red, green, blue = (rng.randint(0, 85) for _ in range(3))
    deep, pale = (red, green, blue), (255 - blue, 255 - red, 255 - green)
    return (pale, deep) if rng.random() < 0.6 else (deep, pale)


def lettered(fonts: Sequence[Path], texts: Sequence[str], count: int, rng: Random) -> Iterator[tuple[Image.Image, str]]:
    """Texts in fonts that have their letters, with what is written."""
    known = [(text, font) for text in texts for font in fonts if has(font, text)]
    rng.shuffle(known)
    drawn = ((mask_of(text, ImageFont.truetype(font, 160)), text) for text, font in known)
    some = islice(((mask, text) for mask, text in drawn if mask.getbbox()), count)
    yield from ((shown(mask, rng), text) for mask, text in some)


def mask_of(text: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """A text in white on black."""
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(mask).text((-left, -top), text, fill=255, font=font)
    return mask


def emoji(font: Path, count: int, rng: Random) -> Iterator[Image.Image]:
    """Coloured pictures of a font, in the one size that it has."""
    colours = ImageFont.truetype(font, 109)
    for code in rng.sample([code for code in EMOJI if has(font, chr(code))], count):
        picture = Image.new("RGB", (150, 140), rng.choice(["white", "white", "#eeeeee", "black"]))
        ImageDraw.Draw(picture).text((8, 8), chr(code), font=colours, embedded_color=True)
        size = rng.choice([28, 64, 140, 300])
        yield picture.resize((size, size), Image.Resampling.BICUBIC)


def stroke_letters(count: int, rng: Random) -> Iterator[Image.Image]:
    """Letters and signs of stroke fonts, drawn with a pen of some width."""
    loaded = []
    for name in STROKE_FONTS:
        loaded.append(HersheyFonts())
        loaded[-1].load_default_font(name)
    made = 0
    while made < count:
        strokes = [list(stroke) for stroke in rng.choice(loaded).strokes_for_text(rng.choice(LETTERS))]
        if strokes:
            made += 1
            yield shown(mask_of_strokes(strokes, rng.uniform(6, 22)), rng)


def scribbles(count: int, rng: Random) -> Iterator[Image.Image]:
    """Wild curves."""
    for _ in range(count):
        yield shown(mask_of_strokes(scribble(rng), rng.uniform(4, 20)), rng)


def mask_of_strokes(strokes: Sequence[Sequence[tuple[float, float]]], pen: float) -> Image.Image:
    """Strokes on a box of 260 pixels, in white on black."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    low, reach = points.min(axis=0), max(1e-6, float(np.ptp(points, axis=0).max()))
    mask = Image.new("L", (320, 320))
    draw = ImageDraw.Draw(mask)
    for stroke in strokes:
        placed = [tuple(point) for point in (np.asarray(stroke, float) - low) / reach * 260 + 30]
        draw.line(placed, fill=255, width=round(pen), joint="curve")
        for x, y in placed:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return mask


def plots(count: int, rng: Random) -> Iterator[Image.Image]:
    """Curves, bars, points, shares and maps, with axes and their numbers or without."""
    chance = np.random.default_rng(rng.getrandbits(32))
    for index in range(count):
        figure = Figure(figsize=(rng.uniform(2.5, 6), rng.uniform(2, 4.5)), dpi=rng.choice([60, 80, 100]))
        axes = figure.add_subplot()
        kind, points = index % 5, np.cumsum(chance.normal(size=(rng.randint(1, 4), rng.randint(8, 60))), axis=1)
        if kind == 0:
            axes.plot(points.T, linewidth=rng.uniform(0.8, 3))
        elif kind == 1:
            axes.bar(range(points.shape[1]), np.abs(points[0]))
        elif kind == 2:
            axes.scatter(chance.normal(size=80), chance.normal(size=80), s=rng.uniform(4, 40))
        elif kind == 3:
            axes.pie(np.abs(points[0][:6]) + 0.1)
        else:
            axes.imshow(chance.normal(size=(rng.randint(3, 12),) * 2))
        if rng.random() < 0.3:
            axes.axis("off")
        elif rng.random() < 0.6:
            axes.set_title(rng.choice(WORDS))
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        yield Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def textures(count: int, rng: Random) -> Iterator[Image.Image]:
    """Noise, clouds of several sizes, slopes, checks, threads and blobs."""
    chance = np.random.default_rng(rng.getrandbits(32))
    for index in range(count):
        side = rng.choice([28, 64, 160, 300])
        y, x = np.mgrid[:side, :side] / side
        noise = chance.normal(size=(side, side))
        coarse = Image.fromarray(chance.normal(size=(rng.randint(2, 20),) * 2).astype(np.float32), "F")
        cloud = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))
        cells = rng.randint(2, 12)
        picture = [
            noise,
            cloud,
            3 * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) + 0.1 * noise,
            np.where((x * cells).astype(int) % 2 == (y * cells).astype(int) % 2, 1.5, -1.5),
            np.sin(2 * np.pi * cells * (x + 0.1 * cloud)) + 0.2 * noise,
            np.where(cloud > rng.uniform(0, 1), 2.0, -1.0),
        ][index % 6]
        levels = np.clip(127 + rng.uniform(20, 70) * picture, 0, 255).astype(np.uint8)
        yield Image.fromarray(levels).convert("RGB")
