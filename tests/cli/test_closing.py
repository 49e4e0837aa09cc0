"""A command ends in at most twelve lines, however long its findings are."""

import io

import pytest
from rich.console import Console

from underwatch.cli import tables
from underwatch.cli.closing import MOST_LINES, print_brief
from underwatch.report.findings import Finding


def printed(words: int, width: int, rows: int) -> list[str]:
    out = io.StringIO()
    made = tables.table("Measure", "Value")
    for k in range(rows):
        made.add_row(f"measure {k}", str(k))
    findings = [Finding(f"{which} " + "word " * words) for which in ("One", "Two", "Three", "Four")]
    print_brief(Console(file=out, width=width), "head", findings, made, ["assumed", "where it is"])
    return out.getvalue().splitlines()


@pytest.mark.parametrize(("words", "width"), [(5, 110), (30, 110), (30, 80), (60, 60)])
def test_a_command_ends_in_at_most_twelve_lines(words, width):
    lines = printed(words, width, rows=20)
    assert len(lines) <= MOST_LINES
    assert lines[0] == "head" and lines[-1] == "where it is"
    assert any(line.startswith("One") for line in lines)
    assert any(line.startswith("measure 0") for line in lines)


def test_three_findings_and_as_many_rows_as_there_is_room_for_are_printed():
    lines = printed(5, 110, rows=20)
    assert len(lines) == MOST_LINES and sum(line.startswith("measure") for line in lines) == 5
    assert not any(line.startswith("Four") for line in lines)
    assert len(printed(5, 110, rows=2)) == 9
