"""Settings come from arguments, the environment and a file, in this order, and say where they are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.llm.configured import config_path, is_configured
from extractor.llm.settings import ModelSettings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "zhenggai" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_arguments_win_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    config.write_text('model = "file"\nbase_url = "http://file/v1"\nretries = 9\n', encoding="utf-8")
    assert is_configured()
    monkeypatch.setenv("ZHENGGAI_BASE_URL", "http://environment/v1")
    monkeypatch.setenv("ZHENGGAI_RETRIES", "8")
    settings = ModelSettings.load(retries=7, timeout=None)
    assert (settings.model, settings.base_url, settings.retries) == ("file", "http://environment/v1", 7)
    assert settings.timeout == 180


def test_the_file_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'model = "m"\n[prices."qwen-*"]\ninput = 1.0\noutput = 2.0\ncurrency = "CNY"\n[extra_body]\nseed = 3\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("ZHENGGAI_CONFIG", str(path))
    assert config_path() == path
    settings = ModelSettings.load()
    assert settings.prices["qwen-*"]["output"] == 2.0
    assert settings.extra_body == {"seed": 3}


def test_nothing_is_configured_where_nothing_is_set() -> None:
    assert not is_configured()
    assert ModelSettings.load().model is None


def test_a_model_in_the_environment_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_MODEL", "m")
    assert is_configured()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"retries": -1}, "retries"),
        ({"mode": "xml"}, "mode"),
        ({"context_tokens": 10}, "context_tokens"),
        ({"timeout": 0}, "timeout"),
        ({"temprature": 1}, "temprature"),
        ({"concurrency": "many"}, "concurrency"),
    ],
)
def test_a_wrong_setting_is_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ModelSettings.load(**arguments)


def test_a_wrong_setting_does_not_show_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_RETRIES", "sk-pasted-into-the-wrong-place")
    with pytest.raises(UsageError) as caught:
        ModelSettings.load()
    assert "sk-pasted" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", ["model = ", "[model\n", "\x00", 'modell = "m"\n', "retries = -1\n"])
def test_a_broken_file_is_named(config: Path, text: str) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"config\.toml"):
        ModelSettings.load()


def test_a_broken_file_does_not_pass_for_none(config: Path) -> None:
    config.write_text("model = ", encoding="utf-8")
    assert is_configured()


def test_a_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHENGGAI_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match=r"none\.toml, which is no file"):
        ModelSettings.load()


@pytest.mark.parametrize(
    ("base_url", "endpoint"),
    [
        (None, ""),
        ("https://api.example.cn/v1", "https://api.example.cn/v1"),
        ("https://api.example.cn/v1/", "https://api.example.cn/v1"),
        ("https://user:geheim@api.example.cn:8443/v1?key=geheim#geheim", "https://api.example.cn:8443/v1"),
        ("https://geheim@api.example.cn/v1", "https://api.example.cn/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_the_endpoint_is_told_without_secrets(base_url: str | None, endpoint: str) -> None:
    assert ModelSettings.load(base_url=base_url).endpoint == endpoint


def test_a_key_is_never_shown() -> None:
    settings = ModelSettings.load(api_key="sk-0123456789", base_url="https://user:pa55word@example.cn/v1?key=geheim99")
    shown = repr(settings) + str(settings)
    assert "sk-0123456789" not in shown + settings.model_dump_json()
    assert "pa55word" not in shown and "geheim99" not in shown
    said = settings.without_secrets("with sk-0123456789 and pa55word at ?key=geheim99")
    assert "0123456789" not in said and "pa55word" not in said and "geheim99" not in said
