"""Small PDFs written by hand: text in a font that is not embedded, lines, a picture, fields, a password."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence

A4 = (0, 0, 595, 842)
PICTURE = "q 595 0 0 842 0 0 cm /Im Do Q\n"
"""A grey picture over the whole page."""

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def text(x: float, y: float, words: str, size: float = 10.5, *, mode: int = 0, angle: float = 0.0) -> str:
    """A line of text; ``mode`` 3 is invisible."""
    turn = math.radians(angle)
    cosine, sine = math.cos(turn), math.sin(turn)
    matrix = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x} {y}"
    return f"BT /F1 {size} Tf {mode} Tr {matrix} Tm <{words.encode('utf-16-be').hex()}> Tj ET\n"


def lines(words: Sequence[str], x: float = 72, y: float = 770) -> str:
    """Lines of text one below the other."""
    return "".join(text(x, y - 18 * number, line) for number, line in enumerate(words))


def grid(xs: Sequence[float], ys: Sequence[float], *, filled: bool = False) -> str:
    """The lines of a table, stroked or as filled strips."""
    if filled:
        across = [f"{xs[0]} {y} {xs[-1] - xs[0]} 0.5 re f" for y in ys]
        down = [f"{x} {ys[0]} 0.5 {ys[-1] - ys[0]} re f" for x in xs]
    else:
        across = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys]
        down = [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs]
    return "\n".join([*across, *down]) + "\n"


def pdf(
    *contents: str,
    box: tuple[float, float, float, float] = A4,
    page: str = "",
    catalog: str = "",
    field: str = "",
    meanings: Mapping[str, str] | None = None,
    encoding: str = "UniGB-UCS2-H",
    password: str | None = None,
) -> bytes:
    """A PDF with a page for each content.

    Args:
        contents: drawing commands of each page.
        box: the MediaBox.
        page: more entries of each page.
        catalog: more entries of the catalog.
        field: what was typed into a form field on each page.
        meanings: what the file says that characters mean, where that is not what they are.
        encoding: of the font.
        password: that opens the file; the empty one opens it without asking.
    """
    objects = _objects(contents, box, page, catalog, field, meanings, encoding)
    trailer = ""
    if password is not None:
        key, entry = _encryption(password)
        objects = [_encrypted(number, body, key) for number, body in enumerate(objects, 1)]
        objects.append(entry)
        trailer = f"/Encrypt {len(objects)} 0 R /ID [<{'00' * 16}> <{'00' * 16}>]"
    return _file(objects, trailer)


def _stream(content: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def _objects(
    contents: Sequence[str],
    box: Sequence[float],
    page: str,
    catalog: str,
    field: str,
    meanings: Mapping[str, str] | None,
    encoding: str,
) -> list[bytes]:
    known = "".join(f"<{ord(a):04x}> <{b.encode('utf-16-be').hex()}>\n" for a, b in (meanings or {}).items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(meanings or {})} beginbfchar\n{known}endbfchar endcmap end end"
    )
    to_unicode = "/ToUnicode 7 0 R" if meanings else ""
    field_words = text(2, 4, field).encode()
    ordering = "GB1" if encoding.startswith("Uni") else "Identity"
    objects = [
        b"",
        b"",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{encoding} "
        f"/DescendantFonts [4 0 R] {to_unicode} >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 [500] 7712 [500]] "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (%s) /Supplement 4 >> /FontDescriptor 5 0 R >>"
        % ordering.encode(),
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        _stream(
            bytes([200] * 64),
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        ),
        _stream(cmap.encode()),
        _stream(field_words, "/Type /XObject /Subtype /Form /BBox [0 0 300 20] /Resources << /Font << /F1 3 0 R >> >>"),
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /Rect [72 300 372 320] /AP << /N 8 0 R >> >>",
    ]
    kids = []
    for content in contents:
        objects.append(_stream(content.encode("latin-1")))
        annotations = "/Annots [9 0 R]" if field else ""
        resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /Im 6 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{' '.join(map(str, box))}] /Contents {len(objects)} 0 R "
            f"{annotations} {page} {resources} >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    form = "/AcroForm << /Fields [9 0 R] >>" if field else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {form} {catalog} >>".encode()
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return objects


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def _encryption(password: str) -> tuple[bytes, bytes]:
    """The key of the file and the Encrypt dictionary: RC4 with 40 bits, the oldest there is (ISO 32000-1, 7.6)."""
    padded = (password.encode() + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324 - what the format prescribes
    rights = -44
    key = hashlib.md5(  # noqa: S324
        padded + owner + rights.to_bytes(4, "little", signed=True) + bytes(16)
    ).digest()[:5]
    user = _rc4(key, _PADDING)
    return key, (f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P {rights} >>".encode())


def _encrypted(number: int, body: bytes, key: bytes) -> bytes:
    """An object with its stream encrypted; none of them has strings that matter."""
    head, mark, rest = body.partition(b"\nstream\n")
    if not mark:
        return body
    content = rest.removesuffix(b"\nendstream")
    own = hashlib.md5(key + number.to_bytes(3, "little") + bytes(2)).digest()[: len(key) + 5]  # noqa: S324
    return head + mark + _rc4(own, content) + b"\nendstream"
