"""What the pages show of a finished run, in small files, so that the server holds no run.

summary.json  every measure with its value, unit, definition, note and events
series.json   the course of the headline measures by month
people.npy    one row for each invented citizen: what is needed to find one
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import UserError
from underwatch.lab import pictures
from underwatch.lab.frames import HEX
from underwatch.lab.json_files import write_json

if TYPE_CHECKING:
    import underwatch as uw

SUMMARY, SERIES, STORY, PEOPLE = "summary.json", "series.json", "story.json", "people.npy"
HEADLINES = (
    "chilled_share", "restricted_now", "wrongful", "offences_deterred", "repayment", "trust",
    "support", "wrongful_share", "alert_precision",
)  # fmt: skip
FLAGS = (
    "wrongful_restriction", "association_only", "restricted_by_score", "listed", "named",
    "wrongfully_named", "dismissed", "stopped", "wrongfully_stopped", "false_record",
    "false_alert", "appealed", "appeal_upheld", "defaulted",
)  # fmt: skip
GROUPS = ("A", "B", "C", "D")
PLACES = ("rural", "town", "metropolis")
_ROW = np.dtype([
    ("citizen", "<u4"), ("age", "u1"), ("group", "u1"), ("place", "u1"), ("conviction", "u1"),
    ("score", "<f4"), ("restricted", "?"), ("restricted_days", "<u2"), ("records", "u1"),
    ("wrong_records", "u1"), *((name, "?") for name in FLAGS),
])  # fmt: skip


def write_figures(folder: Path, run: uw.Run) -> None:
    """Write the four files of a run."""
    write_json(folder / SUMMARY, summary_of(run))
    write_json(folder / SERIES, {name: course(run, name) for name in HEADLINES if name in _in(run)})
    write_json(folder / STORY, pictures.figures(run))
    write_people(folder / PEOPLE, run)


def summary_of(run: uw.Run) -> dict[str, Any]:
    """The measures of a run, and what its report says first."""
    events = {line.name: line.events for line in run.summary_lines}
    measures = [
        {
            "name": each.name, "label": each.label, "value": each.value, "unit": each.unit,
            "kind": each.kind, "definition": each.definition, "note": each.note,
            "events": events.get(each.name), "text": str(each),
        }
        for each in run.summary.values()
    ]  # fmt: skip
    return {
        "measures": measures,
        "headlines": [name for name in HEADLINES if name in run.summary],
        "findings": run.findings(),
        "state_hash": run.state_hash,
    }


def course(run: uw.Run, measure: str, by: str | None = None) -> dict[str, Any]:
    """A measure by month as lists; a value that is not defined is None.

    Raises UserError for a measure that has no course.
    """
    table = run.over_time(measure, by)
    lines = [
        {
            "label": str(label),
            "values": [None if np.isnan(v) else round(float(v), 6) for v in table[label]],
        }
        for label in table.columns[1:]
    ]
    months = [str(month)[:10] for month in table["month"].to_numpy().astype("datetime64[D]")]
    return {"measure": measure, "by": by, **table.attrs, "months": months, "lines": lines}


def _in(run: uw.Run) -> list[str]:
    """The headline measures that have a course."""
    found = []
    for name in HEADLINES:
        try:
            run.over_time(name)
        except UserError:
            continue
        found.append(name)
    return found


def write_people(file: Path, run: uw.Run) -> None:
    """The people of a run in rows of fixed size, in the order of their numbers."""
    people = run.people
    rows = np.zeros(len(people), _ROW)
    rows["citizen"] = people.index.to_numpy()
    for name in ("group", "place"):
        labels = GROUPS if name == "group" else PLACES
        rows[name] = people[name].map({label: k for k, label in enumerate(labels)}).to_numpy()
    for name in ("age", "conviction", "restricted", "restricted_days", "records", "wrong_records",
                 *FLAGS):  # fmt: skip
        rows[name] = people[name].to_numpy()
    rows["score"] = people["score"].to_numpy(float, na_value=np.nan)
    part = file.with_name(f".{file.name}")
    with open(part, "wb") as out:
        np.save(out, rows)
    part.replace(file)


def found_people(
    file: Path,
    *,
    flag: str | None = None,
    group: str | None = None,
    hex: int | None = None,
    order: str | None = None,
    most: int = 50,
) -> tuple[int, list[dict[str, Any]]]:
    """(how many people match, the first of them), in the order of `Run.find`.

    flag: something that ever happened to them. hex: their neighbourhood. order: a column, the
    highest values first; else in the order of their numbers.
    """
    rows = np.load(file, mmap_mode="r")
    kept = np.ones(len(rows), bool)
    if flag is not None:
        kept &= rows[flag]
    if group is not None:
        kept &= rows["group"] == GROUPS.index(group)
    if hex is not None:
        kept &= rows["citizen"] // HEX == hex
    at = np.flatnonzero(kept)
    if order is not None:
        values = rows[order][at].astype(float)
        at = at[np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")]
    return int(kept.sum()), [_person(rows[k]) for k in at[:most]]


def one_person(file: Path, citizen: int) -> dict[str, Any] | None:
    """The row of one citizen; None if there is none of this number."""
    rows = np.load(file, mmap_mode="r")
    at = int(np.searchsorted(rows["citizen"], citizen))
    return _person(rows[at]) if at < len(rows) and rows["citizen"][at] == citizen else None


def _person(row: Any) -> dict[str, Any]:
    score = float(row["score"])
    return {
        "citizen": int(row["citizen"]), "hex": int(row["citizen"]) // HEX,
        "age": int(row["age"]), "group": GROUPS[row["group"]], "place": PLACES[row["place"]],
        "conviction": int(row["conviction"]), "score": None if np.isnan(score) else score,
        "restricted": bool(row["restricted"]), "restricted_days": int(row["restricted_days"]),
        "records": int(row["records"]), "wrong_records": int(row["wrong_records"]),
        "happened": [name for name in FLAGS if row[name]],
    }  # fmt: skip
