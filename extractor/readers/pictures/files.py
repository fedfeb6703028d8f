"""Files of pictures to pages in plain red, green and blue, within bounds."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extractor.errors import InputError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 150_000_000
"""Largest picture taken: a newspaper's page of 42 by 59 cm at 600 dots an inch has as many."""
MAX_PAGES = 100
"""Most pages of one TIFF file."""

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_SMALLEST = 8  # pixels of a side
_BROKEN = (  # what Pillow's decoders raise for damaged files
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)


def pages_of(data: bytes, shown_as: str) -> Iterator[Image]:
    """The pages of a file, turned as its EXIF data say; of moving pictures the first one.

    Raises:
        InputError: the file is damaged, too large or too small.
    """
    from PIL import Image, ImageOps

    with _errors_told(shown_as), Image.open(io.BytesIO(data), formats=_FORMATS) as file:
        count = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
        if count > MAX_PAGES:
            raise InputError(f"{shown_as}: has {count} pages, more than {MAX_PAGES}; split it first")
        for number in range(count):
            file.seek(number)
            _check_size(*file.size, shown_as)
            file.load()
            yield in_rgb(ImageOps.exif_transpose(file))


def _check_size(width: int, height: int, shown_as: str) -> None:
    if width * height > MAX_PIXELS:
        raise InputError(
            f"{shown_as}: {width} by {height} pixels are more than {MAX_PIXELS:,}; save the picture at 300 dots an inch"
        )
    if min(width, height) < _SMALLEST:
        raise InputError(f"{shown_as}: a picture of {width} by {height} pixels is too small to hold text")


@contextmanager
def _errors_told(shown_as: str) -> Iterator[None]:
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():  # we draw the limit ourselves, and damaged metadata do not concern the picture
            warnings.simplefilter("ignore")
            yield
    except UnidentifiedImageError:
        raise InputError(f"{shown_as}: is no picture that can be read; save it as PNG, JPEG or TIFF") from None
    except Image.DecompressionBombError:
        raise InputError(f"{shown_as}: has more than {MAX_PIXELS:,} pixels; save it at 300 dots an inch") from None
    except _BROKEN as error:
        raise InputError(f"{shown_as}: the picture is damaged ({error}); save or send it again") from error


def in_rgb(picture: Image) -> Image:
    """A picture of any mode in RGB: what is transparent on white, 16 bits and more brought down to 8."""
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":
        return _in_8_bits(picture).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    return picture.convert("RGB")


def _in_8_bits(picture: Image) -> Image:
    """Grey values of any depth stretched over 8 bits: it is seldom told how many of 16 are used."""
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))
