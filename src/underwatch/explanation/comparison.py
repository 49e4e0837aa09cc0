"""A citizen beside the twin: sums, the last evening, the first difference, the figures."""

from underwatch.explanation.profile import Profile
from underwatch.scenario.keys import in_words

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


def difference_rows(divergence: dict | None) -> list[tuple[str, str]]:
    """Where a trajectory and its twin's in another world first differ, as (item, value)."""
    if divergence is None:
        return [("First difference", "none")]
    rows = [("First difference", f"{divergence['date']} (day {divergence['day']:,})")]
    for where in ("here", "there"):
        if events := divergence[where]:
            rows.append((f"Events of that day {where} only", "; ".join(events)))
    rows += [(_FIELD.get(field, field), f"{a} here, {b} there")
             for field, (a, b) in divergence["differing"].items()]  # fmt: skip
    rows += [("Cause", cause) for cause in divergence["causes"]]
    rows.append(("Risk, detection, trust, support or opinion differ", _since(divergence["feels"])))
    rows.append(("Acts differ", _since(divergence["acts"])))
    return rows


def _since(day: str | None) -> str:
    return f"from {day} on" if day else "never"


def difference(divergence: dict | None, world: str) -> list[str]:
    """When and why both worlds first differ for this citizen; and what differs after that."""
    if divergence is None:
        return [f"The citizen and the twin in “{world}” never differ."]
    causes = [cause for cause in divergence["causes"] if cause != "not recorded"]
    why = f", because {_shortened(causes[0])}" if causes else "; the cause is not recorded"
    first = (
        f"On {divergence['date']} the citizen and the twin in “{world}” first differ: "
        f"{_events(divergence['here'], divergence['there'])}{why}."
    )
    feels, acts = (_since(divergence[key]) for key in ("feels", "acts"))
    return [first, f"What the citizen feels differs {feels}; what the citizen does differs {acts}."]


def _shortened(cause: str) -> str:
    """A cause with the first two of its parts; the table has them all."""
    parts = cause.split("; ")
    if len(parts) <= 2:
        return cause
    end = ")" if cause.endswith(")") else ""
    return f"{'; '.join(parts[:2])}; and {len(parts) - 2} more{end}"


def _events(here: list[str], there: list[str]) -> str:
    """What happened in one world only on the first day that differs."""
    parts = [
        f"{where} the events include “{what}”, {other} they do not"
        for events, where, other in ((here, "here", "there"), (there, "there", "here"))
        for what in events
    ]
    return "; ".join(parts) or "the same events occur, but the states differ"


def figure_lines(profile: Profile) -> list[tuple[str, str, str]]:
    """(key, values in their order, source) of the scenario's figures behind the events."""
    return [
        (key, ", then ".join(dict.fromkeys(map(in_words, each["values"]))), each["source"])
        for key, each in profile.figures.items()
    ]
