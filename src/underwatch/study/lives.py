"""One invented person's life, replayed by address: what they did, and what the file says.

A run is lived again with this citizen followed; chance is an address, so it is
the same run to the last bit, which is checked. Every figure of a decision is
told with the rule and the records that it came from.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from underwatch.errors import UserError
from underwatch.files.dossiers import KINDS as FILED
from underwatch.files.dossiers import WRONG, counts
from underwatch.journey import Journey, Progress
from underwatch.measures.ledger import KINDS
from underwatch.scenario import Scenario

# Records whose true cause is not an act of the person whom they are about.
NOT_OWN = (
    "another's name", "another's face", "another's act", "an ordinary post misread", "a lie",
    "passing by", "taken for somebody listed", "wrong record", "association",
    "no act of one's own",
)  # fmt: skip
ROUTINE = ("repaid instalment", "favoured purchase", "disfavoured purchase", "good deed",
           "late instalment")  # fmt: skip
NOT_DONE = ("post not made", "message not sent", "petition not signed", "protest not joined",
            "foreign source not opened", "minor offence not committed")  # fmt: skip
OFFICES = ("local", "regional", "national")
_FOREIGN = dict(zip(("default", "unpermitted", "minor", "assembly"), WRONG, strict=True))


@dataclass(frozen=True)
class Event:
    """A line of a life. `because` traces a decision to its rule and records."""

    day: int
    date: str
    what: str
    entered_by: str
    true_cause: str
    times: int
    own: bool  # False: the person did not do what this says
    whose: int | None = None  # the citizen whose act it was, where a face or name was mistaken
    because: dict | None = None


@dataclass(frozen=True)
class Life:
    """A followed citizen of a journey, from the first day to the last."""

    journey: Journey = field(repr=False)
    place: int = 0  # among the followed

    @property
    def citizen(self) -> int:
        return int(self.journey.followed[self.place])

    @property
    def scenario(self) -> Scenario:
        return self.journey.scenario

    def date(self, day: int) -> date:
        return self.scenario.first_day + timedelta(day)

    @cached_property
    def traits(self) -> dict:
        """Who the citizen is; quantiles run from 0 to 255."""
        from underwatch.measures.catalogue import LAYERS

        me = self.journey.nation.people[self.citizen]
        told = {name: int(me[name]) for name in me.dtype.names}
        told["group"] = LAYERS["group"][told["group"]]
        told["place"] = LAYERS["place"][told["place"]]
        return told

    @cached_property
    def states(self) -> np.ndarray:
        """The state of every evening: STATE (days)."""
        from underwatch.engine.columns import as_records
        from underwatch.response.state import STATE

        columns = np.ascontiguousarray(self.journey.evenings[:4, :, self.place])
        return as_records(columns, STATE)

    @cached_property
    def scores(self) -> np.ndarray:
        """The score that others see, every evening; -1 where there is none."""
        words = self.journey.evenings[4, :, self.place]
        scored = (words >> np.uint64(36)) & np.uint64(1) == 1
        return np.where(scored, (words >> np.uint64(48)).astype(np.int64), -1)

    @cached_property
    def events(self) -> list[Event]:
        """Every record of this life, in the order of its days."""
        lines = np.concatenate(self.journey.lines)
        mine = lines[lines[:, 1] == self.place]
        return [self._event(int(day), KINDS[kind], int(times)) for day, _, kind, times in mine]

    def _event(self, day, kind, times) -> Event:
        what, entered_by, cause = kind
        whose = self._double(day, cause) if cause in ("another's face", "another's name") else None
        because = None
        if what in ("restricted by score", "spared by a reviewer"):
            because = self.why(day)
        elif what == "listed":
            until = self.date(int(self.states[day]["list_until"])).isoformat()
            rule = "the court lists whoever is judged for a debt, or bears a name entered by mistake"
            because = {"rule": rule, "until": until, "reasons": _reasons(self.states[day]["reasons"])}
        elif what in NOT_DONE:
            before = self.states[max(0, day - 1)]
            name = "detection" if "offence" in what else "risk"
            because = {f"perceived {name} of 255": int(before[name])}
        return Event(
            day, self.date(day).isoformat(), what, entered_by, cause, times,
            cause not in NOT_OWN, whose, because,
        )  # fmt: skip

    def _double(self, day: int, cause: str) -> int:
        """Whose face or name it was: yesterday's double, by the address of chance."""
        from underwatch.engine.world import doubles

        turn = np.zeros(1, np.int64)
        n = self.journey.nation.citizens
        doubles(turn, day - 1, self.journey.nation.seed, int(cause == "another's name"), n)
        return int((turn[0] - self.citizen) % n)

    def why(self, day: int) -> dict:
        """What the score of a day came from: base, records, company, line."""
        rules = self.journey.rules[self.journey.epochs[day]]
        state = self.states[day]
        office = int(rules["score_reads"])
        told = {
            "rule": "score = base + points of records + weight of company; below the line, closed",
            "file read": OFFICES[office], "base": int(rules["base"]), "line": int(rules["line"]),
        }  # fmt: skip
        told |= self._local(state, rules) if office == 0 else self._copy(day, office)
        own = told["base"] + sum(r["points"] for r in told["records"])
        contacts = int(self.journey.evenings[6, day, self.place])
        count, total = contacts >> 32, contacts & 0xFFFFFFFF
        company = 0
        if count:
            company = int(rules["association"]) * (total // count - told["base"]) >> 16
        told["company"] = {
            "contacts": count, "mean score": total // count if count else None,
            "weight": round(int(rules["association"]) / 65_536, 4), "points": company,
        }  # fmt: skip
        low, high = int(rules["floor"]), int(rules["ceiling"])
        told["score"] = min(high, max(low, own + company))
        told["score without company"] = min(high, max(low, own))
        found = int(self.journey.evenings[5, day, self.place])
        if found and found != told["score"]:
            raise AssertionError(f"day {day}: {told['score']} explained, {found} decided")
        reasons = int(state["reasons"])
        told["reasons"] = _reasons(reasons)
        if state["score_until"]:
            told["until"] = self.date(int(state["score_until"])).isoformat()
        return told

    def _local(self, state, rules) -> dict:
        """What lies in the local office."""
        worth = {kind: int(rules[kind]) for kind in FILED}
        return {"records": self._filed(state, worth, rules)}

    def _copy(self, day: int, office: int) -> dict:
        """What the province or the nation holds, when it came, and what it was made of."""
        name = "region" if office == 1 else "nation"
        held = int(self.states[day][name])
        if not held:
            return {"records": [], "delivered": None}
        points, foreign = (held & 0xFFF) - 2048, (held >> 12 & 0xFFF) - 2048
        arrived = day
        while arrived > 0 and self.states[arrived - 1][name] == held:
            arrived -= 1
        rules = self.journey.rules[self.journey.epochs[arrived]]
        worth = {kind: int(rules[f"{name}_points"][k]) for k, kind in enumerate(FILED)}
        made_of = self._filed(self.states[max(0, arrived - 1)], worth, rules)
        found = {"delivered": self.date(arrived).isoformat(), "records": made_of}
        if sum(r["points"] for r in made_of) != points:
            mistaken = {"kind": "entered under another's name", "count": 1, "each": points,
                        "points": points, "not own": 1, "not own points": foreign}  # fmt: skip
            found["records"] = [mistaken]
        return found

    def _filed(self, state, worth, rules) -> list[dict]:
        """A local file kind by kind, at what each record is worth to a reader."""
        held = {name: int(n[0]) for name, n in counts(np.array([state["file"]])).items()}
        shared = int(rules["compelled"]) >> (self.traits["memberships"] // 16 % 4) & 1
        found = []
        for kind in FILED:
            bought = kind in ("favoured", "disfavoured")
            each = worth[kind] * (shared if bought else 1)
            if held[kind]:
                wrong = held[_FOREIGN[kind]] if kind in _FOREIGN else 0
                found.append({"kind": kind, "count": held[kind], "each": each,
                              "points": each * held[kind], "not own": wrong})  # fmt: skip
        return found

    def counted(self) -> dict[str, int]:
        """How often each record occurs in this life."""
        found: dict[str, int] = {}
        for event in self.events:
            label = f"{event.what} ({event.true_cause})"
            found[label] = found.get(label, 0) + event.times
        return found

    def told(self) -> dict:
        """The life as plain data."""
        last = self.states[-1]
        return {
            "citizen": self.citizen, "world": self.scenario.title, "traits": self.traits,
            "days": len(self.states), "events": [_slim(e) for e in self.events],
            "counts": self.counted(),
            "at the end": {name: int(last[name]) for name in
                           ("risk", "detection", "trust", "support", "opinion")}
            | {"score": int(self.scores[-1])},
        }  # fmt: skip


def _slim(event: Event) -> dict:
    return {key: value for key, value in asdict(event).items() if value is not None}


def _reasons(bits: int) -> list[str]:
    """The reasons of what stands, in words."""
    own = (1, "own act"), (2, "wrong record"), (4, "association")
    listed = [word for bit, word in (*own, (8, "list")) if bits & bit]
    scored = [word for bit, word in (*own, (8, "speech")) if bits >> 4 & bit]
    return [f"list: {word}" for word in listed if word != "list"] + [
        f"score: {word}" for word in scored
    ]


def replay(
    provenance: dict, citizens: list[int], progress: Callable[[Progress], None] = lambda _: None
) -> Journey:
    """Live a run again with some citizens followed; the same to the last bit, or an error."""
    from underwatch.nation import build
    from underwatch.running import chunk_for, room_for

    scenario = Scenario.model_validate_json(_json(provenance["scenario"]))
    n, days = scenario.society.citizens, int(provenance["days"])
    for citizen in citizens:
        if not 0 <= citizen < n:
            raise UserError(f"There is no citizen {citizen}; they are numbered 0 to {n - 1}.")
    room_for(n)
    from numba import get_num_threads

    nation = build(scenario)
    journey = Journey(
        scenario, nation, days, sorted(citizens), chunk_for(n, get_num_threads()), progress,
        evenings=True, keep_ties=False,
    )  # fmt: skip
    journey.live()
    if journey.hash() != provenance["state_hash"]:
        raise UserError(
            "Lived again, this run came to other bits than it did: it was made by another version "
            f"of the software ({provenance['versions'].get('underwatch')}); run it anew."
        )
    return journey


def _json(value) -> str:
    import json

    return json.dumps(value)


@dataclass(frozen=True)
class Parting:
    """The first day on which two lives of the same person part, and why."""

    day: int
    date: str
    cause: str
    here: list[str]  # what happened only in the one world that day
    there: list[str]  # … only in the other
    differing: dict[str, tuple[int, int]]  # of the evening's state, in both


def parting(one: Life, other: Life) -> Parting | None:
    """Where two lives part; None if they never do."""
    days = min(len(one.states), len(other.states))
    different = one.states[:days] != other.states[:days]
    # Words hold what others see, such as a post that left no trace in the state.
    different |= one.journey.evenings[4, :days, one.place] != (
        other.journey.evenings[4, :days, other.place]
    )
    lines = [{(e.day, e.what, e.true_cause) for e in life.events} for life in (one, other)]
    apart = lines[0] ^ lines[1]
    first = min([int(np.argmax(different))] if different.any() else [days], default=days)
    first = min([first, *(day for day, *_ in apart)])
    if first >= days:
        return None
    here = sorted(f"{what} ({why})" for day, what, why in lines[0] - lines[1] if day == first)
    there = sorted(f"{what} ({why})" for day, what, why in lines[1] - lines[0] if day == first)
    a, b = one.states[first], other.states[first]
    fields = {n: (int(a[n]), int(b[n])) for n in a.dtype.names if a[n] != b[n]}
    return Parting(
        first, one.date(first).isoformat(), _cause(here, there, fields), here, there, fields
    )  # fmt: skip


def _cause(here: list[str], there: list[str], fields: dict) -> str:
    if here or there:
        return "something happened to this person in one world and not in the other"
    if {"region", "nation"} & set(fields):
        return "a higher office received another copy of the file"
    if "gone" in fields:
        return "a tie was let go in one world and not in the other"
    if {"risk", "detection", "trust", "support", "opinion", "standing"} & set(fields):
        return "what contacts showed the day before reached this person and moved a feeling"
    return "others see this person otherwise: by a score, or by what the firewall let pass"
