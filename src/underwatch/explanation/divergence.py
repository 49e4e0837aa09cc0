"""The first day on which two trajectories of the same citizen differ, and why.

Up to that day the person, the file and the random draws are the same in both worlds. So the
cause comes from outside: other parameters, other signals of contacts, a misidentification, a
protest of another size, or a queue that served others. Each is looked up in the recordings;
where none of them differs, the cause is given as not recorded.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from underwatch.explanation.acts import ACTS, FELT
from underwatch.explanation.fields import in_words
from underwatch.explanation.figures import keys_of, values
from underwatch.explanation.replay import HOME
from underwatch.explanation.score import in_points, score
from underwatch.explanation.trajectory import Trajectory
from underwatch.model.state import SCORE_LANE, SCORED

FLAGS = (
    "spoke",
    "was penalised",
    "was caught",
    "paid an instalment",
    "missed an instalment",
    "was sanctioned",
    "signed a petition",
    "protested",
    "showed a high score",
    "was scored",
    "was penalised for expression",
)  # by lanes of model/state.py
_FEELINGS = {
    "risk": ("response.risk_*", "response.spill_*", "firewall.news_of_penalties_hushed"),
    "detection": ("response.detection_*", "response.spill_*", "firewall.news_of_penalties_hushed"),
    "trust": ("response.trust_*", "neighbours.reports"),
    "support": ("support.*", "privileges.*", "precursor.*", "firewall.news_of_penalties_hushed"),
    "opinion": ("opinion.*",),
}  # fmt: skip
_WEIGH = ("safeguards.wall", "safeguards.no_speech")
# The figures that change a field of the state, or what others see, without an event.
_FIELDS = _FEELINGS | {
    "standing": ("support.learning", "firewall.news_of_penalties_hushed", "police.*", "redress.*",
                 "blacklist.court_places_per_million_a_day", "review.*"),
    "file": ("files.*", "safeguards.retain", "safeguards.correction", "redress.corrects_file"),
    "region": ("tiers.regional.*", "wall.*", "companies.*", "files.*", *_WEIGH),
    "nation": ("tiers.national.*", "wall.*", "companies.*", "files.*", *_WEIGH),
    "handed": ("companies.*", "files.*", "platforms.*", "redress.corrects_file", *_WEIGH),
    "closed ties": ("ties.*", "scoring.association"), "named": ("naming.days",),
    "list_until": ("blacklist.*",), "score_until": ("restrictions.*",),
    "score": ("scoring.*", "tiers.*", "wall.*", "companies.*", *_WEIGH,
              "safeguards.no_association", "safeguards.opt_out"),
    "": ("scoring.*", "precursor.*", "firewall.*", "platforms.*"),  # only what contacts see
}  # fmt: skip
# Which signals of contacts change what; nothing else depends on them.
_HEARD = {
    "risk": (1, 10), "detection": (2, 10), "trust": (3, 4), "support": (1, 2),
    "opinion": (0, 6, 7), "standing": (1,), "post withheld": (0,), "unpermitted post": (0,),
    "contradicting post": (0,), "petition": (6,), "petition signature withheld": (6,),
    "protest": (7,), "protest participation withheld": (7,), "joined the private score": (8,),
    "score": ("score",),
    "restricted by score": ("score",), "restriction not confirmed": ("score",),
    "visa with privileged access": ("score", 8), "closed ties": (1, 5, "score"),
}  # fmt: skip
_SERVED = 4 | 16 | 64 | 256  # bits of `standing`: served by a queue
_MISTAKEN = {("minor offence", "another person's face"), ("protest", "another person's face"),
          ("judgement", "another person's name"), ("listed", "another person's name"),
          ("named in public", "another person's act")}  # fmt: skip


@dataclass(frozen=True)
class Divergence:
    """The first day on which two trajectories of the same citizen differ, and why."""

    day: int
    date: str
    causes: list[str]  # every difference from outside that can explain it, the nearest first
    here: list[str]  # what happened in the first world only, on that day
    there: list[str]  # what happened in the other world only
    differing: dict[str, list]  # field of the evening's state, or score: value here, value there
    feels: str | None  # the first date on which the feelings of the citizen differ
    acts: str | None  # the first date on which the acts of the citizen differ

    @property
    def cause(self) -> str:
        """The nearest cause."""
        return self.causes[0]


def divergence(one: Trajectory, other: Trajectory) -> Divergence | None:
    """The first difference of two trajectories; None if they never differ."""
    first = _first(one, other)
    if first is None:
        return None
    here, there = (set(who.by_day.get(first, ())) for who in (one, other))
    only = sorted(here - there), sorted(there - here)
    a, b = one.states[first], other.states[first]
    fields = {name: (int(a[name]), int(b[name])) for name in a.dtype.names if a[name] != b[name]}
    date = one.date(first).isoformat()
    if one.closed[first] != other.closed[first]:
        fields["closed ties"] = (int(one.closed[first]), int(other.closed[first]))
    if one.scores[first] != other.scores[first]:
        fields["score"] = (float(one.scores[first]), float(other.scores[first]))
    causes = _causes(one, other, first, [line[:2] for line in (*only[0], *only[1])], fields)
    events = [[f"{what} ({why})" for what, why, _ in lines] for lines in only]
    plain = {name: [in_words(name, v, one.date) for v in pair] for name, pair in fields.items()}
    return Divergence(
        first, date, causes, *events, plain, _first_of(one, other, FELT[:-1]),
        _first_of(one, other, [name for name in ACTS if not name.startswith("would")]),
    )  # fmt: skip


def _first_of(one: Trajectory, other: Trajectory, names) -> str | None:
    """The first date on which one of these feelings or acts differs."""
    days = min(one.recording.days, other.recording.days)
    differs = sum(one.acts[name][:days] != other.acts[name][:days] for name in names) > 0
    return one.date(int(differs.argmax())).isoformat() if differs.any() else None


def _first(one: Trajectory, other: Trajectory) -> int | None:
    """The first day with another evening or other events."""
    days = min(one.recording.days, other.recording.days)
    differs = one.states[:days] != other.states[:days]
    differs |= one.signals[:days] != other.signals[:days]
    differs |= one.closed[:days] != other.closed[:days]
    found = [int(differs.argmax())] if differs.any() else []
    a, b = one.by_day, other.by_day
    entered = (day for day in a.keys() | b.keys() if day < days)
    found += [day for day in entered if set(a.get(day, ())) != set(b.get(day, ()))]
    return min(found, default=None)


def _causes(one, other, day, lines, fields) -> list[str]:
    """Every difference from outside on that day, the nearest first."""
    causes = []
    if _MISTAKEN & set(lines):
        causes += _other_mistakes(one, other, day)
    if ("protest", "bystander") in lines:
        causes += _other_protests(one, other, day)
    moved = {what for what, _ in lines} | set(fields)
    if not (set(fields) == {"score"} and not lines and _same_file(one, other, day)):
        causes += _other_figures(one, other, day, lines, fields)
    causes += _other_signals(one, other, day, moved - {"closed ties"})
    if "closed ties" in fields:  # open or closed, of the candidates whose bits differ
        bits = fields["closed ties"][0] ^ fields["closed ties"][1]
        causes += _other_signals(one, other, day + 1, {"closed ties"}, bits)
    if "standing" in fields and (fields["standing"][0] ^ fields["standing"][1]) & _SERVED:
        causes.append("a queue served the citizen in one world only")
    return causes or ["not recorded"]


def _same_file(one, other, day) -> bool:
    """Whether both worlds score the citizen with the same points apart from association."""
    if one.scores[day] < 0 or other.scores[day] < 0:
        return False
    a, b = score(one, day), score(other, day)
    return a["score without association"] == b["score without association"]


def _other_figures(one, other, day, lines, fields) -> list[str]:
    """Figures that decide what differs, and are not the same in both worlds."""
    a, b = one.figures(day), other.figures(day)
    keys = {key for what, cause in lines for key in keys_of(what, cause)}
    for name in (fields or [""]) if not lines else ():
        keys.update(_FIELDS.get(name, ()))
    a, b = values(a, keys), values(b, keys)
    found = []
    for key in sorted({*a, *b}):
        here, there = _written(a, key), _written(b, key)
        if here != there:
            found.append(f"{key} is {here} here and {there} there")
    return ["; ".join(found)] if found else []


def _written(figures: dict, key: str) -> str:
    value = figures.get(key, 0 if fnmatchcase(key, "safeguards.*") else None)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:,}" if isinstance(value, (int, float)) else value


def _other_signals(one, other, day, moved, bits: int | None = None) -> list[str]:
    """Signals of contacts by the morning that differ, of those that can change this.

    bits: the slots of the contacts, open or not; by default the household and open ties.
    """
    wanted = {flag for what in moved for flag in _HEARD.get(what, ())}
    found = []
    for k, contact in enumerate(one.recording.contacts[one.index].tolist()):
        a = int(one.recording.signals[day, one.index, k])
        b = int(other.recording.signals[day, other.index, k])
        counts = _open(one, day, k) if bits is None else k >= HOME and bits >> (k - HOME) & 1
        if a != b and counts and (text := _differing(a, b, wanted)):
            where = "same household" if k < HOME else "outside the household"
            found.append(f"contact {contact} ({where}) {text}")
    return ["the signals of contacts differ (" + "; ".join(found) + ")"] if found else []


def _open(who, day, k) -> bool:
    """Whether a tie was open that morning."""
    last = min(day, who.recording.days - 1)
    return k < HOME or not int(who.closed_by_morning[last]) >> (k - HOME) & 1


def _differing(a: int, b: int, wanted: set) -> str:
    """How the signals of a contact differ, in the flags and the score that are wanted."""
    found = []
    for k, flag in enumerate(FLAGS):
        here, there = a >> 4 * k & 1, b >> 4 * k & 1
        if here != there and k in wanted:
            found.append(f"{flag} {'here' if here else 'there'} only")
    scores = [f"score {in_points(w >> SCORE_LANE):,}" if w & SCORED else "no score" for w in (a, b)]
    if scores[0] != scores[1] and "score" in wanted:
        found.append(f"had {scores[0]} here, {scores[1]} there")
    return " and ".join(found)


def _other_mistakes(one, other, day) -> list[str]:
    """Misidentifications that occurred in one world only."""
    a, b = (who.recording.misattributed.get((day, who.index), []) for who in (one, other))
    found = []
    for where, here, there in (("here", a, b), ("there", b, a)):
        for m in here:
            if m not in there:
                what = "name" if m.kind == "name" else "face"
                found.append(f"the {what} of citizen {m.whose} was mistaken {where} only")
    return [" and ".join(found)] if found else []


def _other_protests(one, other, day) -> list[str]:
    a, b = (int(who.recording.protesting[day, who.index]) for who in (one, other))
    if a == b:
        return []
    here, there = (f"{100 * share / 65_536:.2f} %" for share in (a, b))
    return [f"{here} of the district protested the day before here, and {there} there"]
