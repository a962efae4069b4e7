"""The pages of a TIFF, as scanners write them: each is a picture of its own."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from model.errors import PictureError
from model.preprocess.bounds import check_content, check_size, content_of, is_tiff

#: The ends of the names of files that may have pages.
SUFFIXES = {".tif", ".tiff"}
#: More pages than this aren't looked for.
MOST_PAGES = 1000
#: The tag that tells what a page is, and the bit of it that says: a smaller copy of another page.
KIND, SMALLER_COPY = 254, 1


def pages_of(file: Path) -> Iterator[tuple[str, Path | Image.Image]]:
    """A file's pictures, named: the file itself, unless it is a TIFF of several pages.

    Smaller copies, which some programs put beside a picture, are left out.

    Raises:
        PictureError: a page is too large, or damaged. Those before it have come.
    """
    if file.suffix.lower() not in SUFFIXES:
        yield str(file), file
        return
    content = content_of(file, str(file))
    if not is_tiff(content):  # it is misnamed
        yield str(file), file
        return
    check_content(content, str(file))
    try:
        with warnings.catch_warnings():  # as in open_picture
            warnings.simplefilter("ignore")
            tiff = TiffImageFile(io.BytesIO(content))
            with tiff:
                count = min(tiff.n_frames, MOST_PAGES)
                if count == 1:
                    yield str(file), file
                    return
                for number in range(count):
                    tiff.seek(number)
                    if tiff.tag_v2.get(KIND, 0) & SMALLER_COPY:
                        continue
                    check_size(tiff.size, str(file))
                    yield f"{file}#{number + 1}", tiff.copy()
    except PictureError:
        raise
    except Exception as error:  # Pillow raises anything, as in open_picture
        raise PictureError("damaged-picture", name=str(file)) from error
