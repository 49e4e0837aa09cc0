"""Events that are alike as one sentence: who does what, when, how often, and why."""

from collections.abc import Sequence

from underwatch.explanation.profile import Event
from underwatch.explanation.wording import counted, number, points

# By kind, and where the true cause matters by kind and cause: a clause in which {} stands for the
# first text after it where the event occurred once, and for its number and the second otherwise.
_CLAUSES: dict[str | tuple[str, str], tuple[str, str, str]] = {
    "late instalment": ("the bank reports {}", "a late instalment", "late instalments"),
    "repaid instalment": ("the bank reports {}", "an instalment paid on time",
                          "instalments paid on time"),
    "judgement": ("the court enters {}", "a judgement for a debt", "judgements for debts"),
    ("judgement", "another person's name"): (
        "the court enters {} under the citizen's name", "a judgement for another person's debt",
        "judgements for other people's debts"),
    "favoured purchase": ("the marketplace records {}", "a favoured purchase",
                          "favoured purchases"),
    "disfavoured purchase": ("the marketplace records {}", "a disfavoured purchase",
                             "disfavoured purchases"),
    "unpermitted post": ("the platform's reader records {}", "an unpermitted post",
                         "unpermitted posts"),
    ("unpermitted post", "misread ordinary post"): (
        "the platform's reader misreads {} as unpermitted", "an ordinary post", "ordinary posts"),
    "contradicting post": ("the platform's reader records {} that the state contradicts",
                           "a post", "posts"),
    "private message": ("the police read {}", "a private message", "private messages"),
    "petition": ("the platform's reader records {}", "a signed petition", "signed petitions"),
    "firewall evasion": ("the platform records {}", "a visit to a foreign site",
                         "visits to foreign sites"),
    "neighbour's report": ("a neighbour reports {}", "a critical act of the citizen",
                           "critical acts of the citizen"),
    ("neighbour's report", "false report"): (
        "a neighbour reports {} that the citizen did not do", "a critical act", "critical acts"),
    "minor offence": ("a camera records {}", "a minor offence of the citizen",
                      "minor offences of the citizen"),
    ("minor offence", "another person's face"): (
        "a camera takes another person for the citizen and records {}", "a minor offence",
        "minor offences"),
    "protest": ("a camera records the citizen at {}", "a protest", "protests"),
    ("protest", "another person's face"): (
        "a camera takes another person at {} for the citizen", "a protest", "protests"),
    ("protest", "bystander"): (
        "a camera records the citizen, who passes by, at {}", "a protest", "protests"),
    "serious offence": ("the police record {}", "a serious offence", "serious offences"),
    "good deed": ("a register records {}", "a good deed", "good deeds"),
    "alert": ("a camera recognises the citizen, who is on the watch list{}", "", " times"),
    ("alert", "mistaken for a listed person"): (
        "a camera mistakes the citizen for a person on the watch list{}", "", " times"),
    "listed": ("the court puts the citizen on the blacklist{}", "", " times"),
    ("listed", "another person's name"): (
        "the court puts the citizen on the blacklist for another person's debt{}", "", " times"),
    "restricted by score": ("{}", "a restriction by score begins", "restrictions by score begin"),
    "restriction not confirmed": ("a reviewer does not confirm {}", "a restriction by score",
                                  "restrictions by score"),
    "restriction ended": ("{}", "a restriction ends", "restrictions end"),
    "named in public": ("local media name the citizen{}", "", " times"),
    ("named in public", "another person's act"): (
        "local media name the citizen for another person's act{}", "", " times"),
    "dismissed": ("the employer dismisses the citizen{}", "", " times"),
    "re-employed": ("the citizen finds work again{}", "", " times"),
    "stopped": ("the police stop the citizen{}", "", " times"),
    ("stopped", "no own act"): (
        "the police stop the citizen{} for no act of the citizen's own", "", " times"),
    "warned": ("the police warn the citizen{}", "", " times"),
    "charged": ("the police charge the citizen{}", "", " times"),
    "visa with privileged access": ("the consulate grants {} with privileged access", "a visa",
                                    "visas"),
    "notified of a restriction": ("the citizen is notified of {}", "a restriction",
                                  "restrictions"),
    "file corrected": ("the office removes wrong records from the file{}", "", " times"),
    "appeal filed": ("the citizen files {}", "an appeal", "appeals"),
    "appeal heard": ("the court hears {}", "an appeal", "appeals"),
    "appeal upheld": ("the court upholds {}", "an appeal", "appeals"),
    "loan granted": ("the lender grants {}", "a loan", "loans"),
    "loan declined": ("the lender declines {}", "a loan", "loans"),
    "joined the private score": ("the citizen joins the private score{}", "", " times"),
    "minor offence deterred": ("the citizen gives up {}", "a minor offence", "minor offences"),
}  # fmt: skip


# Kinds that share a sentence: the clause, and what each of them is, once and several times.
_FAMILIES: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "refused": ("carriers and consulates refuse the citizen {}", {
        "flight refused": ("flight", "flights"), "train refused": ("train trip", "train trips"),
        "visa refused": ("visa", "visas")}),
    "withheld": ("the citizen withholds {}", {
        "post withheld": ("critical post", "critical posts"),
        "message withheld": ("critical private message", "critical private messages"),
        "petition signature withheld": ("signature", "signatures"),
        "protest participation withheld": ("day of protest", "days of protest"),
        "foreign visit withheld": ("visit to a foreign site", "visits to foreign sites")}),
}  # fmt: skip


def family_of(what: str) -> str:
    """Under which name a kind of events shares a sentence with others; its own, if with none."""
    return next((name for name, (_, kinds) in _FAMILIES.items() if what in kinds), what)


def sentence(events: Sequence[Event]) -> str:
    """One sentence on events of one family and one true cause, in the order of days."""
    aside, why = _whose(events), _why(events)
    if events[0].what == "restriction ended":
        aside, why = why, ""
    text = f"{when([event.date for event in events])}, {clause(events)}"
    return f"{text}{f' ({aside})' if aside else ''}{f', {why}' if why else ''}."


def clause(events: Sequence[Event]) -> str:
    """Who does what, and how often."""
    what, cause = events[0].what, events[0].true_cause
    if (family := family_of(what)) in _FAMILIES:
        return _several(events, *_FAMILIES[family])
    pattern, one, many = _CLAUSES.get((what, cause)) or _CLAUSES.get(what, ("{}", what, what))
    times = sum(event.times for event in events)
    if times == 1:
        return pattern.format(one)
    return pattern.format(f" {times:,}{many}" if many.startswith(" ") else f"{times:,} {many}")


def _several(events: Sequence[Event], pattern: str, kinds: dict[str, tuple[str, str]]) -> str:
    """The clause of a family: how often each of its kinds occurred."""
    times: dict[str, int] = {}
    for event in events:
        times[event.what] = times.get(event.what, 0) + event.times
    *most, last = [counted(n, *kinds[what]) for what, n in times.items()]
    return pattern.format(f"{', '.join(most)} and {last}" if most else last)


def when(dates: Sequence[str]) -> str:
    """The dates of a year as the beginning of a sentence."""
    different = list(dict.fromkeys(dates))
    if len(different) > 2:
        return f"From {different[0]} to {different[-1]}"
    return f"On {' and '.join(different)}"


def _whose(events: Sequence[Event]) -> str:
    """Whose act it was, where a face or a name was mistaken, and for which child."""
    parts = []
    whose = list(dict.fromkeys(who for event in events for who in event.whose))
    if whose:
        some = ", ".join(map(str, whose[:3])) + (f" and {len(whose) - 3} more" * (len(whose) > 3))
        act = "debt" if events[0].what in ("judgement", "listed") else "act"
        parts.append(f"the {act} of citizen {some}" if len(whose) == 1 else f"citizens {some}")
    children = {e.mistaken_for for e in events if e.mistaken_for is not None}
    if children:
        parts.append(f"mistaken for a child of the household ({', '.join(map(str, children))})")
    return ", ".join(parts)


def _why(events: Sequence[Event]) -> str:
    """The basis that these events share, in one clause; empty if it says no more than they do."""
    bases = [event.basis or {} for event in events]
    what = events[0].what
    if what in ("restricted by score", "restriction not confirmed"):
        return _score(bases, events[0].true_cause)
    if what == "listed":
        return f"until {bases[-1]['last day']} at the latest" if "last day" in bases[-1] else ""
    if what == "restriction ended":
        return _ends(bases)
    if what.endswith("refused"):
        return _in_force(bases)
    if what == "stopped":
        return _ordered_by(bases)
    if what in ("loan granted", "loan declined"):
        return _compared(bases, "lender's score", "granted from", "at which loans begin")
    if events[0].sort == "withheld":
        return _felt(bases)
    worth = sorted({base["points"] for base in bases if "points" in base})
    if not any(worth):
        return ""
    return f"which count {' or '.join(map(points, worth))} points" if len(events) > 1 else (
        f"which counts {points(worth[0])} points")  # fmt: skip


def _score(bases: list[dict], cause: str) -> str:
    """The score that was decided on, its line, and what it is without the cause."""
    scored = [base for base in bases if "score" in base]
    if not scored:
        return ""
    text = f"at a score of {_range([b['score'] for b in scored])} below {scored[-1]['line']:,}"
    others = {"association": ("score without association", "without association"),
              "wrong record": ("score without wrong records", "without wrong records")}  # fmt: skip
    if cause in others:
        key, words = others[cause]
        text += f"; {words} it is {_range([b[key] for b in scored])}"
    return text


def _ends(bases: list[dict]) -> str:
    """Which restrictions end, and why."""
    found: dict[str, int] = {}
    for base in bases:
        for key, words in (("listing", "blacklist"), ("restriction by score", "by score")):
            if key in base:
                text = f"{words}: {' and '.join(base[key]) or 'not recorded'}"
                found[text] = found.get(text, 0) + 1
    return "; ".join(text if len(bases) == 1 else f"{text} ({n})" for text, n in found.items())


def _in_force(bases: list[dict]) -> str:
    """The restrictions in force at refusals."""
    since = {"listed since": "the listing of", "restricted by score since": "the restriction of"}
    found = {f"{words} {base[key]}": None for base in bases for key, words in since.items()
             if base.get(key)}  # fmt: skip
    texts = list(found)
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return f"because of {', '.join(texts[:3])}{more}" if texts else ""


def _ordered_by(bases: list[dict]) -> str:
    """The sightings that ordered police visits."""
    kinds = [what for base in bases if isinstance(base.get("ordered by"), list)
             for each in base["ordered by"] for what in each["for"]]  # fmt: skip
    return f"ordered by {' and '.join(dict.fromkeys(kinds))}" if kinds else ""


def _compared(bases: list[dict], key: str, line: str, words: str) -> str:
    scores = [base[key] for base in bases if key in base]
    return f"at a {key} of {_range(scores)}; {bases[-1][line]:,} is the line {words}" if (
        scores) else ""  # fmt: skip


def _felt(bases: list[dict]) -> str:
    """The perceived risk or detection, from 0 to 1."""
    felt = [(key, value / 255) for base in bases for key, value in base.items()
            if key.startswith("perceived")]  # fmt: skip
    if not felt:
        return ""
    low, high = (f"{f(value for _, value in felt):.2f}" for f in (min, max))
    return f"at a {felt[0][0]} of {low if low == high else f'{low} to {high}'}"


def _range(values: Sequence[float]) -> str:
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low} to {high}"
