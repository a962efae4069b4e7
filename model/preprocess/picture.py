"""Any picture file or array -> an upright PIL picture -> grey levels. Everything is bounded before it is decoded."""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from model.errors import PictureError, Term
from model.preprocess.bounds import MAX_PIXELS, check_bytes, check_content, check_size, content_of, without_texts
from model.preprocess.heic import is_heic, open_heic

#: Grey levels, float32 (H, W), 0 black to 255 white.
Grey = NDArray[np.float32]
#: The same as whole numbers, uint8 (H, W), or (N, H, W) of several pictures.
Pixels = NDArray[np.uint8]
#: Which pixels are meant, bool (H, W).
Mask = NDArray[np.bool_]
#: What ``open_picture`` takes.
PictureSource = str | os.PathLike[str] | bytes | Image.Image | NDArray[Any]

#: Height and width of MNIST's pictures, and so of what the networks read, in pixels.
SIZE = 28

#: What Pillow may decode: formats with decoders of its own or of codec libraries, none that runs another program.
#: MPO, which some phones write, opens as JPEG.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "AVIF", "TIFF")
#: The files that are taken from a folder, by the ends of their names.
SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".avif", ".tif", ".tiff", ".heic", ".heif"}
#: The longest side that the preprocessing works on. A digit that fills a tenth of a photo still has 64 pixels.
WORKING_SIDE = 640
#: The EXIF orientations of a picture that is stored lying on its side.
SIDEWAYS = (5, 6, 7, 8)
#: Transparent ink with a mean level under this is dark, and is laid on white.
MIDDLE_GREY = 128
#: How many of a picture's pixels are looked at to find the axis of greatest contrast: enough for its direction.
COLOURS = 20_000
#: Colours are compared on a picture of at most so many pixels a side.
COLOUR_SIDE = 160
#: The weights of red, green and blue in luminance: ITU-R BT.601, as in Pillow's mode "L".
LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True)
class Picture:
    """A decoded, upright picture.

    Attributes:
        image: of any mode.
        size: width and height of the upright source; ``image`` is smaller where a large JPEG was decoded at a
            fraction of its size.
    """

    image: Image.Image
    size: tuple[int, int]


def open_picture(source: PictureSource, side: int = WORKING_SIDE) -> Picture:
    """The first frame of a picture, upright and decoded.

    Args:
        source: a path, the bytes of a file, a PIL picture, or an array of shape (H, W),
            (H, W, 1), (H, W, 3) or (H, W, 4). Arrays of another dtype than uint8 are grey
            levels in any range.
        side: the longest side that is wanted.

    Returns:
        At most 50 megapixels, turned as the EXIF orientation says. A large JPEG is decoded
        at a fraction of its size, not below ``side``.

    Raises:
        PictureError: it is missing, too large, damaged, or no picture.
    """
    name = str(source) if isinstance(source, (str, os.PathLike)) else Term("the-picture")
    if isinstance(source, np.ndarray):
        image = _from_array(source)
        return Picture(image, image.size)
    try:
        with warnings.catch_warnings():  # of damaged EXIF and the like: the picture decides, not its metadata
            warnings.simplefilter("ignore")
            return _decode(source, name, side)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError("out-of-memory", name=name) from None
    except Exception as error:  # Pillow's decoders raise anything from SyntaxError to struct.error on damaged files
        raise PictureError("damaged-picture", name=name) from error


def _decode(source: str | os.PathLike[str] | bytes | Image.Image, name: str | Term, side: int) -> Picture:
    image = source if isinstance(source, Image.Image) else _open_file(source, name)
    check_size(image.size, name, image.format)
    size = image.size
    if image is not source:
        image.draft(None, (side, side))
    image.load()
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        turned = orientation in SIDEWAYS
        if orientation is None and image is not source:
            return Picture(image, size)
        if image is source:
            return Picture(ImageOps.exif_transpose(image), size[::-1] if turned else size)
        ImageOps.exif_transpose(image, in_place=True)  # without a second one of up to 200 MB
        return Picture(image, size[::-1] if turned else size)
    except Exception:  # for damaged EXIF Pillow raises anything, too
        return Picture(image.copy(), size)


def _open_file(source: str | os.PathLike[str] | bytes, name: str | Term) -> Image.Image:
    if isinstance(source, bytes):
        check_bytes(len(source), name)
    content = source if isinstance(source, bytes) else content_of(Path(source), name)
    check_content(content, name)
    if is_heic(content):
        return open_heic(content, name)
    try:
        return Image.open(io.BytesIO(without_texts(content)), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureError("far-too-many-pixels", name=name, most=MAX_PIXELS // 10**6) from None


def _from_array(array: NDArray[Any]) -> Image.Image:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))) or array.dtype.kind not in "buif":
        raise PictureError("array-no-picture", shape=array.shape, dtype=array.dtype)
    check_size((array.shape[1], array.shape[0]), Term("the-array"))
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    if array.dtype == np.uint8:
        return Image.fromarray(np.ascontiguousarray(array))
    if array.ndim == 3:
        raise PictureError("colours-not-uint8", dtype=array.dtype)
    with np.errstate(over="ignore"):  # what float32 can't hold becomes infinite, and is treated as that
        return Image.fromarray(np.ascontiguousarray(array, dtype=np.float32))


def to_grey(picture: Image.Image, side: int = WORKING_SIDE) -> Grey:
    """Grey levels (H, W), 0 black to 255 white, of a picture of any mode, at most ``side`` long.

    Transparent pixels take a colour that tells them from the ink. Colours are projected onto the axis along
    which they differ most (the first principal component), so that a yellow pen on white or a red one on green
    keeps its contrast; black on white gives the same as luminance.
    """
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        return np.asarray(_shrink(Image.fromarray(_stretch(np.asarray(picture, dtype=np.float32))), side))
    if picture.mode in ("L", "1"):
        return np.asarray(_shrink(picture.convert("L"), side), dtype=np.float32)
    if picture.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in picture.info:
        straight = picture.convert("LA") if picture.mode == "La" else picture  # Pillow has no La to RGBA
        return _grey_of_colours(_without_alpha(_shrink(straight.convert("RGBA"), side)))
    return _grey_of_colours(np.asarray(_shrink(picture.convert("RGB"), side), dtype=np.float32))


def _shrink(picture: Image.Image, side: int) -> Image.Image:
    """Area-average by a whole factor, to at most ``side``."""
    factor = -(-max(picture.size) // side)
    return picture.reduce(factor) if factor > 1 else picture


def _stretch(levels: Grey) -> Grey:
    """Levels (H, W) of any range, stretched to 0…255: 16-bit and float pictures have no fixed white."""
    finite = np.isfinite(levels)
    if not finite.any():
        return np.zeros_like(levels)
    low, high = float(levels[finite].min()), float(levels[finite].max())
    if high <= low:
        return np.zeros_like(levels)
    levels = np.where(finite, levels, low).astype(np.float64)
    return ((levels - low) * (255 / (high - low))).astype(np.float32)


def _without_alpha(picture: Image.Image) -> Grey:
    """Lay a transparent picture on a backdrop: (H, W, 3) in 0…255.

    If most of it is transparent, the visible part is ink, and the backdrop is white under dark ink and black
    under bright ink. If less is, as with rounded corners, the backdrop is the median of the visible colours.
    """
    levels = np.asarray(picture, dtype=np.float32)
    colours, alpha = levels[..., :3], levels[..., 3:] / 255
    visible = float(alpha.mean())
    if visible in (0.0, 1.0):
        return colours if visible else np.full_like(colours, 255)
    if visible < 0.5:
        mean_level = float((colours.mean(axis=2, keepdims=True) * alpha).sum() / alpha.sum())
        backdrop = np.float32(255 if mean_level < MIDDLE_GREY else 0)
    else:
        backdrop = np.median(colours[alpha[..., 0] > 0.5], axis=0)
    laid: Grey = colours * alpha + backdrop * (1 - alpha)
    return laid


def _grey_of_colours(colours: Grey) -> Grey:
    """Colours (H, W, 3) projected onto their axis of greatest contrast: levels (H, W) within 0…255."""
    if np.array_equal(colours[..., 0], colours[..., 1]) and np.array_equal(colours[..., 1], colours[..., 2]):
        return np.ascontiguousarray(colours[..., 0])
    sample = colours.reshape(-1, 3)
    sample = sample[:: max(1, len(sample) // COLOURS)]
    away = sample - np.median(sample, axis=0)
    _, axes = np.linalg.eigh(away.T @ away)
    axis = axes[:, -1].astype(np.float32)
    if axis @ LUMINANCE < 0:
        axis = -axis
    along = colours @ axis
    # Scaled so that the colour cube's own extent along the axis becomes 0…255: equal contrasts stay equal.
    low = float(np.minimum(axis, 0).sum() * 255)
    span = float(np.abs(axis).sum() * 255)
    return ((along - low) * (255 / span)).astype(np.float32)


def off_axis(picture: Image.Image) -> float:
    """How far a picture's colours lie from the line through paper and ink, 0…1: 0 for grey ones.

    The root mean square distance of its colours from their axis of greatest contrast, over 255.
    """
    if picture.mode in ("I", "F", "L", "1") or picture.mode.startswith("I;"):
        return 0.0
    straight = picture.convert("LA") if picture.mode == "La" else picture
    colours = _without_alpha(_shrink(straight.convert("RGBA"), COLOUR_SIDE)).reshape(-1, 3)
    away = colours - np.median(colours, axis=0)
    across = np.linalg.eigvalsh(away.T.astype(np.float64) @ away)[:2]
    return float(np.sqrt(max(0.0, float(across.sum())) / len(away)) / 255)


def as_pixels(levels: Grey) -> Pixels:
    """Levels of any shape as uint8, rounded and clipped to 0…255."""
    pixels: Pixels = np.clip(levels + 0.5, 0, 255).astype(np.uint8)
    return pixels
