"""Print what the changes of the model did to every measure, and why: `python -m docs.changes`.

The figures before the changes stand in docs/data/before.json, with the commit and the command
that made them. The figures after them are simulated by this script, with the same scenarios,
citizens, days and seed. The reasons stand in docs/data/reasons.toml. Writes docs/changes.md.
1,000,000 invented citizens; some four minutes on two quiet cores.
"""

import argparse
import json
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import underwatch as uw
from underwatch.report.numbers import COUNTED, format_column

HERE = Path(__file__).parent
BEFORE, REASONS = HERE / "data" / "before.json", HERE / "data" / "reasons.toml"
PAGE = HERE / "changes.md"
SMALL = 0.01  # a relative change that needs no reason
NOT_MEASURED = "not measured"


class Change(NamedTuple):
    """One measure before and after; texts as they are printed."""

    name: str
    label: str
    unit: str
    kind: str
    before: str
    after: str
    faults: str
    reason: str


@cache
def before() -> dict[str, Any]:
    """The stored figures: commit, command, citizens, seed, days, and a summary per scenario."""
    return json.loads(BEFORE.read_text("utf-8"))


@cache
def reasons() -> dict[str, Any]:
    """`reasons`: key → fault and sentence; `measures`: measure → keys; `renamed`: old → new."""
    return tomllib.loads(REASONS.read_text("utf-8"))


def stored(scenario: str) -> dict[str, float | None]:
    """The summary before the changes, under today's names."""
    new = reasons()["renamed"]
    return {new.get(name, name): v for name, v in before()["scenarios"][scenario].items()}


def changes(scenario: str, after: uw.Summary, times: float = 1) -> list[Change]:
    """Each measure of a summary beside what it was.

    times: how many times as many citizens the stored run had; counts are multiplied by it.
    """
    old = stored(scenario)
    return [_change(value, name in old, old.get(name), times) for name, value in after.items()]


def _change(value: uw.Value, known: bool, old: float | None, times: float) -> Change:
    new = value.value
    if new is not None and value.unit in COUNTED:
        new = round(new * times)
    texts = format_column([old, new], unit=value.unit)
    was, now = texts if known else (NOT_MEASURED, texts[1])
    faults = "–"
    if not known:
        reason = "New measure."
    elif alike(old, new, value.unit, times):
        reason = "No change beyond random variation."
    else:
        faults, reason = "; ".join(why(value.name, "fault")), " ".join(why(value.name, "text"))
    return Change(value.name, value.label, value.unit, value.kind, was, now, faults, reason)


def alike(old: float | None, new: float | None, unit: str, times: float = 1) -> bool:
    """Whether two values differ by little, or by less than counts vary at random.

    Independent counts a and b, the second of which is multiplied by `times`, differ by more than
    two standard deviations, 2 √(a + times · b), in 5 % of cases.
    """
    if old is None or new is None:
        return old is new
    if unit in COUNTED and abs(new - old) <= 2 * (abs(old) + times * abs(new)) ** 0.5:
        return True
    return abs(new - old) <= SMALL * max(abs(old), abs(new))


def why(name: str, what: str = "text") -> list[str]:
    """The reasons for the change of a measure: one sentence each, or the faults."""
    return [reasons()["reasons"][key][what] for key in reasons()["measures"].get(name, [])]


def page(found: dict[str, list[Change]], citizens: int) -> str:
    """All changes as a Markdown page."""
    stood = before()
    parts = [
        "# Results before and after",
        f"What the changes of the model did to every measure, in runs of {citizens:,} invented "
        f"citizens over {stood['days']:,} days with seed {stood['seed']}. "
        f"*Before* is commit {stood['commit']} (`{stood['command']}`), with {stood['citizens']:,} "
        "citizens; counts are those of so many. `python -m docs.changes` writes this page. One run "
        "has no interval: small changes of rare events may be random.",
        "## Reasons",
        "\n".join(
            ["| fault of the model before | what it did |", "|---|---|"]
            + [f"| {e['fault']} | {e['text']} |" for e in reasons()["reasons"].values()]
        ),
    ]
    for scenario, rows in found.items():
        parts.append(f"## {scenario}")
        for kind in dict.fromkeys(row.kind for row in rows):
            lines = ["| measure | unit | before | after | reason |", "|---|---|---:|---:|---|"]
            lines += [
                f"| {row.label} | {row.unit} | {row.before} | {row.after} | {row.reason} |"
                for row in rows
                if row.kind == kind
            ]
            parts += [f"### {kind[0].upper()}{kind[1:]}", "\n".join(lines)]
    gone = [f"- `{old}`: {text}" for old, text in reasons()["gone"].items()]
    return "\n\n".join([*parts, "## Measures that are gone", "\n".join(gone)]) + "\n"


def show(scenario: str, rows: list[Change]) -> None:
    """The changes of one scenario, on the terminal."""
    from underwatch.cli.tables import console, table

    made = table("measure", "before", "after", "unit", "fault removed")
    for column in made.columns[3:]:
        column.justify = "left"
    for row in rows:
        made.add_row(row.label, row.before, row.after, row.unit, row.faults)
    print(f"\n{scenario}\n")
    console(width=160).print(made)


def explain() -> None:
    """What removing each fault did, on the terminal."""
    print("\nReasons\n")
    for entry in reasons()["reasons"].values():
        print(f"{entry['fault']}: {entry['text']}")


def main() -> None:
    """Simulate, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=before()["citizens"])
    options = parser.parse_args()
    found = {}
    for scenario in before()["scenarios"]:
        print("simulating", scenario, file=sys.stderr)
        after = uw.run(scenario, citizens=options.citizens, seed=before()["seed"]).summary
        found[scenario] = changes(scenario, after, before()["citizens"] / options.citizens)
        show(scenario, found[scenario])
    explain()
    PAGE.write_text(page(found, options.citizens), "utf-8")


if __name__ == "__main__":
    main()
