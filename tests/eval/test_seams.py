"""The table of seams."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from eval.seams import HEADER, count_seams, read_tagged, seams_command


def _rows(table: str) -> dict[str, str]:
    return {line[0]: line[1:] for line in table.splitlines()[2:]}


def test_characters_pairs_and_triples_are_counted() -> None:
    table = count_seams([("巡察整改。", 4)])
    assert table.splitlines()[:2] == [HEADER, "20"]
    assert _rows(table) == {"巡": "dd察 察d整", "察": "dd整 整d改", "整": "dd改 改d。", "改": "dd。"}


def test_rare_sequences_are_left_out() -> None:
    assert set(_rows(count_seams([("整改整改", 1)]))) == {"整"}


def test_digits_letters_and_line_breaks_are_classes() -> None:
    assert set(_rows(count_seams([("A组2023\nb组7", 10)]))) == {"A", "组", "0", "^"}


def test_a_more_frequent_follower_has_a_higher_level() -> None:
    levels = _rows(count_seams([("整改", 64), ("整体", 8)]))["整"]
    assert levels.index("改") < levels.index("体")
    assert levels[levels.index("改") - 1] > levels[levels.index("体") - 1]


def test_a_tagged_corpus_becomes_plain_text() -> None:
    assert read_tagged("[县委/n  巡察组/n]nt  反馈/v  ９/m  个/q  问题/n  。/w\n") == "县委巡察组反馈９个问题。\n"


def test_the_command_writes_a_table(tmp_path: Path) -> None:
    notices = tmp_path / "notices"
    notices.mkdir()
    (notices / "one.txt").write_text("巡察整改。", encoding="utf-8")
    (tmp_path / "corpus.txt").write_text("巡察/v  整改/v  。/w", encoding="utf-8")
    out = tmp_path / "seams.txt"
    arguments = [str(out), "--corpus", str(tmp_path / "corpus.txt"), "--notices", str(notices), "--weight", "3"]
    result = CliRunner().invoke(seams_command, arguments)
    assert result.exit_code == 0, result.output
    assert out.read_text(encoding="utf-8") == count_seams([("巡察整改。", 4)])
