"""Files that are no Word files, broken ones, and those made to hurt."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.readers.word import ooxml
from extractor.readers.word.docx import read_docx
from extractor.readers.word.ooxml import directory_bytes, parse
from tests.readers.word_files import STRICT, definition, docx, level, package, paragraph, relations, root, use

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def why_not(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_docx(data, "通报.docx")
    message = str(caught.value)
    assert message.startswith("通报.docx: ")
    return message


def outcome(data: bytes) -> str:
    """What is wrong with a file, nothing if it was read."""
    try:
        read_docx(data, "x")
    except InputError as error:
        return str(error)
    return ""


def with_part(name: str, content: str | bytes) -> bytes:
    """A file with one part replaced."""
    container = zipfile.ZipFile(io.BytesIO(docx(paragraph("正文"), styles="", numbering="")))
    return package({**{entry: container.read(entry) for entry in container.namelist()}, name: content})


def test_old_and_encrypted_files_say_what_to_do() -> None:
    assert "save it as .docx" in why_not(OLE2 + "WordDocument".encode("utf-16-le"))
    assert "password" in why_not(OLE2 + "EncryptedPackage".encode("utf-16-le"))


def test_other_archives_are_no_word_files() -> None:
    assert "no Word file" in why_not(package({"a.txt": "甲"}))
    assert "OpenDocument" in why_not(
        package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})
    )
    assert "no Word file" in why_not(
        package({"_rels/.rels": relations([("officeDocument", "xl/workbook.xml")]), "xl/workbook.xml": "<a/>"})
    )
    assert "no Word file" in why_not(with_part("word/document.xml", "<html/>"))
    assert "no Word file" in why_not(b"plain text")
    assert "damaged" in why_not(b"PK\x03\x04" + bytes(100))


def test_a_file_cut_off_is_damaged() -> None:
    data = docx(paragraph("正文" * 2000))
    assert "damaged or incomplete" in why_not(data[: len(data) // 2])


def test_a_part_that_is_no_xml_is_named() -> None:
    assert "word/document.xml is no well-formed XML" in why_not(with_part("word/document.xml", "<w:document"))
    assert "word/styles.xml is no well-formed XML" in why_not(with_part("word/styles.xml", "styles"))
    assert "no well-formed XML" in why_not(with_part("word/document.xml", ""))


def test_wrong_checksums_are_found() -> None:
    data = bytearray(docx(paragraph("正文")))
    container = zipfile.ZipFile(io.BytesIO(bytes(data)))
    info = container.getinfo("word/document.xml")
    place = data.find(b"word/document.xml", container.start_dir) - 30
    struct.pack_into("<I", data, place, info.CRC ^ 1)
    assert "word/document.xml" in why_not(bytes(data))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w SYSTEM "http://127.0.0.1:9/w.dtd">',
        '<!DOCTYPE w [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
def test_document_types_are_refused(declaration: str, part: str) -> None:
    xml = root("document", "<w:body><w:p><w:r><w:t>&a;&b;</w:t></w:r></w:p></w:body>")
    assert "document type" in why_not(with_part(part, xml.replace("?>", "?>" + declaration, 1)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_document_types_are_refused_in_other_encodings(encoding: str) -> None:
    xml = '\ufeff<!DOCTYPE w [<!ENTITY a "a">]><w>&a;</w>'
    assert "document type" in why_not(with_part("word/styles.xml", xml.encode(encoding)))


def test_nested_entities_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE w [<!ENTITY e0 "ten letters">{entities}]><w>&e11;</w>'
    tracemalloc.start()
    with pytest.raises(ValueError, match="document type"):
        parse(xml.encode())
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    tracemalloc.start()
    assert "which no notice does" in why_not(with_part("word/document.xml", b" " * (ooxml.MAX_PART_BYTES + 1)))
    spaces = root("document", "<w:body>" + " " * 8_000_000 + "</w:body>")
    tracemalloc.reset_peak()
    assert "which no notice does" in why_not(with_part("word/document.xml", spaces))
    tracemalloc.stop()


def test_a_part_that_understates_its_size_is_not_unpacked_further() -> None:
    data = bytearray(with_part("word/document.xml", b" " * 30_000_000))
    for signature, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            if struct.unpack_from("<I", data, start + place)[0] == 30_000_000:
                struct.pack_into("<I", data, start + place, 1000)
            start += 4
    tracemalloc.start()
    assert "cannot be unpacked" in why_not(bytes(data))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@cache
def deep(depth: int) -> bytes:
    return docx("<w:sdt><w:sdtContent>" * depth + paragraph("深") + "</w:sdtContent></w:sdt>" * depth)


def test_depth_is_limited() -> None:
    assert read_docx(deep(80), "x").text.strip() == "深"
    assert "nested too deeply" in why_not(deep(200))
    assert "nested too deeply" in why_not(deep(20_000))


def test_nested_tables_are_read_down_to_the_limit_of_depth() -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 60 + paragraph("深") + "</w:tc></w:tr></w:tbl>" * 60
    assert read_docx(docx(nested), "x").text.strip() == "深"


def test_the_number_of_elements_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "MAX_ELEMENTS", 100)
    assert "too many elements" in why_not(docx(paragraph("字") * 100))


def test_the_size_of_a_part_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "MAX_PART_BYTES", 5000)
    assert read_docx(docx(paragraph("短")), "x").text == "短\n"
    assert "which no notice does" in why_not(docx(paragraph("长" * 2000)))


def test_archives_of_very_many_files_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "MAX_DIRECTORY_BYTES", 10_000)
    data = package({f"{n}": "" for n in range(500)})
    assert directory_bytes(data) > 10_000
    assert "too many files" in why_not(data)


def test_the_directory_of_a_large_archive_is_measured_too() -> None:
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 70_000, 70_000, 5_000_000, 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, 0, 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert directory_bytes(record + locator + end) == 5_000_000
    assert "too many files" in why_not(b"PK\3\4" + record + locator + end)


def test_compression_that_word_does_not_know_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as container:
        container.writestr("word/document.xml", root("document", "<w:body/>"))
    assert "compressed" in why_not(buffer.getvalue())


def test_entries_under_a_password_are_named_so() -> None:
    data = bytearray(docx(paragraph("正文")))
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + place] |= 1
            start += 4
    assert "password" in why_not(bytes(data))


@pytest.mark.parametrize(
    "main_type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "text/plain",
    ],
)
def test_templates_and_files_with_macros_are_word_files(main_type: str) -> None:
    assert read_docx(docx(paragraph("正文"), main_type=main_type), "x").text == "正文\n"


def test_the_strict_variant() -> None:
    data = docx(
        paragraph("正文", list_=1), space=STRICT, numbering=definition(0, level(0, "decimal", "%1.")) + use(1, 0)
    )
    assert read_docx(data, "x").text == "1.正文\n"


def test_a_file_without_the_listings_of_its_parts_is_read_by_custom() -> None:
    body = root("document", f"<w:body>{paragraph('甲', list_=1)}</w:body>")
    numbering = root(
        "numbering",
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
    assert read_docx(package({"word/document.xml": body, "word/numbering.xml": numbering}), "x").text == "1.甲\n"


def test_names_of_parts_in_other_spellings() -> None:
    parts = {
        "_rels/.rels": relations([("officeDocument", "/Word/Document.xml")]),
        "word\\document.xml": root("document", f"<w:body>{paragraph('甲')}</w:body>"),
    }
    assert read_docx(package(parts), "x").text == "甲\n"


def test_a_missing_part_is_done_without() -> None:
    parts = {
        "_rels/.rels": relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": relations([("styles", "styles.xml"), ("numbering", "../../up.xml")]),
        "word/document.xml": root("document", f"<w:body>{paragraph('甲', style='h1')}</w:body>"),
    }
    assert read_docx(package(parts), "x").text == "甲\n"


def test_parts_in_utf_16() -> None:
    xml = root("document", f"<w:body>{paragraph('甲')}</w:body>").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_docx(with_part("word/document.xml", xml.encode("utf-16")), "x").text == "甲\n"


def test_parts_in_an_encoding_that_is_not_known() -> None:
    xml = root("document", "<w:body/>").replace('encoding="UTF-8"', 'encoding="x-none"')
    assert "word/document.xml" in why_not(with_part("word/document.xml", xml))


SOUND = docx(paragraph("一、正文") * 3, styles="", numbering="")


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@example([(len(SOUND) - 10, 255)])
def test_damage_gives_a_text_or_a_clear_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOUND)
    for place, byte in changes:
        data[place] = byte
    message = outcome(bytes(data))
    assert not message or message.startswith("x: ")


@given(
    st.recursive(
        st.text("甲&<", max_size=3),
        lambda inner: st.tuples(
            st.sampled_from(
                "p r t tbl tr tc sdt sdtContent ins del hyperlink fldChar drawing pict txbxContent numPr pPr rPr sectPr".split()
            ),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_any_tree_of_elements_gives_a_text_or_a_clear_error(tree: object) -> None:
    def xml(node: object) -> str:
        if isinstance(node, tuple):
            return f"<w:{node[0]}>{''.join(map(xml, node[1]))}</w:{node[0]}>"
        return str(node).replace("&", "&amp;").replace("<", "&lt;")

    message = outcome(docx(xml(tree)))
    assert not message or message.startswith("x: ")
