"""Characters that Word prints from symbol fonts, as Unicode."""

from __future__ import annotations

import re

from extractor.readers.word.number_formats import enclosed

_WINGDINGS = {
    **dict(zip(range(0x81, 0x8B), "①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    **dict(zip(range(0x8C, 0x96), "❶❷❸❹❺❻❼❽❾❿", strict=True)),
    0x28: "☎",
    0x29: "✆",
    0x2A: "✉",
    0x2B: "✉",
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0x71: "❑",
    0x75: "◆",
    0x76: "❖",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "□",
    0xAB: "★",
    0xB2: "☆",
    0xD8: "➢",
    0xE0: "→",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {
    **dict(zip(range(0x6A, 0x74), "①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    0x4F: "✗",
    0x50: "✓",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x97: "●",
    0xA2: "■",
    0xA3: "□",
}
_SYMBOL = {
    0x2D: "−",
    0xA3: "≤",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB7: "•",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xAE: "→",
    0xD7: "·",
    0x61: "α",
    0x62: "β",
    0x6D: "μ",
    0x57: "Ω",
    0xD6: "√",
    0xA5: "∞",
}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_COMBINED = re.compile(r"(?is)\s*eq\s.*\\o(?:\\a[clrd])*\s*\((.*)\)\s*")


def symbol(code: str | None, font: str | None) -> str:
    """What a font prints for a code, in hexadecimal; nothing for a picture that stands for no character."""
    if code is None or not re.fullmatch(r"[0-9A-Fa-f]{1,6}", code):
        return ""
    number = int(code, 16)
    signs = _FONTS.get((font or "").lower())
    if 0xF000 <= number <= 0xF0FF or (signs is not None and number < 0x100):
        place = number & 0xFF
        if signs is None:
            return ""
        return signs.get(place, chr(place) if signs is _SYMBOL and 0x20 <= place < 0x40 else "")
    if number < 0x20 or 0xD800 <= number < 0xE000 or 0xE000 <= number < 0xF900 or number > 0x10FFFF:
        return ""
    return chr(number)


def without_private_use(text: str, font: str | None) -> str:
    """Text whose characters of a symbol font, written with private codes, are those that it prints."""
    known = font if (font or "").lower() in _FONTS else "wingdings"
    return _PRIVATE.sub(lambda match: symbol(f"{ord(match[0]):X}", known), text)


def combined(instruction: str) -> str:
    r"""What a field prints that puts characters on top of each other: ``eq \o\ac(○,21)`` is ㉑; else nothing."""
    match = _COMBINED.fullmatch(instruction)
    if match is None:
        return ""
    *around, inner = re.split(r"[,;，]", match[1])
    inner = inner.strip()
    if around and around[0].strip() in {"○", "〇", "◯"} and inner.isascii() and inner.isdecimal():
        return enclosed(int(inner[:4])) or inner
    return inner
