"""A trajectory as plain data: sums, spans of restrictions and conditions, series, last evening."""

from itertools import pairwise

import numpy as np

from underwatch.engine import recording as rows
from underwatch.explanation import lending, protest
from underwatch.explanation.labels import ACT_LABELS, NOT_OWN, TRUTH_AND_FILE, sort_of
from underwatch.explanation.profile import Profile, Span
from underwatch.explanation.reasons import figures_of
from underwatch.explanation.trajectory import Trajectory
from underwatch.model.state import DISMISSED, IN_DEFAULT, ONE

_POINTS_EVERY = 7  # days between two points of a series; a day on which it jumps is kept
_FEELINGS = ("risk", "detection", "trust", "support", "opinion")


def profile_of(who: Trajectory) -> Profile:
    """All that is shown of a recorded citizen, as plain data."""
    return Profile(
        citizen=who.citizen,
        population=who.recording.population,
        world=who.recording.scenario.title,
        traits=who.traits,
        first_day=who.date(0).isoformat(),
        days=who.recording.days,
        events=who.events,
        spans=restrictions(who),
        acts_by_year=_acts_by_year(who),
        totals={name: int(who.acts[name].sum()) for name in ACT_LABELS},
        sums=_sums(who),
        final=_final(who),
        series={
            "score": _series(who, [float(s) if s >= 0 else None for s in who.scores]),
            "line": _series(who, [_line(who, day) for day in range(who.recording.days)]),
            "risk": _series(who, [round(int(r) / 255, 4) for r in who.states["risk"]]),
        },
        figures=figures_of(who),
        bearer=who.number,
        bearers=_bearers(who),
        acts=_acts(who),
        conditions=conditions(who),
    )


def restrictions(who: Trajectory) -> list[Span]:
    """Every restriction of the citizen, from its first day to its last."""
    listed = who.states["list_until"] > 0
    by_score = (who.states["score_until"] > 0) & (who.states["reasons"] > 15)
    found = [*_spans(who, "listed", listed), *_spans(who, "restricted by score", by_score)]
    return sorted(found, key=lambda span: span.first)


def conditions(who: Trajectory) -> list[Span]:
    """What else lasts: a default on a debt, a dismissal, a pending appeal."""
    standing = who.states["standing"]
    found = [
        *_spans(who, "in default", standing & IN_DEFAULT > 0, "late instalment"),
        *_spans(who, "dismissed", standing & DISMISSED > 0),
        *_spans(who, "appeal pending", who.states["appeal_wait"] > 0, "appeal filed"),
    ]
    return sorted(found, key=lambda span: span.first)


def _spans(who: Trajectory, kind: str, standing: np.ndarray, event: str = "") -> list[Span]:
    """Runs of days on which something stands; its cause is that of its first event."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], standing.astype(np.int8), [0]])))
    found = []
    for first, end in edges.reshape(-1, 2).tolist():
        causes = [cause for day in range(first, end) for what, cause, _ in who.by_day.get(day, ())
                  if what == (event or kind)]  # fmt: skip
        cause = causes[0] if causes else "not recorded"
        found.append(Span(kind, who.date(first).isoformat(), who.date(end - 1).isoformat(),
                          end - first, cause, cause not in NOT_OWN))  # fmt: skip
    return found


def _sums(who: Trajectory) -> dict[str, dict[str, int]]:
    """How often each act, record, wrong record, decision and withheld act occurred."""
    acts = {label: int(who.acts[name].sum()) for name, label in ACT_LABELS.items()}
    found: dict[str, dict[str, int]] = {
        "acts": {label: times for label, times in acts.items() if times},
        "records": {}, "wrong": {}, "decisions": {}, "withheld": {},
    }  # fmt: skip
    sorts = {"record": "records", "withheld": "withheld"}
    for _, what, cause, times, kind in who.lines:
        sort = sorts.get(sort_of(kind, what), "decisions")
        found[sort][what] = found[sort].get(what, 0) + times
        if cause in NOT_OWN:
            label = f"{what} ({cause})"
            found["wrong"][label] = found["wrong"].get(label, 0) + times
    return found


def _final(who: Trajectory) -> dict[str, float | None]:
    """The last own evening: feelings, score, protest threshold and fatigue, and the loan."""
    end = who.span[1] - 1
    final: dict[str, float | None] = {
        name: round(int(who.states[end][name]) / 255, 4) for name in _FEELINGS
    }
    final["score"] = float(who.scores[end]) if who.scores[end] >= 0 else None
    if not who.adult_days[end]:
        return final
    credit = int(who.recording.evenings[rows.CREDITED, end, who.index])
    return final | {
        "protest threshold": round(protest.threshold(who, end) / ONE, 4),
        "recent days of protest": int(who.recording.evenings[rows.FATIGUED, end, who.index]),
    } | lending.loan(credit)  # fmt: skip


def _bearers(who: Trajectory) -> list[dict]:
    """Everyone who had the number, one after the other: first and last date, and age then."""
    ends = [0, *who.deaths["day"].tolist(), who.recording.days]
    return [
        {"bearer": k, "first": who.date(first).isoformat(),
         "last": who.date(end - 1).isoformat(), "died": end < who.recording.days,
         "age_first": int(who.ages[first]), "age_last": int(who.ages[end - 1])}
        for k, (first, end) in enumerate(pairwise(ends))
    ]  # fmt: skip


def _acts_by_year(who: Trajectory) -> dict[str, dict[str, int]]:
    """How often each act occurred, by year and label."""
    years = np.array([who.date(day).year for day in range(who.recording.days)])
    found = {}
    for year in np.unique(years[who.own_days]):
        of = who.acts[years == year]
        sums = {label: int(of[name].sum()) for name, label in ACT_LABELS.items()}
        found[str(year)] = {label: n for label, n in sums.items() if n}
    return found


def _acts(who: Trajectory) -> dict[str, list[list]]:
    """[date, times] of each act that a record can be about, by its label beside the file."""
    done = {name: who.acts[name] for _, name, _ in TRUTH_AND_FILE if name and name != "missed"}
    done["missed"] = who.acts["due"] - who.acts["kept"]
    return {
        label: [[who.date(day).isoformat(), int(done[name][day])]
                for day in np.flatnonzero(done[name]).tolist()]
        for label, name, _ in TRUTH_AND_FILE if name and done[name].any()
    }  # fmt: skip


def _line(who: Trajectory, day: int) -> int | None:
    """The score below which restrictions are imposed."""
    params = who.params(day)
    return int(params["line"]) if params["restrict_on"] and params["scoring"] else None


def _series(who: Trajectory, values: list) -> list[list]:
    """Points of a line: each seventh day, and each day on which it changes."""
    points: list[list] = []
    first, end = who.span
    for day in range(first, end):
        value, last = values[day], day == end - 1
        if day == first or value != values[day - 1] or day % _POINTS_EVERY == 0 or last:
            points.append([who.date(day).isoformat(), value])
    return points
