"""Every measure has words that read alone, a unit for each aggregation, and a page."""

import re

import pytest

from underwatch.errors import UserError
from underwatch.measurement.catalogue import LAYERS, MEASURES, words
from underwatch.measurement.catalogue import unit_of as unit
from underwatch.measurement.pages import TABLES, entries, measure_page
from underwatch.measurement.summary import LINES, NAMES

ENTRIES = entries()
KINDS = {"stated goal", "expression", "error", "association", "burden", "queue", "trap", "reach",
         "account", "people"}  # fmt: skip


def test_every_measure_has_a_label_that_reads_alone_and_a_definition_of_one_sentence():
    for name, entry in ENTRIES.items():
        assert re.match(r"[A-Z0-9]", entry.label) and not entry.label.endswith("."), name
        assert re.fullmatch(r"[A-Z][^\n]+[^.]\.", entry.definition), name
        assert not re.search(r"\. [A-Z]", entry.definition), name
        assert entry.unit and entry.reading.endswith("."), name
        assert entry.kind in KINDS, name
    for table in ("summary", "tallies"):
        labels = [entry["label"] for entry in words()[table].values()]
        assert len(set(labels)) == len(labels)


def test_percentages_are_written_with_a_space():
    for entry in ENTRIES.values():
        assert not re.search(r"\d%", entry.label + entry.definition + entry.reading)


def test_the_hierarchy_is_a_tree_of_lines_of_one_kind():
    for name, line in LINES.items():
        above, parent = {name}, line.parent
        while parent is not None:
            assert parent not in above and LINES[parent].kind == line.kind, name
            above.add(parent)
            parent = LINES[parent].parent


def test_every_formula_is_in_terms_of_what_a_run_counts():
    for name in NAMES:
        assert ENTRIES[name].tallies, name
        assert set(ENTRIES[name].tallies) <= {*MEASURES, *TABLES}
    assert ENTRIES["chilled_share"].tallies == ("chilled_acts", "would_acts")


def test_words_are_declared_for_exactly_what_is_computed():
    assert set(words()["summary"]) == set(LINES)
    for entry in words()["summary"].values():
        assert set(entry.get("moved_with", ())) <= set(MEASURES)


@pytest.mark.parametrize(
    ("name", "aggregation", "expected"),
    [
        ("restricted", None, "person-days"),
        ("restricted", "sum", "person-days"),
        ("restricted", "last", "people"),
        ("restricted", "mean", "people"),
        ("in_force", "sum", "restriction-days"),
        ("adults", None, "people"),
        ("adults", "sum", "person-days"),
        ("ties_open", "sum", "tie-days"),
        ("imposed", "sum", "restrictions"),
        ("offences", None, "per 1,000 adults a year"),
        ("offences", "sum", "acts"),
    ],
)
def test_the_unit_of_a_total_follows_from_what_is_added_up(name, aggregation, expected):
    assert unit(name, aggregation) == expected


def test_what_is_not_a_measure_is_refused_with_the_nearest_name():
    with pytest.raises(UserError, match="chilled_share"):
        measure_page("chilled_shares")
    with pytest.raises(UserError, match="restricted"):
        unit("restrictd")
    with pytest.raises(ValueError, match="median"):
        unit("restricted", "median")


def test_every_measure_has_a_page_with_its_definition_unit_and_reading():
    for name, entry in ENTRIES.items():
        page = " ".join(measure_page(name).split())
        assert page.startswith(f"{entry.label} ({name})")
        for text in (entry.definition, entry.unit, entry.reading):
            assert text in page, name
    page = measure_page("chilled_share")
    assert "chilled_acts ÷ would_acts" in page and "M18 Self-censorship" in page
    assert all(layer in page for layer in LAYERS)
    assert "summed over days: person-days" in measure_page("restricted")
