"""What the guided story shows of a world: the figures of its six pictures, from one run.

`figures` is called once, by the process that simulated the world, and what it returns is kept as
story.json, so that the server needs no run. Every figure comes from the tallies, the summary or
the people of the run; the words around them are in data/lab.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    import underwatch as uw

WINDOW = 30  # days of one point of a curve
CAUSES = ("false_by_name", "false_by_reader", "false_by_neighbour", "false_by_face", "bystanders")
ACTS = ("posts", "messages", "petitions", "protests", "foreign_visits")
POINTS = ("late", "default", "unpermitted", "contradicting", "serious_offence", "good_deed")
_BIN = 10  # points of the score
FEWEST = 30  # events, below which no share is given

# Single safeguards that the last step compares.
GUARDS = ("no_speech", "minimise", "coverage", "retain", "appeal", "correction")


def figures(run: uw.Run) -> dict[str, Any]:
    """The figures of all six pictures.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = figures(uw.run("unwatched", citizens=1000, days=60))
    >>> list(found)
    ['rules', 'watched', 'records', 'score', 'closed', 'silence']
    >>> found["records"]["wrong"], found["silence"]["days"]
    (0, [0, 30])
    """
    daily = run.to_dataframe("daily")
    people = run.people
    adults = people[people["age"] >= 18]
    return {
        "rules": rules(run.scenario, int(run.provenance["days"])),
        "watched": _watched(run, daily),
        "records": _records(daily, adults),
        "score": _score(run, adults),
        "closed": _closed(run),
        "silence": _silence(run, daily),
    }


def rules(scenario: uw.Scenario, days: int) -> dict[str, float]:
    """The figures of a scenario that the texts name, as they are on the last of so many days.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = rules(uw.Scenario.load("atlantic-2018"), 2393)
    >>> found["base"], found["late"], found["association"]
    (1000.0, -5.0, 20.0)
    """
    last = scenario.first_day + timedelta(days - 1)
    scoring = scenario.scoring
    named = {
        "base": scoring.base,
        "association": scoring.association,
        "below": scenario.restrictions.below,
        "from": scenario.privileges.from_score,
        **{name: getattr(scoring.points, name) for name in POINTS},
    }
    found = {name: _on(value, last) for name, value in named.items()}
    return found | {"association": round(100 * found["association"], 6)}


def _on(value: Any, day: Any) -> float:
    """A figure, dated or not, on a day."""
    return float((value.on(day) if hasattr(value, "on") else value) or 0)


def _windows(days: int) -> list[slice]:
    """The days in windows of a month's length; a short rest belongs to the last."""
    starts = range(0, max(days - WINDOW // 2, 1), WINDOW)
    ends = [*list(starts)[1:], days]
    return [slice(start, end) for start, end in zip(starts, ends, strict=True)]


def _means(values: np.ndarray, windows: Iterable[slice]) -> list[float]:
    return [round(float(values[each].mean()), 4) for each in windows]


def _watched(run: uw.Run, daily: pd.DataFrame) -> dict[str, Any]:
    """Records per adult that the scoring office may read, and how many are from companies."""
    adults = np.maximum(daily["adults"].to_numpy(float), 1)
    held = daily["state_records"].to_numpy(float) / adults
    bought = daily["company_records"].to_numpy(float) / adults
    windows = _windows(len(daily))
    return {
        "days": [each.start for each in windows],
        "companies": _means(bought, windows),
        "state": _means(held - bought, windows),
        "records": round(float(held[-1]), 3),
        "share": round(100 * float(bought[-1] / held[-1]), 2) if held[-1] else None,
    }


def _records(daily: pd.DataFrame, adults: pd.DataFrame) -> dict[str, Any]:
    """Wrong records by how they came about, and how many adults have had one."""
    hit = int(adults["false_record"].sum())
    return {
        "wrong": int(daily["false_sightings"].sum()),
        "true": int(daily["true_sightings"].sum()),
        "causes": {name: int(daily[name].sum()) for name in CAUSES},
        "adults": len(adults),
        "hit": hit,
        "one_in": round(len(adults) / hit, 2) if hit >= FEWEST else None,
    }


def _score(run: uw.Run, adults: pd.DataFrame) -> dict[str, Any]:
    """How many adults have which score on the last day."""
    lines = rules(run.scenario, int(run.provenance["days"]))
    scores = adults["score"].dropna().to_numpy(float)
    found: dict[str, Any] = {"adults": len(scores), "bins": [], "low": 0, "high": None}
    if not len(scores):
        return found
    # A score is compared with a line in whole points, rounded to the nearest.
    whole = np.floor(scores + 0.5)
    least = _BIN * int(np.floor(min(whole.min(), lines["below"] - _BIN) / _BIN))
    edges = np.arange(least, max(whole.max(), lines["base"]) + 2 * _BIN, _BIN)
    counts, _ = np.histogram(whole, edges)
    found["bins"] = [
        {"from": int(edge), "to": int(edge + _BIN), "count": int(count)}
        for edge, count in zip(edges, counts, strict=False)
    ]
    found["low"] = int((whole < lines["below"]).sum())
    if lines["from"]:
        found["high"] = round(100 * float((whole >= lines["from"]).mean()), 2)
    return found


def _closed(run: uw.Run) -> dict[str, Any]:
    """Who may not travel, how unequally, and how many of them did nothing."""
    summary = run.summary
    return {
        "now": summary["restricted_now"].value,
        "concentration": summary["concentration"].value,
        "imposed": summary["imposed"].value,
        "wrongful": summary["wrongful"].value,
        "listed": int(run.people["listed"].sum()),
        "by_score": int(run.people["restricted_by_score"].sum()),
    }


def _silence(run: uw.Run, daily: pd.DataFrame) -> dict[str, Any]:
    """Lawful acts of expression per 1,000 adults and thirty days."""
    adults = np.maximum(daily["adults"].to_numpy(float), 1)
    acts = daily[[*ACTS]].sum(axis=1).to_numpy(float)
    windows = _windows(len(daily))
    return {
        "days": [each.start for each in windows],
        "acts": _means(1000 * WINDOW * acts / adults, windows),
        "total": int(acts.sum()),
        "withheld": run.summary["chilled_share"].value,
    }
