"""A notice as a page of an organ's site: one of several systems such sites run on, with all they put around a text."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from eval.rendering.layout import Block, Layout, Role
from eval.rendering.word_file import LATIN

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = ("portal.html", "old_site.html", "pasted.html", "article.html")
_OWN_ENCODING = {"old_site.html": "gb18030"}
_SITES = ("岭前县人民政府门户网站", "清源县纪委监委网站", "桐河市政务公开网", "云阳大学新闻网")
_MENU = ("首页", "走进本地", "新闻中心", "政务公开", "办事服务", "互动交流", "专题专栏")
_RELATED = (
    "中共岭前县民政局党组关于县委巡察整改进展情况的通报",
    "关于开展2024年度公开招聘工作人员的公告",
    "岭前县财政局党组关于巡察反馈意见整改情况的通报",
    "县委第三巡察组巡察公告",
    "关于城区部分路段施工临时交通管制的通告",
)


def web_page(layout: Layout) -> bytes:
    """The notice as the HTML of a site, in the encoding that the site uses."""
    name = layout.pick("site", _TEMPLATES)
    return page(layout, name).encode(_OWN_ENCODING.get(name, "utf-8"))


def page(layout: Layout, template: str, **settings: Any) -> str:
    """A page from a template of this package."""
    titles = layout.of(Role.TITLE)
    return (
        _templates()
        .get_template(template)
        .render(
            site=layout.pick("name of the site", _SITES),
            menu=_MENU,
            related=_RELATED,
            title="".join(block.text for block in titles),
            published=layout.published,
            titles=titles,
            bylines=layout.of(Role.BYLINE),
            body=layout.of(Role.HEADING, Role.BODY, Role.SIGNATURE),
            site_head=layout.of(Role.SITE_HEAD),
            site_foot=layout.of(Role.SITE_FOOT),
            **settings,
        )
    )


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("eval.rendering"), autoescape=True, keep_trailing_newline=True)
    environment.filters |= {
        "pieces": lambda text: list(filter(None, LATIN.split(text))),
        "fields": lambda text: [part for part in re.split(r"\s{2,}|\u3000+", text) if part],
        "nbsp": lambda text: text.replace("  ", "\u00a0\u00a0"),
        "depth": _depth,
    }
    environment.tests["latin"] = lambda text: bool(LATIN.fullmatch(text))
    environment.filters["is_latin"] = environment.tests["latin"]
    return environment


def _depth(block: Block) -> int:
    """The level of a heading on a page whose title has the first."""
    is_inner = block.number is not None and (block.number.before or block.number.form != "chineseCountingThousand")
    return 3 if is_inner else 2
