"""What the tests of bulk runs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

NOTICE = """中共云台县水利局党组关于巡察整改情况的通报
根据县委统一部署，2022年9月1日至11月10日，县委第二巡察组对县水利局党组开展了巡察。现将整改情况予以公布。
一、聚焦基层党组织建设方面
1.账目管理混乱。
整改情况：已完成整改。修订台账{number}项。
2.阵地建设滞后。
整改情况：新建活动室3处。
中共云台县水利局党组
2023年5月8日
"""


@pytest.fixture
def notice() -> Callable[[object], str]:
    """The text of a small notice with two findings that no other number has."""
    return lambda number: NOTICE.format(number=number)


@pytest.fixture
def write_notices(tmp_path: Path, notice: Callable[[object], str]) -> Callable[..., Path]:
    """Writes a folder of small notices, one for each number or word."""

    def write(*numbers: object, folder: str = "notices") -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for number in numbers:
            (path / f"{number}.txt").write_text(notice(number), encoding="utf-8")
        return path

    return write
