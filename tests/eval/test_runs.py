"""Runs: whatever an engine does is recorded, and a run file says what it was made from."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from eval.gold import GoldSet
from eval.runs import Prediction, Reading, Run, RunError, comparisons, load_run, run_engine, save_run, scorer_hash
from eval.sample import sample_notice
from eval.scoring import score
from eval.synthetic import spoil, synthetic_gold
from extractor import Document, Notice, __version__
from extractor.errors import EngineError, UsageError
from extractor.records import Quote

GOLD = synthetic_gold(random.Random(5), 4)
RECORDS = {gold.document.sha256: gold.record for gold in GOLD.documents}


def read_spoilt(document: Document) -> Reading:
    return Reading(spoil(RECORDS[document.sha256], random.Random(1), 0.6), cost=0.25, confidence={"title": 0.75})


@pytest.fixture(scope="module")
def run() -> Run:
    return run_engine("spoiling", GOLD, reader=read_spoilt)


def test_run_file_holds_all_of_the_run(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save_run(run, path)
    loaded = load_run(path)
    assert loaded == run
    assert loaded.total == run.total
    assert (loaded.gold, loaded.scorer, loaded.engine) == (GOLD.sha256, scorer_hash(), "spoiling")
    assert loaded.identity["engine"] == "gold"
    assert loaded.code["package"] == __version__
    assert loaded.cost == 1
    assert sum(loaded.errors.values()) > 0
    assert loaded.calibration is not None
    assert (loaded.calibration.values, loaded.calibration.brier) == (4, 0.0625)


def test_predictions_come_back_and_score_as_before(run: Run) -> None:
    scores = [score(comparison) for _, comparison in comparisons(run, GOLD)]
    assert scores == run.scores


def test_run_file_holds_no_words_of_the_notices(run: Run) -> None:
    content = json.dumps([document.prediction.model_dump() for document in run.documents if document.prediction])
    statement = GOLD.documents[0].record.findings[0].statement
    assert statement
    assert json.dumps(statement.text)[1:-1] not in content


def test_prediction_that_is_not_verbatim_is_kept_as_it_is() -> None:
    document, record = sample_notice()
    assert record.title
    invented = record.model_copy(update={"title": Quote(text="凭空写的标题", spans=record.title.spans)})
    for each, form in ((record, "standoff"), (invented, "record")):
        packed = Prediction.of(each, document.text)
        assert packed.form == form
        assert packed.record(document.text) == each


def test_prediction_of_another_text_is_refused() -> None:
    document, record = sample_notice()
    with pytest.raises(RunError, match="does not belong to its text: title"):
        Prediction.of(record, document.text).record("别的" + document.text)


@pytest.mark.parametrize("error", [EngineError("no answer"), KeyError("bug")])
def test_document_that_fails_counts_as_not_parsed_and_the_others_go_on(error: Exception) -> None:
    def read(document: Document) -> Reading:
        if document == GOLD.documents[1].document:
            raise error
        return Reading(RECORDS[document.sha256])

    run = run_engine("failing", GOLD, reader=read)
    assert [document.failure is None for document in run.documents] == [True, False, True, True]
    assert type(error).__name__ in (run.documents[1].failure or "")
    assert run.documents[1].errors == {"not parsed": 1}
    assert run.documents[1].score.total().correct == 0
    assert (run.total.parsed, run.total.exact, run.errors) == (3, 3, {"not parsed": 1})


def test_unknown_engine_ends_the_run() -> None:
    with pytest.raises(UsageError, match="nosuch"):
        run_engine("nosuch", GOLD)


def test_rules_are_run_by_name() -> None:
    run = run_engine("rules", GOLD)
    assert run.identity["engine"] == "rules"
    assert run.total.parsed == 4
    assert run.cost is None


def test_empty_gold_set_is_refused_with_the_reason() -> None:
    with pytest.raises(RunError, match=r"no gold document.*real_1"):
        run_engine("rules", GoldSet((), ("real_1",)))


def change_gold(record: Notice) -> GoldSet:
    first, *rest = GOLD.documents
    return GoldSet((replace(first, record=record), *rest))


def test_errors_are_not_shown_against_another_gold(run: Run) -> None:
    other = change_gold(GOLD.documents[0].record.model_copy(update={"title": None}))
    with pytest.raises(RunError, match="not the gold set"):
        list(comparisons(run, other))
    with pytest.raises(RunError, match="another version of the scorer"):
        list(comparisons(run.model_copy(update={"scorer": "0"}), GOLD))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "JSON"),
        ("{}", "created: Field required"),
        ('{"format": 2}', "format"),
        ("[]", "no run file"),
    ],
)
def test_broken_run_file_is_refused_by_file_and_field(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(RunError, match=rf"broken\.json: .*{message}"):
        load_run(path)


def test_run_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"absent\.json: cannot be read"):
        load_run(tmp_path / "absent.json")
    with pytest.raises(RunError, match="cannot be written"):
        save_run(run_engine("rules", GOLD), tmp_path / "no" / "folder.json")
