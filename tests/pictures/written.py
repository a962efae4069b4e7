"""Letters, signs and digits of fonts, words and pages, as screens and scans show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from HersheyFonts import HersheyFonts
from PIL import Image, ImageDraw, ImageFont

from tests.pictures.packages import has
from tests.pictures.shown import mask_of_strokes, shown

#: Letters that nobody takes for a digit.
LETTERS = "ACDEFGHJKLMNPQRTUVWXYacdefhjkmnprtuvwxy"
#: The same of other scripts.
OTHER_LETTERS = (
    "ΓΔΞΠΣΦΨΩαβγδεζηθκλμξπφψωДЖИЙЛПФЦШЩЫЭЮЯаджийлмфцшщыэюя"
    "אבגדהחטכלמנפצקרשתجحخدرسشصضطظعغفقكلمهي"
    "あいおかきけさすたちなにねはひほまみめもやゆらりれわを中文字学日月水火"
)
WORDS = ("Hello", "Model", "Paper", "Name", "Form", "Draw", "Test", "Python", "Clear", "Menu", "Yes", "Cat", "tea")
#: Blocks of signs: arrows, technical signs, boxes, shapes, weather and games, dingbats; none is a digit in a ring.
SIGNS = (
    *range(0x2190, 0x2200),
    *range(0x2300, 0x23CF),
    *range(0x25A0, 0x25C9),
    *range(0x2600, 0x2670),
    *range(0x2690, 0x26A0),
    *range(0x2701, 0x2760),
)
#: Of Font Awesome's signs, these show digits or a 0.
NO_AWESOME = frozenset(
    {0xF10C, 0xF111, 0xF133, 0xF073, 0xF162, 0xF163, 0xF0CB, 0xF017, 0xF1EC, 0xF1DB, 0xF0D6, 0xF12B, 0xF12C, 0xF033}
)
#: Emoji by their blocks; calendars, clocks, keycaps and 100 are left out.
EMOJI = (*range(0x1F32D, 0x1F3B0), *range(0x1F3B8, 0x1F3C0), *range(0x1F400, 0x1F4AF), *range(0x1F600, 0x1F645))
#: Stroke fonts that the benchmark has none of.
STROKE_FONTS = ("gothiceng", "gothicger", "gothicita", "greek", "cyrillic", "japanese", "music", "markers", "astrology")

#: A mask of ink as a picture.
Painted = Callable[[Image.Image, Random], Image.Image]


def lettered(
    fonts: Sequence[Path], texts: Sequence[str], count: int, rng: Random, paint: Painted = shown
) -> Iterator[tuple[Image.Image, str]]:
    """Texts in fonts that have their letters, with what is written."""
    known = [(text, font) for text in texts for font in fonts if has(font, text)]
    rng.shuffle(known)
    drawn = ((mask_of(text, ImageFont.truetype(font, 160)), text) for text, font in known)
    some = islice(((mask, text) for mask, text in drawn if mask.getbbox()), count)
    yield from ((paint(mask, rng), text) for mask, text in some)


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


def pages(fonts: Sequence[Path], count: int, rng: Random) -> Iterator[Image.Image]:
    """Lines of words, as a page or a window has them."""
    for _ in range(count if fonts else 0):
        font = ImageFont.truetype(rng.choice(fonts), rng.randint(14, 40))
        lines = [" ".join(rng.choices(WORDS, k=rng.randint(1, 8))) for _ in range(rng.randint(2, 12))]
        mask = Image.new("L", (900, 700))
        ImageDraw.Draw(mask).multiline_text((20, 20), "\n".join(lines), fill=255, font=font)
        yield shown(mask, rng)
