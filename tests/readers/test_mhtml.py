from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.readers.web.mhtml import MAX_BYTES, read_mhtml

WORDS = "中共云岭县林草局党组整改情况通报如下。一是完善制度，二是清退林地46.5亩。"
PICTURE = ("image/png", "https://www.example.cn/logo.png", "base64", base64.encodebytes(b"\x89PNG" + bytes(300)))


def html(words: str = WORDS, charset: str = "utf-8") -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'


def saved(*parts: tuple[str, str, str, bytes], head: str = "", kind: str = 'type="text/html"') -> bytes:
    body = b"".join(
        f"--cut\r\nContent-Type: {type_}\r\nContent-Location: {location}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for type_, location, coding, content in parts
    )
    top = f"From: <Saved by Blink>\r\n{head}MIME-Version: 1.0\r\nContent-Type: multipart/related; {kind}; boundary=cut\r\n\r\n"
    return top.encode() + body + b"--cut--\r\n"


@pytest.mark.parametrize(
    ("type_", "encoding", "coding"),
    [
        ("text/html", "utf-8", "quoted-printable"),
        ("text/html; charset=gb2312", "gb18030", "quoted-printable"),
        ('text/html; charset="utf-8"', "utf-8", "base64"),
        ("text/html", "gb18030", "base64"),
        ("text/html; charset=utf-8", "utf-8", "8bit"),
        ("application/xhtml+xml", "utf-8", "binary"),
    ],
)
def test_the_page_is_read_in_any_charset_and_coding(type_: str, encoding: str, coding: str) -> None:
    content = html(charset="gbk" if encoding == "gb18030" else encoding).encode(encoding)
    if coding == "quoted-printable":
        content = quopri.encodestring(content)
    elif coding == "base64":
        content = base64.encodebytes(content)
    reading = read_mhtml(saved((type_, "https://www.example.cn/a.html", coding, content), PICTURE), "page.mhtml")
    assert reading.text == WORDS
    assert (reading.kind, reading.encoding) == ("mhtml", encoding)
    assert dict(reading.metadata)["address"] == "https://www.example.cn/a.html"
    assert reading.origins[0].place.element == "/html/body/p[1]"


def test_the_address_is_that_of_the_page_as_it_was_open() -> None:
    head = "Snapshot-Content-Location: https://www.example.cn/xcgz/2024.html\r\n"
    part = ("text/html", "cid:frame-1@mhtml.blink", "8bit", html().encode())
    metadata = read_mhtml(saved(part, head=head), "page.mhtml").metadata
    assert [value for name, value in metadata if name == "address"] == ["https://www.example.cn/xcgz/2024.html"]


def test_the_part_named_as_the_start_is_read_first() -> None:
    other = (
        "text/html\r\nContent-ID: <other>",
        "https://www.example.cn/b.html",
        "8bit",
        html("另一页的整改情况已经公布。").encode(),
    )
    start = (
        "text/html\r\nContent-ID: <start>",
        "https://www.example.cn/a.html",
        "8bit",
        html("这一页的整改情况已经公布。").encode(),
    )
    reading = read_mhtml(saved(other, start, kind='start="<start>"'), "page.mhtml")
    assert reading.text == "这一页的整改情况已经公布。"


def test_a_notice_in_a_frame_of_the_page_is_read() -> None:
    outer = (
        "text/html",
        "https://www.example.cn/",
        "8bit",
        b"<html><body><iframe src='cid:frame-2'></iframe></body></html>",
    )
    inner = ("text/html", "cid:frame-2", "8bit", html().encode())
    assert read_mhtml(saved(outer, inner), "page.mhtml").text == WORDS


def test_a_page_that_is_no_multipart_is_read() -> None:
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + html().encode()
    )
    assert read_mhtml(data, "page.mht").text == WORDS


def test_a_file_cut_off_is_read_as_far_as_it_goes() -> None:
    data = saved(("text/html", "a", "base64", base64.encodebytes(html(WORDS * 20).encode())))
    assert read_mhtml(data[: len(data) // 2], "page.mhtml").text.startswith(WORDS)


def test_a_file_without_a_page_is_refused() -> None:
    with pytest.raises(InputError, match=r"^page\.mhtml: holds no web page"):
        read_mhtml(saved(PICTURE), "page.mhtml")


def test_the_reason_why_the_page_holds_no_text_is_told() -> None:
    part = (
        "text/html",
        "a",
        "8bit",
        b"<html><body><iframe src='https://www.example.cn/b.html'></iframe></body></html>",
    )
    with pytest.raises(InputError, match=r"stands in frames.*example\.cn/b\.html"):
        read_mhtml(saved(part), "page.mhtml")


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(InputError, match="MB is more than"):
        read_mhtml(bytes(MAX_BYTES + 1), "page.mhtml")


def test_parts_nested_without_end_are_refused() -> None:
    parts = "".join(f"--b{n}\r\nContent-Type: multipart/related; boundary=b{n + 1}\r\n\r\n" for n in range(3000))
    with pytest.raises(InputError, match="nested too deeply"):
        read_mhtml(
            f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n{parts}".encode(), "page.mhtml"
        )


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes, header: bytes) -> None:
    refusal = ""
    try:
        data = saved(("text/html", "a", "quoted-printable", content)).replace(
            b"Content-Location", header + b"\r\nContent-Location"
        )
        assert read_mhtml(data, "page.mhtml").kind == "mhtml"
    except InputError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith("page.mhtml: ")
