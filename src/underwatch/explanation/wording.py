"""The basis of an event in words, one line for each part, and how numbers are written."""

from underwatch.explanation.profile import Event

_OWN_LINE = ("figures", "share still done")  # keys of a basis that have no line of their own


def fault(event: Event) -> str:
    """Why an event is wrong: whose act it was, or that there was none; empty if it is right."""
    if event.own:
        return ""
    text = event.true_cause
    if event.whose:
        text += f" (citizen {' and '.join(map(str, event.whose))})"
    if event.mistaken_for is not None:
        text += f", mistaken for the child {event.mistaken_for} of the household"
    if event.sort == "decision" and event.true_cause in ("wrong record", "association"):
        text += ", no act of the citizen's own suffices"
    return text


def basis_lines(event: Event) -> list[str]:
    """The basis of an event, one line for each part."""
    basis = event.basis or {}
    if "records" in basis:
        return score_lines(basis)
    lines = []
    for key, value in basis.items():
        if key in _OWN_LINE or (key == "read at" and "points" in basis):
            continue
        if key == "points":
            lines.append(f"{points(value)} points when the {basis['read at']} office reads it")
        elif key.startswith("perceived"):
            lines.append(f"{key} {value / 255:.2f}{_still_done(basis)}")
        elif key == "ordered by":
            lines.append(f"ordered by: {_orders(value)}")
        else:
            lines.append(f"{key}: {plain(value)}")
    return lines


def _still_done(basis: dict) -> str:
    share = basis.get("share still done")
    return "" if share is None else f"; {percent(share)} of such acts are still done at it"


def _orders(value) -> str:
    if isinstance(value, str):
        return value
    return "; ".join(f"{', '.join(each['for'])} on {each['date']}" for each in value)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{100 * share:.0f} %"


def points(value: float) -> str:
    """Points with their sign; a minus is a minus and no hyphen."""
    return f"{value:+,}".replace("-", "−")


def number(value: float) -> str:
    """A number with thousands separators, and with two decimals at most."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def counted(n: int, one: str, many: str = "") -> str:
    """A number and its noun, such as "1 record" or "1,200 records"."""
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def plain(value) -> str:
    """A value of a basis or a figure in words."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not recorded" if value is None else str(value)


def score_lines(basis: dict) -> list[str]:
    """How a decided score is composed: base, records, association, line."""
    associated = basis["association"]
    head = f"score {basis['score']:,} below the line of {basis['line']:,}"
    if "last day" in basis:
        head += f"; last day {basis['last day']}"
    head += f"; reasons: {', '.join(basis['reasons'])}"
    source = ""
    if "delivered" in basis:
        source = ", to which nothing was delivered"
        if basis["delivered"]:
            source = f", as last delivered on {basis['delivered']}"
    lines = [head, f"base {basis['base']:,}; file read at the {basis['read at']} office{source}"]
    lines += [_record_line(record) for record in basis["records"]]
    if associated["contacts"]:
        lines.append(
            f"{points(associated['points'])} for association with {associated['contacts']} scored "
            f"contacts (mean score {associated['mean score']:,}, weight {associated['weight']})"
        )
    lines.append(f"score without association: {basis['score without association']:,}; also "
                 f"without wrong records: {basis['score without wrong records']:,}")  # fmt: skip
    return lines


def _record_line(record: dict) -> str:
    each = f"{record['count']} {record['kind']} at {points(record['each'])} each"
    text = f"{points(record['points'])} for {each}"
    if "whose" in record:
        text += f", linked from citizen {record['whose']} of the same name"
    if "entered" in record:
        text += f" (entered: {record['entered']}, {record['from']} to {record['to']}"
        text += f"; halved {record['halved']} times" if record["halved"] else ""
        text += f"; wrong: {record['wrong']}" if record["wrong"] else ""
        text += ")"
    return text
