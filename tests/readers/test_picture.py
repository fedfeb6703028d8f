"""Pictures read as a user has them. The page in pictures/newspaper.png is invented: three columns 14 pixels apart."""

from __future__ import annotations

import contextlib
import io
import math
import socket
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("rapidocr", reason="pictures are read by the extra ocr")
pytest.importorskip("onnxruntime", reason="pictures are read by the extra ocr")

from PIL import Image

from extractor.errors import InputError
from extractor.readers.layout.page import Line
from extractor.readers.pictures.files import MAX_PAGES, pages_of
from extractor.readers.pictures.misreadings import repaired
from extractor.readers.pictures.picture import read_picture
from extractor.readers.reading import Reading

PAGE = Path(__file__).parent / "pictures" / "newspaper.png"
TITLE = "柳溪镇水务站关于巡察整改情况的通报"
TEXT = (
    TITLE,
    "一、党的建设方面",
    "1.学习不够深入。部分支部全年只集中学习2次。",
    "整改情况：已完成整改。①制定学习计划，每月学习1次；②印发《支部学习办法》（柳水发〔2023〕18号）。",
    "2.会议费超支。2022年多支出3.6万元。",
    "整改情况：正在整改。已追回2.1万元，其余款项2024年6月底前收回。",
    "二、服务群众方面",
    "3.水费收缴不规范。“阳台收费”问题有群众反映。",
    "整改情况：基本完成。公开电话0999-2208163，办结诉求37件。",
)

WIDTHS = str.maketrans("：；，（）〔〕", ":;,()[]")


def page() -> Image.Image:
    return Image.open(PAGE).convert("RGB")


def top_of_page() -> Image.Image:
    """The title and two lines."""
    return page().crop((0, 30, 1000, 210))


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def box_of(reading: Reading, text: str) -> tuple[float, float, float, float]:
    (box,) = [origin.place.box for origin in reading.origins if reading.text[origin.start : origin.end] == text]
    assert box is not None
    return box


@pytest.fixture(scope="module")
def newspaper() -> Reading:
    return read_picture(PAGE.read_bytes(), "newspaper.png")


def test_columns_come_in_reading_order(newspaper: Reading) -> None:
    assert newspaper.text.splitlines() == list(TEXT)
    assert newspaper.kind == "image"
    assert newspaper.remarks == ()


def test_a_table_comes_in_rows_of_cells() -> None:
    reading = read_picture((PAGE.parent / "table.png").read_bytes(), "table.png")
    assert reading.text.splitlines() == [
        "现将整改进展公布如下。",
        "序号\t反馈问题\t整改进展",
        "1\t学习制度执行不严。\t已完成整改，集中学习8次。",
        "2\t接待费超支1.2万元。\t基本完成，已追回1.1万元。",
    ]


def test_every_line_has_its_place_and_confidence(newspaper: Reading) -> None:
    for origin in newspaper.origins:
        box, confidence = origin.place.box, origin.place.confidence
        assert origin.place.page == 1
        assert box is not None and 0 <= box[0] < box[2] <= 1000 and 0 <= box[1] < box[3] <= 460
        assert confidence is not None and 0.8 < confidence <= 1
    assert box_of(newspaper, TITLE) == pytest.approx((135, 62, 840, 103), abs=8)
    assert box_of(newspaper, "众反映。") == pytest.approx((654, 247, 748, 272), abs=8)


def test_a_page_askew_is_read_and_its_boxes_are_those_of_the_picture(newspaper: Reading) -> None:
    degrees = 2.5
    askew = page().rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    reading = read_picture(saved(askew, "JPEG", quality=70), "askew.jpg")
    assert "".join(reading.text.split()).translate(WIDTHS) == "".join(TEXT).translate(WIDTHS)
    left, top, right, bottom = box_of(newspaper, "众反映。")
    x, y = (left + right) / 2 - 500, (top + bottom) / 2 - 230
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    left, top, right, bottom = box_of(reading, "众反映。")
    assert (left + right) / 2 == pytest.approx(500 + x * cosine + y * sine, abs=6)
    assert (top + bottom) / 2 == pytest.approx(230 + y * cosine - x * sine, abs=6)


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_page_turned_round_is_read(degrees: int) -> None:
    turned = top_of_page().rotate(degrees, expand=True)
    reading = read_picture(saved(turned), "turned.png")
    assert reading.text.startswith(TITLE)
    left, top, right, bottom = box_of(reading, TITLE)
    assert 0 <= left < right <= turned.width and 0 <= top < bottom <= turned.height
    assert (right - left > bottom - top) == (degrees == 180)


def test_exif_turns_a_picture() -> None:
    picture = top_of_page().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter with the clock
    reading = read_picture(saved(picture, "JPEG", exif=exif, quality=90), "photo.jpg")
    assert reading.text.startswith(TITLE)
    assert box_of(reading, TITLE)[2] > 800  # in the picture as it is shown


def test_small_and_pale_type_is_read() -> None:
    small = top_of_page().resize((430, 77), Image.Resampling.LANCZOS)
    pale = small.point(lambda value: 150 + value // 4)
    assert read_picture(saved(pale), "pale.png").text.startswith(TITLE)


def test_each_page_of_a_tiff_has_its_number() -> None:
    first, second = top_of_page().crop((0, 0, 1000, 90)), top_of_page()
    reading = read_picture(saved(first.convert("1"), "TIFF", save_all=True, append_images=[second]), "scan.tiff")
    assert {origin.place.page for origin in reading.origins} == {1, 2}


def test_threads_share_the_engine_and_nothing_uses_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    data = saved(top_of_page().crop((0, 0, 1000, 90)))
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(read_picture, [data, data], ["one.png", "other.png"])
    assert one == other
    assert one.text == f"{TITLE}\n"


@pytest.mark.parametrize("colour", ["white", "black", "khaki"])
def test_a_picture_without_text_is_an_error(colour: str) -> None:
    with pytest.raises(InputError, match=r"^empty\.png: no text"):
        read_picture(saved(Image.new("RGB", (300, 200), colour)), "empty.png")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(
        InputError, match=r"^a\.png: reading a picture needs onnxruntime: pip install 'zhenggai\[ocr\]'"
    ):
        read_picture(PAGE.read_bytes(), "a.png")


def test_what_the_print_shows_to_be_misread_is_repaired() -> None:
    texts = "这个问题，決定整改（试行)；柳水发〔2023]18号", "(二）产业方面", "(三) 減免(2023)5号 PM 10"
    lines = repaired([Line(text, (0, 0, 1, 1)) for text in texts])
    assert [line.text for line in lines] == [
        "这个问题，决定整改（试行）；柳水发〔2023〕18号",
        "（二）产业方面",
        "(三)减免(2023)5号PM 10",
    ]
    assert repaired([Line("這個問題決定產業", (0, 0, 1, 1))])[0].text == "這個問題決定產業"


def read_pages_of(data: bytes) -> list[Image.Image]:
    return list(pages_of(data, "a.png"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "YCbCr"])
def test_every_mode_becomes_black_on_white(mode: str) -> None:
    plain = Image.new("L", (40, 40), 255)
    plain.paste(0, (10, 10, 30, 30))
    if mode in {"LA", "RGBA"}:
        picture = Image.new(mode, (40, 40), (0,) * (len(mode) - 1) + (0,))  # nothing is seen of it
        picture.paste((0,) * (len(mode) - 1) + (255,), (10, 10, 30, 30))
    elif mode == "I;16":
        picture = Image.frombytes(
            "I;16", (40, 40), b"".join(bytes((value * 16 % 256, value * 16 // 256)) for value in plain.tobytes())
        )
    else:
        picture = plain.convert(mode)
    kind = "TIFF" if mode in {"CMYK", "F", "I;16", "YCbCr"} else "PNG"
    (found,) = read_pages_of(saved(picture, kind))
    assert found.mode == "RGB"
    assert [min(abs(level - 0) for level in found.getpixel((20, 20))), found.getpixel((2, 2))[0] > 250] == [0, True]


def test_only_the_first_picture_of_a_moving_one_is_read() -> None:
    pictures = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    (found,) = read_pages_of(saved(pictures[0], "WEBP", save_all=True, append_images=pictures[1:], lossless=True))
    assert found.getpixel((5, 5)) == (255, 0, 0)


def png_that_claims(width: int, height: int) -> bytes:
    header = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    data = b"IDAT" + zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) for chunk in (header, data, b"IEND")
    )


@pytest.mark.parametrize("side", [13_000, 60_000, 2_000_000])
def test_bombs_are_refused_before_they_go_off(side: int) -> None:
    with pytest.raises(InputError, match=r"^a\.png: .*pixels"):
        read_pages_of(png_that_claims(side, side))


def test_too_many_pages_and_too_small_a_picture_are_refused() -> None:
    page = Image.new("1", (8, 8))
    with pytest.raises(InputError, match="split it first"):
        read_pages_of(saved(page, "TIFF", save_all=True, append_images=[page] * MAX_PAGES))
    with pytest.raises(InputError, match="too small"):
        read_pages_of(saved(Image.new("1", (400, 3))))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), noise=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6))
def test_damaged_files_are_errors_of_input(kind: str, cut: float, noise: list[tuple[float, int]]) -> None:
    data = bytearray(saved(Image.effect_noise((48, 40), 60).convert("RGB"), kind))
    for place, value in noise:
        data[int(place * (len(data) - 1))] = value
    with contextlib.suppress(InputError):
        assert all(page.mode == "RGB" for page in read_pages_of(bytes(data[: int(cut * len(data))])))


def test_what_is_no_picture_is_an_error() -> None:
    with pytest.raises(InputError, match=r"^a\.png: is no picture"):
        read_pages_of(b"\x89PNG\r\n\x1a\n" + bytes(100))
