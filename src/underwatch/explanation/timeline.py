"""A life as lines of text: by year, what was done and entered, and why what was decided was."""

from collections import Counter
from textwrap import wrap

from underwatch.explanation.life import DONE, ROUTINE, Event, Life

WIDTH = 100
FEW = 4  # so many lines of a kind in a year are listed; more are summed
_ALWAYS = ("restricted by score", "restriction not confirmed", "listed", "stopped", "named in public",
           "appeal upheld", "dismissed")  # fmt: skip


def person(life: Life) -> list[str]:
    """Who the citizen is."""
    t = life.traits
    home = f"head of a household of {t['home_size']}" if t["place_in_home"] == 0 else (
        f"in a household of {t['home_size']}")  # fmt: skip
    names = ("income", "thrift", "conviction", "prudence", "independence", "sociability",
             "mobility", "taste")  # fmt: skip
    parts = ", ".join(f"{name} {t[name] / 255:.2f}" for name in names)
    does = ((1, "shops online"), (2, "is on platforms"), (4, "owes instalments"),
            (8, "knows how to get round the firewall"))  # fmt: skip
    is_in = ", ".join(what for bit, what in does if t["memberships"] & bit) or "none of these"
    lines = [
        f"Citizen {life.citizen} of {life.recording.citizens:,}, invented: {t['age']} years, "
        f"group {t['group']}, {t['place']}, {home}.",
        f"As shares of 1: {parts}. (Conviction 0 is with the official line, 1 against it.)",
        f"Habits: {is_in}.",
    ]  # fmt: skip
    if not life.adult:
        lines.append("A child: no acts, no file, no score. What is taken for a child falls on the "
                     "head of the household.")  # fmt: skip
    return [line for text in lines for line in wrap(text, WIDTH)]


def timeline(life: Life) -> list[str]:
    """The life year by year."""
    lines = []
    years = sorted({life.date(day).year for day in range(life.recording.days)})
    for year in years:
        events = [e for e in life.events if e.date[:4] == str(year)]
        lines += ["", f"{year}"]
        lines += _wrapped("did", did(life, year))
        listed, summed = _sorted(events)
        lines += _wrapped("on file", _summed(summed))
        for event in listed:
            lines += told(event)
    return lines


def did(life: Life, year: int) -> str:
    """What was done in a year, seen or not."""
    days = [day for day in range(life.recording.days) if life.date(day).year == year]
    sums = {label: int(life.acts[name][days].sum()) for name, label in DONE.items()}
    return "; ".join(f"{label} {n}" for label, n in sums.items() if n) or "nothing that counts"


def _sorted(events: list[Event]) -> tuple[list[Event], list[Event]]:
    """(what is listed, what is summed) of a year."""
    often = Counter((e.what, e.true_cause) for e in events)
    listed, summed = [], []
    for event in events:
        few = often[event.what, event.true_cause] <= (FEW if event.own else 3 * FEW)
        routine = event.what in ROUTINE or not few
        (summed if routine and event.what not in _ALWAYS else listed).append(event)
    return listed, summed


def _summed(events: list[Event]) -> str:
    """Events by kind, with their points, or the range of the risk that was felt."""
    kinds: dict[tuple, list[Event]] = {}
    for event in events:
        kinds.setdefault((event.what, event.true_cause), []).append(event)
    said = []
    for (what, cause), alike in kinds.items():
        text = f"{what}{'' if cause == 'own act' else f' ({cause})'} {sum(e.times for e in alike)}"
        said.append(text + _range(alike))
    return "; ".join(said)


def _range(alike: list[Event]) -> str:
    because = [e.because or {} for e in alike]
    points = sorted({b["points"] for b in because if "points" in b})
    if points:
        return f" [{' or '.join(f'{p:+}' for p in points)} each]"
    felt = sorted(v for b in because for k, v in b.items() if k.startswith("perceived"))
    if felt:
        name = "detection" if "offence" in alike[0].what else "risk"
        return f" [at a perceived {name} of {felt[0] / 255:.2f} to {felt[-1] / 255:.2f}]"
    return ""


def _wrapped(head: str, text: str) -> list[str]:
    if not text:
        return []
    return wrap(text, WIDTH, initial_indent=f"  {head + ':':<12}", subsequent_indent=" " * 14)


def told(event: Event) -> list[str]:
    """One event: its date, what, who entered it, what is wrong with it, and why."""
    text = event.what + (f" × {event.times}" if event.times > 1 else "")
    if event.sort == "record":
        text += f", entered by {event.entered_by}"
    elif event.what in ("restricted by score", "listed", "named in public", "stopped"):
        text += f": {event.true_cause}"
    if not event.own:
        text += f" – WRONG: {_wrong(event)}"
    reasons = _because(event)
    lines = wrap(text, WIDTH, initial_indent=f"  {event.date}  ", subsequent_indent=" " * 14)
    for reason in reasons:
        lines += wrap(reason, WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 16)
    return lines


def _wrong(event: Event) -> str:
    """Whose act it was, or that it was nobody's."""
    text = event.true_cause
    if event.whose:
        text += f", that of citizen {' and '.join(map(str, event.whose))}"
    if event.meant is not None:
        text += f", taken for their child {event.meant}, for whom the head answers"
    if event.sort == "decision" and event.true_cause in ("wrong record", "association"):
        text += ", no act of their own suffices"
    return text


def _because(event: Event) -> list[str]:
    """The reasons of an event, a line for each."""
    b = event.because or {}
    if "records" in b:
        return score_lines(b)
    lines = []
    for key, value in b.items():
        if key == "figures":
            continue
        if key == "points":
            lines.append(f"{value:+} points at the {b['read at']} office, once it is read there")
        elif key.startswith("perceived"):
            lines.append(f"{key} {value / 255:.2f}{_still(b)}")
        elif key == "sent by":
            lines.append(f"sent by: {_sent(value)}")
        elif not (key == "read at" and "points" in b) and key != "share still done":
            lines.append(f"{key}: {_plain(value)}")
    return lines


def _still(because: dict) -> str:
    share = because.get("share still done")
    return "" if share is None else f"; at it, {share:.0%} of such acts are still done"


def _sent(value) -> str:
    if isinstance(value, str):
        return value
    return "; ".join(f"{', '.join(sent['for'])} on {sent['date']}" for sent in value)


def _plain(value) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items()) or "nothing"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not recorded" if value is None else f"{value}"


def score_lines(b: dict) -> list[str]:
    """A decided score, traced: base, records, company, line."""
    kept = b["company"]
    head = f"score {b['score']}, line {b['line']}, until {b.get('until', 'not told')}; "
    head += f"reasons: {', '.join(b['reasons'])}"
    copy = ""
    if "delivered" in b:
        copy = ", which holds no copy"
        if b["delivered"]:
            copy = f", a copy delivered on {b['delivered']}"
    lines = [head, f"= base {b['base']:,}, from the file at the {b['read at']} office{copy}"]
    for record in b["records"]:
        lines.append(_record(record))
    if kept["contacts"]:
        lines.append(
            f"{kept['points']:+} for the company of {kept['contacts']} observed contacts with a "
            f"mean score of {kept['mean score']}, at a weight of {kept['weight']}"
        )
    rightful = b["score without what is not one's own"]
    lines.append(f"without the company {b['score without company']}, and without what is not "
                 f"their own either {rightful}")  # fmt: skip
    return lines


def _record(record: dict) -> str:
    if "whose" in record:
        theirs = record["their score the day before"]
        score = f"whose score was {theirs}" if theirs is not None else "who had no score"
        whose = f"{record['points']:+} of citizen {record['whose']}"
        return f"{whose}, {score}: entered under this name"
    text = f"{record['points']:+} for {record['count']} {record['kind']} at {record['each']:+} each"
    if "entered" in record:
        text += f" (entered {record['entered']}, {record['from']} to {record['to']}"
        text += f", halved {record['halved']} times" if record["halved"] else ""
        text += f"; {record['not own']} not their own)" if record["not own"] else ")"
    return text


def figures_used(life: Life) -> list[str]:
    """The scenario's figures that ruled decisions and wrong records, with their sources."""
    from underwatch.explanation.reasons import sources_of

    wanted = {key for e in life.events if e.sort == "decision" or not e.own
              for key in (e.because or {}).get("figures", ())}  # fmt: skip
    lines = []
    for key, source in sources_of(life).items():
        if key in wanted:
            seen = dict.fromkeys(_plain(e.because["figures"][key]) for e in life.events
                                 if key in (e.because or {}).get("figures", ()))  # fmt: skip
            lines += wrap(f"{key} = {', then '.join(seen)} – {source}", WIDTH,
                          initial_indent="  ", subsequent_indent="    ")  # fmt: skip
    return lines
