"""An explanation as text: the person, the years, the comparison with a twin, the figures."""

from collections import Counter
from dataclasses import dataclass
from textwrap import wrap

from underwatch.explanation.profile import Event, Profile
from underwatch.explanation.wording import basis_lines, fault, headline
from underwatch.scenario.keys import in_words

WIDTH = 100
FEW = 4  # events of a kind that are listed one by one in a year; more are summed
_ROUTINE = ("repaid instalment", "favoured purchase", "disfavoured purchase", "good deed",
            "late instalment")  # fmt: skip
_ALWAYS = ("restricted by score", "restriction not confirmed", "listed", "stopped",
           "charged", "named in public", "appeal upheld", "dismissed", "loan declined")  # fmt: skip
_MEMBERSHIPS = ((1, "shops online"), (2, "is a member of platforms"), (4, "has a loan to repay"),
                (8, "knows how to evade the firewall"))  # fmt: skip
_QUANTILES = ("income", "thrift", "conviction", "prudence", "independence", "sociability",
              "mobility", "taste")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """Events of a year that read alike: their dates, and what is said about each of them."""

    dates: list[str]
    text: str
    fault: str
    basis: list[str]

    @property
    def when(self) -> str:
        """The dates; of more than three the first, the last and how many there are."""
        if len(self.dates) <= 3:
            return ", ".join(self.dates)
        return f"{self.dates[0]} to {self.dates[-1]} ({len(self.dates)} times)"


@dataclass(frozen=True)
class Year:
    """A year of a profile: sums, and the entries that deserve a line."""

    year: str
    acts: str
    records: str
    withheld: str
    entries: list[Entry]


def person(profile: Profile) -> list[str]:
    """Who the citizen is, one sentence each."""
    traits = profile.traits
    home = f"in a household of {traits['home_size']}"
    if traits["place_in_home"] == 0:
        home = f"head of a household of {traits['home_size']}"
    quantiles = ", ".join(f"{name} {traits[name] / 255:.2f}" for name in _QUANTILES)
    habits = ", ".join(text for bit, text in _MEMBERSHIPS if traits["memberships"] & bit)
    sentences = [
        f"Citizen {profile.name} of {profile.population:,} is invented: {traits['age']} years, "
        f"group {traits['group']}, {traits['place']}, {home}.",
        f"Traits from 0 to 1: {quantiles} (conviction 0 is with the official line, 1 against it).",
        f"Habits: {habits or 'none of those in the model'}.",
    ]
    sentences += _bearers(profile)
    if not profile.adult:
        sentences.append("The citizen is a child: no acts, no file, no score. A record mistaken "
                         "for a child is entered for the head of the household.")  # fmt: skip
    return sentences


def _bearers(profile: Profile) -> list[str]:
    """When this person had the number, and who had it before and after."""
    if len(profile.bearers) < 2:
        return []
    own = profile.bearers[profile.bearer]
    came = "was there on the first day"
    if own["bearer"]:
        came = f"was born on {own['first']}" if own["age_first"] < 18 else (
            f"moved in on {own['first']} at {own['age_first']}")  # fmt: skip
    went = f"died after {own['last']} at {own['age_last']}" if own["died"] else (
        f"is alive on the last day, at {own['age_last']}")  # fmt: skip
    others = [
        f"{profile.citizen}/{one['bearer']} ({one['first']} to {one['last']}, "
        f"{one['age_first']} to {one['age_last']} years)"
        for one in profile.bearers if one is not own
    ]  # fmt: skip
    return [f"This person, {profile.name}, {came} and {went}.",
            f"Others had the same number: {', '.join(others)}."]  # fmt: skip


def years(profile: Profile) -> list[Year]:
    """The profile year by year."""
    found = []
    for year, acts in profile.acts_by_year.items():
        events = [event for event in profile.events if event.date[:4] == year]
        listed, summed = _split([event for event in events if event.sort != "withheld"])
        withheld = [event for event in events if event.sort == "withheld"]
        text = "; ".join(f"{label} {n}" for label, n in acts.items()) or "none that the model has"
        found.append(Year(year, text, _sums(summed), _sums(withheld), entries(listed)))
    return found


def _split(events: list[Event]) -> tuple[list[Event], list[Event]]:
    """(listed, summed) events of a year."""
    often = Counter((e.what, e.true_cause) for e in events)
    listed, summed = [], []
    for event in events:
        few = often[event.what, event.true_cause] <= (FEW if event.own else 3 * FEW)
        routine = event.what in _ROUTINE or not few
        (summed if routine and event.what not in _ALWAYS else listed).append(event)
    return listed, summed


def entries(events: list[Event]) -> list[Entry]:
    """Events as entries; those that read alike, dates apart, share one."""
    found: dict[tuple, Entry] = {}
    for event in events:
        text, wrong, basis = headline(event), fault(event), basis_lines(event)
        key = (text, wrong, *basis)
        found.setdefault(key, Entry([], text, wrong, basis)).dates.append(event.date)
    return list(found.values())


def _sums(events: list[Event]) -> str:
    """Events by kind, with their points, or the range of perceived risk."""
    kinds: dict[tuple, list[Event]] = {}
    for event in events:
        kinds.setdefault((event.what, event.true_cause), []).append(event)
    parts = []
    for (what, cause), alike in kinds.items():
        why = "" if cause == "own act" or alike[0].sort == "withheld" else f" ({cause})"
        parts.append(f"{what}{why} {sum(e.times for e in alike)}{_range(alike)}")
    return "; ".join(parts)


def _range(alike: list[Event]) -> str:
    bases = [e.basis or {} for e in alike]
    points = sorted({b["points"] for b in bases if "points" in b})
    if points:
        return f" [{' or '.join(f'{p:+}' for p in points)} each]"
    felt = sorted((v, k) for b in bases for k, v in b.items() if k.startswith("perceived"))
    if felt:
        (low, name), (high, _) = felt[0], felt[-1]
        ends = f"{low / 255:.2f}" + (f" to {high / 255:.2f}" if high > low else "")
        return f" [{name} {ends}]"
    return ""


def timeline(profile: Profile) -> list[str]:
    """The profile year by year, as lines of text."""
    lines = []
    for year in years(profile):
        lines += ["", year.year]
        lines += _wrapped("acts", year.acts)
        lines += _wrapped("on file", year.records)
        lines += _wrapped("withheld", year.withheld)
        for entry in year.entries:
            lines += _entry(entry)
    return lines


def _wrapped(head: str, text: str) -> list[str]:
    if not text:
        return []
    return wrap(text, WIDTH, initial_indent=f"  {head + ':':<12}", subsequent_indent=" " * 14)


def _entry(entry: Entry) -> list[str]:
    text = entry.text + (f" – WRONG: {entry.fault}" if entry.fault else "")
    lines = wrap(f"{entry.when}  {text}", WIDTH, initial_indent="  ", subsequent_indent=" " * 14)
    for line in entry.basis:
        lines += wrap(line, WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 16)
    return lines


def figure_lines(profile: Profile) -> list[tuple[str, str, str]]:
    """(key, values in their order, source) of the scenario's figures behind the events."""
    return [
        (key, ", then ".join(dict.fromkeys(map(in_words, each["values"]))), each["source"])
        for key, each in profile.figures.items()
    ]


SUMS = {"acts": "Acts of the citizen", "records": "Records on file",
        "wrong": "Wrong records and decisions", "decisions": "Decisions and steps",
        "withheld": "Acts withheld because of perceived risk or detection"}  # fmt: skip


# Of the last evening, where the citizen is an adult: name, digits after the point.
LAST = (("protest threshold", 2), ("recent days of protest", 0), ("instalments left", 0),
        ("months to wait for a loan", 0))  # fmt: skip


def comparison(profiles: list[Profile]) -> list[tuple[str, list[str]]]:
    """Rows of (label, one text for each profile); a heading has no texts."""
    rows: list[tuple[str, list[str]]] = []
    for sort, heading in SUMS.items():
        sums = [profile.sums[sort] for profile in profiles]
        rows.append((heading, [] if any(sums) else ["none"] * len(profiles)))
        for label in dict.fromkeys(label for each in sums for label in each):
            rows.append((f"  {label}", [f"{each.get(label, 0):,}" for each in sums]))
    rows.append(("Last evening", []))
    for name in ("risk", "detection", "trust", "support", "opinion"):
        rows.append((f"  {name} (0 to 1)", [f"{p.final[name]:.2f}" for p in profiles]))
    scores = [p.final["score"] for p in profiles]
    rows.append(("  score", ["none" if s is None else f"{s:,.0f}" for s in scores]))
    for name, digits in LAST:
        values = [p.final.get(name) for p in profiles]
        if any(v is not None for v in values):
            texts = ["none" if v is None else f"{v:.{digits}f}" for v in values]
            rows.append((f"  {name}", texts))
    return rows


_FIELD = {
    "file": "Records on file", "region": "Copy at the region", "nation": "Copy at the nation",
    "list_until": "Last day on the blacklist",
    "score_until": "Last day of the restriction by score",
    "reasons": "Reasons of the restriction", "standing": "Standing",
    "handed": "Handed over by companies", "closed ties": "Closed ties",
    "score": "Score",
}  # fmt: skip


def divergence_lines(divergence: dict | None, world: str) -> list[str]:
    """Where a trajectory and its twin's in another world first differ, one sentence each."""
    if divergence is None:
        return [f"The citizen and the twin in “{world}” never differ."]
    day, date = divergence["day"], divergence["date"]
    causes = [cause for cause in divergence["causes"] if cause != "not recorded"]
    why = f", because {causes[0]}" if causes else "; the cause is not recorded"
    lines = [
        f"On {date} (day {day}) the citizen and the twin in “{world}” first differ: "
        f"{_difference(divergence['here'], divergence['there'])}{why}."
    ]
    lines += [
        f"{_FIELD.get(field, field)}: {a} here, {b} there."
        for field, (a, b) in divergence["differing"].items()
    ]
    lines += [f"Another cause: {cause}." for cause in causes[1:]]
    for what, never in (("feels", "risk, detection, trust, support and opinion never differ"),
                        ("acts", "acts never differ")):  # fmt: skip
        since = divergence[what]
        differ = f"{never.replace(' never', '')} from {since} on" if since else never
        lines.append(f"The citizen's {differ}.")
    return lines


def _difference(here: list[str], there: list[str]) -> str:
    """What happened in one world only on the first day that differs."""
    parts = [
        f"{where} the events include “{what}”, {other} they do not"
        for events, where, other in ((here, "here", "there"), (there, "there", "here"))
        for what in events
    ]
    return "; ".join(parts) or "the same events occur, but the states differ"


def text(profile: Profile, twin: Profile | None = None, divergence: dict | None = None) -> str:
    """The whole explanation for a terminal."""
    lines = [line for sentence in person(profile) for line in wrap(sentence, WIDTH)]
    lines += [f"Scenario: {profile.world}.", *timeline(profile), ""]
    if twin:
        first, *others = divergence_lines(divergence, twin.world)
        lines += wrap(first, WIDTH)
        for line in others:
            lines += wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
        lines.append("")
    profiles = [profile, twin] if twin else [profile]
    heads = [p.world for p in profiles] if twin else ["times"]
    lines += _table(comparison(profiles), _short(heads))
    if figures := figure_lines(profile):
        lines += ["", "Figures of the scenario behind these events:"]
        for key, values, source in figures:
            lines += wrap(f"{key} = {values} – {source}", WIDTH, initial_indent="  ",
                          subsequent_indent="    ")  # fmt: skip
    return "\n".join(lines)


def _short(heads: list[str]) -> list[str]:
    if len(set(heads)) < len(heads):
        heads = [f"{head} (twin)" if k else head for k, head in enumerate(heads)]
    return [head if len(head) <= 28 else f"{head[:27]}…" for head in heads]


def _table(rows: list[tuple[str, list[str]]], heads: list[str]) -> list[str]:
    """Rows as aligned text."""
    first = max(len(label) for label, _ in rows)
    widths = [max(len(head), *(len(cells[k]) for _, cells in rows if cells))
              for k, head in enumerate(heads)]  # fmt: skip
    lines = [" " * first + "".join(f"  {head:>{w}}" for head, w in zip(heads, widths, strict=True))]
    for label, cells in rows:
        line = f"{label:<{first}}"
        for cell, width in zip(cells, widths, strict=False):
            line += f"  {cell:>{width}}"
        lines.append(line.rstrip())
    return lines
