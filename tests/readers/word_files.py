"""Word files for tests, made of raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "r": _RELATIONS,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def root(name: str, content: str, space: str = TRANSITIONAL) -> str:
    """A part of a file."""
    return f'{_HEAD}<w:{name} xmlns:w="{space}" {_SPACES}>{content}</w:{name}>'


def relations(targets: Iterable[tuple[str, str]], space: str = TRANSITIONAL) -> str:
    """The part that names other parts: kind and target."""
    kinds = _STRICT_RELATIONS if space == STRICT else _RELATIONS
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kinds}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def docx(
    body: str,
    *,
    numbering: str | None = None,
    styles: str | None = None,
    space: str = TRANSITIONAL,
    main_type: str = DOCUMENT_TYPE,
    **parts: str,
) -> bytes:
    """A Word file; further parts (``footnotes``, ``header1``) by their names."""
    known = {"numbering": numbering, "styles": styles, **parts}
    named = {name: content for name, content in known.items() if content is not None}
    targets = [(name.rstrip("0123456789"), f"{name}.xml") for name in named]
    return package(
        {
            "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
            "_rels/.rels": relations([("officeDocument", "word/document.xml")], space),
            "word/_rels/document.xml.rels": relations(targets, space),
            "word/document.xml": root("document", f"<w:body>{body}<w:sectPr/></w:body>", space),
            **{
                f"word/{name}.xml": root(_ROOTS.get(name.rstrip("0123456789"), name), content, space)
                for name, content in named.items()
            },
        }
    )


_ROOTS = {"header": "hdr", "footer": "ftr"}


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    content: str = "", *, list_: int | None = None, level: int = 0, style: str | None = None, mark: str = ""
) -> str:
    """A paragraph of runs, or of a text that is no markup; ``mark`` are properties of its paragraph mark."""
    inner = content if content.startswith("<") else run(content) if content else ""
    properties = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    if list_ is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'
    properties += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def level(place: int, number_format: str, text: str, *, start: int | None = 1, more: str = "") -> str:
    """A level of a list; ``more`` stands before its text: w:lvlRestart, w:pStyle, w:isLgl, w:suff."""
    begin = f'<w:start w:val="{start}"/>' if start is not None else ""
    return f'<w:lvl w:ilvl="{place}">{begin}<w:numFmt w:val="{number_format}"/>{more}<w:lvlText w:val={quoteattr(text)}/></w:lvl>'


def definition(number: int, *levels: str, more: str = "") -> str:
    """A definition of lists."""
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def use(number: int, of: int, overrides: str = "") -> str:
    """A list: a use of a definition."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def start_at(place: int, number: int) -> str:
    """An override of the number that a level starts with."""
    return f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{number}"/></w:lvlOverride>'


def cell(*content: str, properties: str = "") -> str:
    """A cell of paragraphs, or of texts."""
    inner = "".join(part if part.startswith(("<w:p", "<w:tbl")) else paragraph(part) for part in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner or paragraph()}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells, or of texts."""
    inner = "".join(part if part.startswith("<") else cell(part) for part in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"
