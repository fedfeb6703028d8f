"""What the tests of the library share: invented notices, and properties that are never timed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from extractor import Notice, extract
from extractor.records import Finding, Quote

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("zhenggai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhenggai")

NOTICES = Path(__file__).parent / "notices"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window; tests that need it are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian package: chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No model is configured, and no reply kept, but by the test itself."""
    for name in [name for name in os.environ if name.startswith("ZHENGGAI_") and name != "ZHENGGAI_CORPUS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ZHENGGAI_CACHE", str(tmp_path / "cache"))


@pytest.fixture(params=sorted(NOTICES.glob("*.txt")), ids=lambda path: path.stem)
def notice_path(request: pytest.FixtureRequest) -> Path:
    """Each of the notices in tests/notices in turn."""
    path: Path = request.param
    return path


@pytest.fixture
def notice_text(notice_path: Path) -> str:
    """The text of each of the notices in tests/notices in turn."""
    return notice_path.read_text(encoding="utf-8")


@pytest.fixture
def water_bureau() -> Path:
    """A notice in the layout that most organs use, without anything suspicious in it."""
    return NOTICES / "water_bureau.txt"


def _quotes_in(part: Any) -> Iterator[Quote]:
    if isinstance(part, Quote):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _quotes_in(item)
    else:
        for name in getattr(type(part), "model_fields", {}):
            yield from _quotes_in(getattr(part, name))


@pytest.fixture(scope="session")
def quotes_in() -> Callable[[Any], Iterator[Quote]]:
    """Finds every quote that stands anywhere in a record or a part of one."""
    return _quotes_in


NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。12月5日，县委第二巡察组反馈了巡察意见。现将整改情况予以公布。
一、聚焦基层党组织建设方面
{body}
中共云台县水利局党组
2023年5月8日
"""


@pytest.fixture
def notice_with() -> Callable[[str], Notice]:
    """Reads a notice whose findings part under one focus area is the given text."""
    return lambda body: extract(NOTICE.format(body=body))


@pytest.fixture
def finding_with(notice_with: Callable[[str], Notice]) -> Callable[[str], Finding]:
    """Reads a finding whose report of rectification is the given text."""

    def read(report: str) -> Finding:
        following = "2.阵地建设滞后。\n整改情况：新建活动室3处。"
        record = notice_with(f"1.账目管理混乱。\n整改情况：{report}\n{following}")
        assert len(record.findings) == 2
        assert record.findings[1].rectification is not None
        assert record.findings[1].rectification.text == "新建活动室3处。"
        return record.findings[0]

    return read
