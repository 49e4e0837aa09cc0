"""The first day on which two lives of the same person part, and what parted them.

Up to that day the person, the file and the luck are the same in both worlds. So
what parts them came from outside: other rules, other news from contacts,
another's mistake, a fuller street, or a desk that called somebody else. Each is
looked up in what was kept of that day; where none of it shows, it says so.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from underwatch.explanation.acts import ACTS, FELT
from underwatch.explanation.figures import ruled_by, values
from underwatch.explanation.life import Life
from underwatch.explanation.reasons import score
from underwatch.explanation.replay import HOME
from underwatch.model.dossiers.records import KINDS, WRONG

FLAGS = ("spoke", "was penalised", "was caught", "paid an instalment", "missed an instalment",
         "was named", "signed a petition", "protested", "boasted of a score")  # fmt: skip
_FEELINGS = {
    "risk": ("response.risk_*", "firewall.news_of_penalties_hushed"),
    "detection": ("response.detection_*",), "trust": ("response.trust_*",),
    "support": ("support.*", "privileges.*", "precursor.*", "firewall.news_of_penalties_hushed"),
    "opinion": ("opinion.*",),
}  # fmt: skip
_WEIGH = ("safeguards.wall", "safeguards.no_speech")
# What of the scenario moves a field of the state, or what others see, with no line of its own.
_FIELDS = _FEELINGS | {
    "standing": ("support.learning", "firewall.news_of_penalties_hushed", "police.*", "redress.*",
                 "blacklist.court_places_per_million_a_day", "review.*"),
    "file": ("files.*", "safeguards.retain", "safeguards.correction", "redress.corrects_file"),
    "region": ("tiers.regional.*", "scoring.points.*", "wall.*", "companies.compelled", *_WEIGH),
    "nation": ("tiers.national.*", "scoring.points.*", "wall.*", "companies.compelled", *_WEIGH),
    "dissolved": ("ties.*", "scoring.association"), "named": ("naming.days",),
    "list_until": ("blacklist.*",), "score_until": ("restrictions.*",),
    "score": ("scoring.*", "tiers.*", "wall.*", "companies.*", *_WEIGH,
              "safeguards.no_association", "safeguards.opt_out"),
    "": ("scoring.*", "precursor.*", "firewall.*", "platforms.*"),  # only what contacts hear
}  # fmt: skip
# Which flags of contacts' words, or their scores, move what; anything else is moved by none.
_HEARD = {
    "risk": (1, 5), "detection": (2,), "trust": (3, 4), "support": (1, 2, 5),
    "opinion": (0, 6, 7), "standing": (1, 5), "post withheld": (0,), "unpermitted post": (0,),
    "contradicting post": (0,), "petition": (6,), "petition signature withheld": (6,), "protest": (7,),
    "protest participation withheld": (7,), "joined the private score": (8,), "score": ("score",),
    "restricted by score": ("score",), "restriction not confirmed": ("score",),
    "visa with privileged access": ("score", 8), "dissolved": (1, 5, "score"),
}  # fmt: skip
_SERVED = 4 | 16 | 64 | 256  # bits of `standing`: a desk called
_MISTAKEN = {("minor offence", "another person's face"), ("protest", "another person's face"),
          ("judgement", "another person's name"), ("listed", "another person's name"),
          ("named in public", "another person's act")}  # fmt: skip


@dataclass(frozen=True)
class Divergence:
    """The first day on which two lives of the same person part, and why."""

    day: int
    date: str
    causes: list[str]  # what came from outside and could part them; the first is told as the cause
    here: list[str]  # what happened only in the one world that day
    there: list[str]  # … only in the other
    differing: dict[str, tuple]  # of the evening's state and score, in both
    felt: str | None  # the first date on which the person feels otherwise …
    did: str | None  # … and does otherwise

    @property
    def cause(self) -> str:
        return self.causes[0]


def divergence(one: Life, other: Life) -> Divergence | None:
    """Where two lives part; None if they never do."""
    first = _first(one, other)
    if first is None:
        return None
    here, there = (set(life.by_day.get(first, ())) for life in (one, other))
    only = sorted(here - there), sorted(there - here)
    a, b = one.states[first], other.states[first]
    fields = {name: (int(a[name]), int(b[name])) for name in a.dtype.names if a[name] != b[name]}
    date = one.date(first).isoformat()
    if one.scores[first] != other.scores[first]:
        fields["score"] = (int(one.scores[first]), int(other.scores[first]))
    causes = _causes(one, other, first, [line[:2] for line in (*only[0], *only[1])], fields)
    said = [[f"{what} ({why})" for what, why, _ in lines] for lines in only]
    told = {name: tuple(_readable(name, v, one) for v in pair) for name, pair in fields.items()}
    return Divergence(
        first, date, causes, *said, told, _first_of(one, other, FELT[:-1]),
        _first_of(one, other, [name for name in ACTS if not name.startswith("would")]),
    )  # fmt: skip


def _first_of(one: Life, other: Life, names) -> str | None:
    """The first date on which one of these differs in what was felt or done."""
    days = min(one.recording.days, other.recording.days)
    apart = sum(one.acts[name][:days] != other.acts[name][:days] for name in names) > 0
    return one.date(int(apart.argmax())).isoformat() if apart.any() else None


def _readable(name: str, value: int, life: Life):
    """A field of the state as people read it."""
    if name in ("region", "nation"):
        return f"{(value & 0xFFF) - 2048:+} points" if value else "no copy"
    if name == "file":
        kinds = ((kind, value >> 4 * k & 15) for k, kind in enumerate((*KINDS, *WRONG)))
        return ", ".join(f"{kind} {n}" for kind, n in kinds if n) or "empty"
    if name in ("list_until", "score_until"):
        return life.date(value).isoformat() if value else "none"
    if name in ("reasons", "standing", "dissolved"):
        return f"bits {value:b}"
    return value


def _first(one: Life, other: Life) -> int | None:
    """The first day that ends otherwise, or on which something else was entered."""
    days = min(one.recording.days, other.recording.days)
    apart = (one.states[:days] != other.states[:days]) | (one.signals[:days] != other.signals[:days])
    found = [int(apart.argmax())] if apart.any() else []
    a, b = one.by_day, other.by_day
    entered = (day for day in a.keys() | b.keys() if day < days)
    found += [day for day in entered if set(a.get(day, ())) != set(b.get(day, ()))]
    return min(found, default=None)


def _causes(one, other, day, lines, fields) -> list[str]:
    """What came from outside that day, nearest to what differs first."""
    causes = []
    if _MISTAKEN & set(lines):
        causes += _other_mistakes(one, other, day)
    if ("protest", "bystander") in lines:
        causes += _other_streets(one, other, day)
    moved = {what for what, _ in lines} | set(fields)
    if not (set(fields) == {"score"} and not lines and _same_file(one, other, day)):
        causes += _other_rules(one, other, day, lines, fields)
    causes += _other_news(one, other, day, moved - {"dissolved"})
    if "dissolved" in fields:
        causes += _other_news(one, other, day + 1, {"dissolved"})
    if "standing" in fields and (fields["standing"][0] ^ fields["standing"][1]) & _SERVED:
        causes.append("a desk called this person in one world only; in the other, it called others")
    return causes or ["not recorded"]


def _same_file(one, other, day) -> bool:
    """Whether both worlds score this person, with the same points but for the company."""
    if one.scores[day] < 0 or other.scores[day] < 0:
        return False
    a, b = score(one, day), score(other, day)
    return a["score without company"] == b["score without company"]


def _other_rules(one, other, day, lines, fields) -> list[str]:
    """Figures that rule what differs, and are not the same in both worlds."""
    a, b = one.figures(day), other.figures(day)
    keys = {key for what, cause in lines for key in ruled_by(what, cause)}
    for name in (fields or [""]) if not lines else ():
        keys.update(_FIELDS.get(name, ()))
    a, b = values(a, keys), values(b, keys)
    found = []
    for key in sorted({*a, *b}):
        here, there = _said(a, key), _said(b, key)
        if here != there:
            found.append(f"{key}: {here} here, {there} there")
    return ["another rule: " + "; ".join(found)] if found else []


def _said(figures: dict, key: str) -> str:
    value = figures.get(key, 0 if fnmatchcase(key, "safeguards.*") else None)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:,}" if isinstance(value, (int, float)) else value


def _other_news(one, other, day, moved) -> list[str]:
    """What contacts had shown by the morning in one world only, of what can move this."""
    wanted = {flag for what in moved for flag in _HEARD.get(what, ())}
    found = []
    for k, contact in enumerate(one.recording.contacts[one.place].tolist()):
        a = int(one.recording.signals[day, one.place, k])
        b = int(other.recording.signals[day, other.place, k])
        stays = k < HOME and moved == {"dissolved"}  # a household cools and stays
        if a != b and not stays and _open(one, day, k) and (said := _shown(a, b, wanted)):
            found.append(f"contact {contact} ({'home' if k < HOME else 'a tie'}) {said}")
    return ["other news from contacts: " + "; ".join(found)] if found else []


def _open(life, day, k) -> bool:
    """Whether a tie was open that morning."""
    last = min(day, life.recording.days - 1)
    return k < HOME or not int(life.mornings[last]["dissolved"]) >> (k - HOME) & 1


def _shown(a: int, b: int, wanted: set) -> str:
    """How two words of the same contact differ, in the flags and the score that are wanted."""
    found = []
    for k, flag in enumerate(FLAGS):
        here, there = a >> 4 * k & 1, b >> 4 * k & 1
        if here != there and k in wanted:
            found.append(f"{flag} {'here' if here else 'there'} only")
    scores = [str(w >> 48) if w >> 36 & 1 else "no score" for w in (a, b)]
    if scores[0] != scores[1] and "score" in wanted:
        found.append(f"bore {scores[0]} here, {scores[1]} there")
    return " and ".join(found)


def _other_mistakes(one, other, day) -> list[str]:
    """Faces and names that were mistaken in one world and not in the other."""
    a, b = (life.recording.misattributed.get((day, life.place), []) for life in (one, other))
    found = []
    for where, here, there in (("here", a, b), ("there", b, a)):
        for m in here:
            if m not in there:
                what = "name" if m.kind == "name" else "face"
                found.append(f"citizen {m.whose}'s {what} was taken for theirs {where} only")
    return ["another's mistake: " + "; ".join(found)] if found else []


def _other_streets(one, other, day) -> list[str]:
    a, b = (int(life.recording.protesting[day, life.place]) for life in (one, other))
    if a == b:
        return []
    shares = " here, ".join(f"{share / 65_536:.2%}" for share in (a, b))
    return [f"another street: of the district, {shares} there had marched the day before"]
