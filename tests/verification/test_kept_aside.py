"""Cases out of sample: what is kept aside sets nothing."""

from pathlib import Path

import underwatch as uw
from underwatch.scenario.evidence import figures
from underwatch.verification.cases import kept_aside

ROOT = Path(__file__).parents[2]
KEYS = ("refused_travel_2019", "court_complied", "pen_2013")


def test_no_scenario_and_no_fit_reads_a_figure_that_is_kept_aside():
    sources = [text for name in uw.scenarios() for text in uw.Scenario.load(name).sources.values()]
    sources += [path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.py"))]
    sources += [path.read_text("utf-8") for path in
                (ROOT / "src/underwatch/data/assessments").glob("*.yaml")]  # fmt: skip
    for key in KEYS:
        assert key in figures()
        assert [text for text in sources if key in text] == []


def test_each_says_that_it_was_committed_before_the_first_run():
    for case in kept_aside.CASES:
        assert case.kind == "out of sample" and case.note.startswith("Committed with its tolerance")
        assert case.confidence == ("V" if case.number == 46 else "S")
