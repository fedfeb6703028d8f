"""The characters of a PDF page, as a person sees them, put together to printed lines."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from extractor.readers.layout.characters import Character
from extractor.readers.layout.page import Box, is_wide

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_LEAST_SIZE = 1.5  # points
_UNKNOWN = "\ufffd"
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
# simplified radicals that have no compatibility mapping in Unicode
_RADICALS = str.maketrans(
    "⺁⺟⺠⻁⻄⻅⻆⻇⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂母民虎西见角角贝车长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)


class Geometry(NamedTuple):
    """From the coordinates of a file to those of a page as seen.

    Attributes:
        a, b, c, d, e, f: ``x' = a x + c y + e``, ``y' = b x + d y + f``.
        width: of the page.
        height: of the page.
        quarters: turns clockwise that text standing on its side was set upright with.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float
    quarters: int = 0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the file is seen."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def turned(self, quarters: int) -> Geometry:
        """The page turned clockwise by quarters."""
        turned = self
        for _ in range(quarters % 4):
            a, b, c, d, e, f, width, height, done = turned
            turned = Geometry(-b, a, -d, c, height - f, e, height, width, done + 1)
        return turned

    def as_seen(self, box: Box) -> Box:
        """A box of the turned page on the page as it is."""
        width, height = self.width, self.height
        for _ in range(self.quarters):
            left, top, right, bottom = box
            box = (top, width - right, bottom, width - left)
            width, height = height, width
        return box


def geometry(page: pdfium.PdfPage) -> Geometry:
    """How a page is seen, with its rotation and its crop box."""
    from pypdfium2 import raw

    width, height = page.get_size()
    fine = 64  # steps of a point: the function answers in whole numbers

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down)
        return across.value / fine, down.value / fine

    step = 1000.0
    origin, right, up = place(0, 0), place(step, 0), place(0, step)
    return Geometry(
        (right[0] - origin[0]) / step,
        (right[1] - origin[1]) / step,
        (up[0] - origin[0]) / step,
        (up[1] - origin[1]) / step,
        *origin,
        width,
        height,
    )


class PageText(NamedTuple):
    """What the text layer of a page holds.

    Attributes:
        characters: those that stand upright, in the order of the file; U+FFFD for those whose meaning is unknown.
        view: how the page is seen, turned if all its text stands on its side.
        is_layer: whether most of them are invisible: the text layer over a scan.
    """

    characters: list[Character]
    view: Geometry
    is_layer: bool

    @property
    def unknown(self) -> float:
        """The share of characters without a meaning."""
        count = sum(character.text != " " for character in self.characters)
        return sum(character.text == _UNKNOWN for character in self.characters) / max(1, count)

    @property
    def accented(self) -> float:
        """The share of accented letters: high where Chinese is read in a Western encoding."""
        count = sum(character.text != " " for character in self.characters)
        return sum("\u00a1" <= character.text[0] <= "\u024f" for character in self.characters) / max(1, count)


class _Glyph(NamedTuple):
    character: str
    x: float
    y: float
    right: float
    size: float
    angle: float  # counterclockwise, in degrees, on the page as seen
    generated: bool
    hidden: bool


def read_text(page: pdfium.PdfPage, view: Geometry, *, hidden_too: bool, may_hide: bool) -> PageText:
    """The characters of a page.

    Args:
        page: of a PDF.
        view: how the page is seen.
        hidden_too: take invisible characters, as scans with a text layer have them.
        may_hide: whether the page has invisible text at all.
    """
    glyphs = list(_glyphs(page, view, may_hide=may_hide))
    turns = Counter(round(glyph.angle / 90) % 4 for glyph in glyphs if not glyph.generated)
    if quarters := turns.most_common(1)[0][0] if turns else 0:
        view = view.turned(quarters)
        glyphs = list(_glyphs(page, view, may_hide=may_hide))
    characters: list[Character] = []
    hidden = 0
    seen: set[tuple[str, float, int, int]] = set()
    for glyph in glyphs:
        if not _is_upright(glyph, view) or (glyph.hidden and not hidden_too):
            continue
        text = _plain(glyph.character)
        if not text or (text == " " and glyph.generated and _is_behind_wide(characters)):
            continue
        # bold by printing twice
        step = glyph.size / 4
        spots = {(text, glyph.size, round((glyph.x + dx) / step), round(glyph.y / step)) for dx in (0, 0.6)}
        if text != " " and spots & seen:
            continue
        seen |= spots
        hidden += glyph.hidden
        characters.append(Character(text, glyph.x, glyph.y, glyph.right, glyph.size))
    return PageText(characters, view, hidden > len(characters) / 2)


def _is_upright(glyph: _Glyph, view: Geometry) -> bool:
    """Whether a character stands upright on the page, and large enough to be seen."""
    inside = -1 <= glyph.x <= view.width + 1 and -1 <= glyph.y <= view.height + 1
    return inside and glyph.size >= _LEAST_SIZE and abs((glyph.angle + 180) % 360 - 180) < 8


def _is_behind_wide(characters: Sequence[Character]) -> bool:
    return not characters or characters[-1].text == " " or is_wide(characters[-1].text[-1])


def _glyphs(page: pdfium.PdfPage, view: Geometry, *, may_hide: bool) -> Iterator[_Glyph]:
    from pypdfium2 import raw

    text = page.get_textpage()
    handle = text.raw
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, number)
        if code in {10, 13}:
            continue
        if 0xD800 <= code < 0xDC00:  # the first half of a pair
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        raw.FPDFText_GetCharOrigin(handle, number, x, y)
        raw.FPDFText_GetMatrix(handle, number, matrix)
        raw.FPDFText_GetLooseCharBox(handle, number, box)
        generated = raw.FPDFText_IsGenerated(handle, number) == 1
        if raw.FPDFText_IsHyphen(handle, number) == 1:  # at the end of a line; the library names it otherwise
            code, generated = 0x2D, False
        left, base = view.place(x.value, y.value)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        size = raw.FPDFText_GetFontSize(handle, number) * scale
        corners = [view.place(box.left, box.bottom), view.place(box.right, box.top)]
        right = max(left, *(corner[0] for corner in corners))
        unknown = not generated and code != 0x2D and raw.FPDFText_HasUnicodeMapError(handle, number) == 1
        across = view.a * matrix.a + view.c * matrix.b, view.b * matrix.a + view.d * matrix.b
        angle = 0.0 if generated else math.degrees(math.atan2(-across[1], across[0]))
        hidden = may_hide and not generated and _is_hidden(handle, number)
        yield _Glyph(_UNKNOWN if unknown else chr(code), left, base, right, size, angle, generated, hidden)


def _is_hidden(handle: object, number: int) -> bool:
    from pypdfium2 import raw

    drawn = raw.FPDFText_GetTextObject(handle, number)
    return bool(drawn) and raw.FPDFTextObj_GetTextRenderMode(drawn) in {
        raw.FPDF_TEXTRENDERMODE_INVISIBLE,
        raw.FPDF_TEXTRENDERMODE_CLIP,
    }


def _plain(character: str) -> str:
    """The ordinary character for a radical or a compatibility form; empty for what a person does not read."""
    if character.isspace():
        return " "
    if character in _INVISIBLE:
        return ""
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character.translate(_RADICALS))
    if "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    if "\uf000" <= character <= "\uf0ff":  # bullets and other signs of symbol fonts
        return ""
    return _UNKNOWN if unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} else character
