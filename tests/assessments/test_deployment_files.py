"""Deployment files are refused like scenarios: all faults at once, each with its line."""

import re
from pathlib import Path

import pytest

from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.declaration.closed_world import SENTENCE
from underwatch.assessments.declaration.reading import ASSESSMENTS
from underwatch.assessments.starter import EXAMPLES, OFFERED, OWN, starter
from underwatch.errors import UserError

STATION = (ASSESSMENTS / "station.yaml").read_text("utf-8")


def written(folder: Path, **replaced: str) -> str:
    """A copy of the station with some texts replaced: old=new, `_` for the first of two."""
    text = STATION
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def refusal(path: str, *settings: str) -> str:
    with pytest.raises(UserError) as caught:
        read_deployment(path, settings)
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(ASSESSMENTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_deployment_is_read(path):
    found = read_deployment(path.stem)
    assert found.figures and found.hash == read_deployment(str(path)).hash


def test_all_faults_of_a_file_are_reported_at_once_with_their_lines(tmp_path):
    path = written(tmp_path, **{
        "value: 50000, low: 45000": "value: 50000, low: 60000",
        "share: {value: 0.4,": "share: {value: 1.4,",
        "source: npl_2023}\n      miss": "source: npl_2032}\n      miss",
        "legal_regime: [eu_ai_act,": "legal_regime: [eu_ai_akt,",
        "measure: precision_of_stops": "measure: precision",
        "reviewers: 1": "reviewrs: 1",
    })  # fmt: skip
    text = refusal(path)
    for part in ("people.passes_per_day.low is 60000", "people.groups.A.share.value is 1.4",
                 "npl_2032", "eu_ai_akt", "'precision', which is not a measure",
                 "review.reviewrs is not known"):  # fmt: skip
        line = next(line for line in text.splitlines() if part in line)
        assert re.match(r".*mine\.yaml:\d+: ", line), line


def test_an_assumption_has_a_range_and_shares_add_up_to_1(tmp_path):
    path = written(tmp_path, **{
        "minutes_each: {value: 2, low: 1, high: 4,": "minutes_each: {value: 2,",
        "share_of_passes: {value: 0.3, low: 0.2": "share_of_passes: {value: 0.2, low: 0.2",
    })  # fmt: skip
    text = refusal(path)
    assert "review.minutes_each is an assumption and has no range" in text
    assert "people.visitors.*.share_of_passes add up to 0.9" in text


@pytest.mark.parametrize(
    "line", ["names: [someone]", "rows: people.csv", "images: /home/me/faces", "database: x",
             "connector: {url: 'https://example.org'}"],
)  # fmt: skip
def test_data_about_real_people_are_refused_with_the_sentence_of_the_closed_world(tmp_path, line):
    path = written(tmp_path, **{"  rule: People wanted": f"  {line}\n  rule: People wanted"})
    assert SENTENCE in refusal(path)


def test_a_file_of_data_is_refused_wherever_a_text_may_stand(tmp_path):
    path = written(tmp_path, **{"algorithm: A matcher as tested by NPL in 2023":
                                "algorithm: ./people.parquet"})  # fmt: skip
    assert SENTENCE in refusal(path)


def test_a_kind_that_is_not_known_and_a_setting_that_is_not_known_are_named(tmp_path):
    path = written(tmp_path, **{"kind: watch-list camera": "kind: watch-list camra"})
    assert "did you mean watch-list camera?" in refusal(path)
    assert "did you mean people.passes_per_day" in refusal("station", "people.passes_per_da=3")


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_entry_of_a_starter_is_asked_for_in_a_question(kind):
    asked: list[str] = []
    starter(kind, None, lambda words, known: asked.append(words) or "")
    assert len(asked) > 30
    assert not [words for words in asked if "?" not in words]


def test_an_answer_that_cannot_stand_is_asked_for_again_and_no_figure_lacks_a_source(tmp_path):
    answers = {
        "deployer.sector": ["polise", "police"],
        "period.first_day": ["soon", "2027-01-01"],
        "people.passes_per_day": ["10.000", "60,000"],
        "review.true_confirmed": ["95 %", "0.9"],
        "faces are on the list? list.size": ["2000"],
        "accuracy.compare_thresholds": ["0.58, 0.9", "0.58, 0.62"],
        "list.categories.wanted": ["", "1000"],  # what is kept no longer fits: asked once more
        "list.categories.suspects": ["", "700"],
        "list.categories.missing": ["", "300"],
        "smaller_list.size": ["", "600"],
        "minutes_each": ["3", "2 4 1", "document: a trial"],
    }  # fmt: skip

    last = [""]

    def ask(words, known):
        entry = next((one for key, one in answers.items() if key in words), [])
        if "source" in words and "minutes_each" in last[0]:
            entry = answers["minutes_each"]
        last[0] = words if "?" in words else last[0]
        return entry.pop(0) if entry else ""

    file = tmp_path / "mine.yaml"
    file.write_text(starter("watch-list camera", "Gates", ask))
    assert not any(answers.values())
    found = read_deployment(file)
    passes, confirmed = found.get("people.passes_per_day"), found.get("review.true_confirmed")
    assert (passes.value, passes.low, passes.high) == (60_000, 54_000, 66_000)
    assert (confirmed.value, confirmed.high) == (0.9, 0.9379)
    assert passes.assumed and confirmed.source == f"{OWN}{OFFERED}"
    assert found.get("review.minutes_each").source == "document: a trial"
    assert (found.deployer.sector, found.period.first_day) == ("police", "2027-01-01")
    assert found.get("list.share_of_passes").source.startswith("assumption: five passes")
    assert "# How many faces are on the list?" in file.read_text()


def test_a_setting_stands_in_a_new_file_as_in_the_shipped_one(tmp_path):
    settings = ["accuracy.threshold=0.64", "period.days=30", "review.false_confirmed.value=0.4"]
    file = tmp_path / "mine.yaml"
    file.write_text(starter("watch-list camera", "Gates", settings=settings))
    found, wanted = read_deployment(file), read_deployment("station", settings)
    assert found.values == wanted.values and found.period == wanted.period
    assert found.get("review.false_confirmed").source == "assumption: stated by the author"
    with pytest.raises(UserError, match="did you mean list.size"):
        starter("watch-list camera", "Gates", settings=["list.sise=1"])
