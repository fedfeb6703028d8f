"""Which lines of a web page are the notice: only what is certainly furniture of the page is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from extractor.readers.web.lines import Line, Node
from extractor.readers.web.metadata import is_about_page, is_day, is_title

_MAIN_SHARE = 0.8
_LINK_SHARE = 0.6
_LONG = 25
_FURNITURE_TAGS = frozenset(("aside", "footer", "header", "menu", "nav"))
_FURNITURE_NAMES = re.compile(
    r"(?<![a-z])(?:navigation|navbar|nav|menu|breadcrumbs?|crumbs?|foot|footer|copyright|banner|contentinfo|complementary|"
    r"search|login|sidebar|aside|friend-?links?|toolbar|sitemap|qrcode|ewm)(?![a-z])"
)
_TOOL_NAMES = re.compile(
    r"(?<![a-z])(?:share|bdshare\w*|jiathis\w*|social-share\w*|print|qrcode|ewm|fontsize|toolbar)(?![a-z])"
)
_LONGEST_TOOL = 60
_NEAR = 5
_TOOL_WORDS = (
    r"打印(?:本页|此页|本文|页面)?|关闭(?:本页|窗口|页面)?|返回(?:顶部|列表|上一?页|首页)?|收藏(?:本[页文])?|加入收藏|分享(?:到|至)?|转发|"
    r"微信|新浪微博|腾讯微博|微博|QQ空间|QQ好友|QQ|人人网|朋友圈|字号|字体|[大中小]|[+\-]|放大|缩小|扫一扫[^。\n]{0,20}|用微信[^。\n]{0,16}|"
    r"登录|注册|设为首页|网站首页|首页|无障碍(?:阅读|浏览)?|关怀版|长者(?:模式|助手|版)|适老[化版]?|繁體?体?|简体?|繁|简|English|RSS|"
    r"阅读原文|网站地图|站点地图|联系我们|关于我们|隐私声明|法律声明|TOP|搜索|更多"
)
_BETWEEN = r"[\s\u3000|｜:：/·,，、>»【】\[\]()（）]*+"
_TOOLS = re.compile(rf"(?>(?:{_BETWEEN}(?>{_TOOL_WORDS}))+){_BETWEEN}", re.IGNORECASE)
_LONGEST_TOOLS = 120
_NEIGHBOUR = re.compile(r"[\s【\[<（(]*(?:上一|下一|前一|后一)[篇条页]")
_COLOPHON = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|Copyright|©|技术支持\s*[:：]|(?:主办|承办|运维)(?:单位)?\s*[:：]",
    re.IGNORECASE,
)
_SPEAKS_OF_NOTICE = re.compile(r"巡[视察]|整改|〔\d{4}〕|(?:党组|党委|工委|委员会|支部)$")
_CONTACT = re.compile(r"电话|邮箱|邮编|邮政|地址|信箱|监督|公示|公开期|意见")
_DAY_ALONE = re.compile(r"[\d〇○零oO一二三四五六七八九十]{4}\s*年[^。，,；;]{2,12}日?")
_DATES = re.compile(r"[\d\s\-/.:\[\]()（）年月日]+")  # as they stand beside links
_ASCII = re.compile(r"[\x00-\x7f]+")
_ENDS = "。；;：:！"
_STOPS = re.compile(r"[。，；、！？,;]")


class Content(NamedTuple):
    """What of a page is kept.

    Attributes:
        kept: for each line, whether it is.
        doubtful: numbers of lines that are kept, and stand outside the block of the notice.
        first: number of the first line of prose, that of all lines where there is none.
        prose: number of Chinese characters in lines of prose.
    """

    kept: list[bool]
    doubtful: list[int]
    first: int
    prose: int


class _Sums:
    """Sums over lines, of which those of a block are differences."""

    def __init__(self, lines: Sequence[Line], values: Callable[[int], int]) -> None:
        self._sums = [0, *accumulate(values(number) for number in range(len(lines)))]

    def of(self, block: Node) -> int:
        return self._sums[block.end] - self._sums[block.first]


def choose(lines: Sequence[Line], blocks: Sequence[Node], title: str) -> Content:
    """Choose the lines to keep: all but those of blocks without prose that are links, or named as furniture.

    A block is never left out if it holds a line of prose, the title, the line with the day of publication, a signature,
    or a word on inspection or rectification that is no link.
    """
    prose = [_prose(line) for line in lines]
    sums = _Sums(lines, prose.__getitem__)
    total = sums.of(blocks[0])
    main = _main(blocks, sums, total)
    spoken = [number for number in range(main.first, main.end) if prose[number]]
    core = range(spoken[0], spoken[-1] + 1) if spoken else range(0)
    kept = [True] * len(lines)
    protected = _protected(lines, main, core, title)
    needed = _Sums(lines, lambda number: prose[number] + protected[number])
    furniture = _Furniture(lines, main, core)
    done = 0
    for block in blocks:
        if done <= block.first < block.end and not needed.of(block) and block in furniture:
            kept[block.first : block.end] = [False] * (block.end - block.first)
            done = block.end
    for number, line in enumerate(lines):
        if kept[number] and not protected[number] and _is_furniture(line, number, main, core):
            kept[number] = False
    doubtful = [n for n, is_kept in enumerate(kept) if is_kept and not main.first <= n < main.end and not protected[n]]
    return Content(kept, doubtful, core.start if core else len(lines), total)


def _main(blocks: Sequence[Node], prose: _Sums, total: int) -> Node:
    """The innermost block with most of the prose, or what stands around paragraphs that were left open."""
    main = blocks[0]
    if not total:
        return main
    for block in blocks:
        if prose.of(block) >= _MAIN_SHARE * total:
            main = block
    outer, is_within_paragraph = main.parent, False
    while outer:
        if is_within_paragraph and outer.end:
            main, is_within_paragraph = outer, False
        is_within_paragraph = is_within_paragraph or outer.tag == "p"
        outer = outer.parent
    return main


def _prose(line: Line) -> int:
    """The Chinese characters of a line that reads like a sentence, 0 of links, labels and headings."""
    if line.linked * 2 > len(line.text):
        return 0
    size = len(_ASCII.sub("", line.text))
    is_long = size >= _LONG and _STOPS.search(line.text) is not None and not _COLOPHON.search(line.text)
    return size if is_long or (size >= 8 and line.text[-1] in _ENDS) else 0


def _protected(lines: Sequence[Line], main: Node, core: range, title: str) -> list[bool]:
    """For each line, whether it may be the notice's: its title, a date, a way of contact, a signature, its subject."""
    protected = []
    last_title = -_NEAR
    for number, line in enumerate(lines):
        in_main = main.first <= number < main.end
        is_link = line.linked * 2 > len(line.text)
        is_heading = line.block.tag in ("h1", "h2")
        if (
            number <= (core.start if core else len(lines))
            and (is_heading or not is_link)
            and is_title(line.text, title)
        ):
            last_title = number
            protected.append(True)
        elif is_link:
            protected.append(False)
        else:
            is_near = in_main or number - last_title < _NEAR
            speaks = _SPEAKS_OF_NOTICE.search(line.text) is not None or (
                in_main and _CONTACT.search(line.text) is not None
            )
            is_dated = is_about_page(line.text) or (is_near and is_day(line.text)) or _signs(lines, number)
            protected.append(speaks or is_dated or line.block.tag == "h1")
    return protected


def _signs(lines: Sequence[Line], number: int) -> bool:
    """Whether a line is the day under a signature, or stands right above it."""
    return any(_DAY_ALONE.fullmatch(line.text) for line in lines[number : number + 2])


class _Furniture:
    """Tells which blocks of a page are furniture."""

    def __init__(self, lines: Sequence[Line], main: Node, core: range) -> None:
        self._main = main
        self._core = core
        self._size = _Sums(lines, lambda number: len(_DATES.sub("", lines[number].text)))
        self._linked = _Sums(lines, lambda number: lines[number].linked)
        self._links = _Sums(lines, lambda number: lines[number].links)
        self._files = _Sums(lines, lambda number: lines[number].files)
        self._colophons = _Sums(lines, lambda number: _COLOPHON.search(lines[number].text) is not None)

    def __contains__(self, block: Node) -> bool:
        core, main = self._core, self._main
        size = self._size.of(block)
        if size <= _LONGEST_TOOL and _TOOL_NAMES.search(block.names):
            return True
        if core and block.end > core.start and block.first < core.stop:
            return False
        if self._links.of(block) > 1 and self._linked.of(block) >= _LINK_SHARE * size and not self._files.of(block):
            return True
        if core and main.parent and main.first <= block.first and block.end <= main.end:
            return False
        is_below = bool(core) and block.first >= core.stop
        return (
            block.tag in _FURNITURE_TAGS
            or _FURNITURE_NAMES.search(block.names) is not None
            or (is_below and self._colophons.of(block) > 0)
        )


def _is_furniture(line: Line, number: int, main: Node, core: range) -> bool:
    """Whether a line by itself is furniture: tools of the page, its neighbours, its colophon, a lone link."""
    if core.start <= number < core.stop:
        return False
    if 1 < len(line.text) <= _LONGEST_TOOLS and _TOOLS.fullmatch(line.text):
        return True
    if _NEIGHBOUR.match(line.text):
        return True
    if main.first <= number < main.end or not core:
        return False
    if number >= core.stop and _COLOPHON.search(line.text):
        return True
    return (
        line.links > 0 and line.linked >= 0.9 * len(line.text) and not line.files and not line.text.startswith("附件")
    )
