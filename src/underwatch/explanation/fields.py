"""Fields of a citizen's state in words, where two worlds differ."""

from collections.abc import Callable
from datetime import date

from underwatch.explanation.score import in_points, reasons
from underwatch.model import state
from underwatch.model.dossiers.records import KINDS, WRONG

_STANDING = (
    (state.IN_DEFAULT, "in default"), (state.COURT, "waiting at the court"),
    (state.COURT_SERVED, "judged"), (state.POLICE, "waiting for the police"),
    (state.POLICE_SERVED, "visited by the police"), (state.APPEAL, "appeal waiting"),
    (state.APPEAL_SERVED, "appeal heard"), (state.REVIEW, "review waiting"),
    (state.REVIEW_SERVED, "reviewed"), (state.POLICE_OWN, "visit for an own act"),
    (state.MEMBER, "member of the private score"), (state.KNOWS, "knows of the penalties"),
    (state.DISMISSED, "dismissed"), (state.POLICE_SPEECH, "visit for posts or assembly"),
)  # fmt: skip


def in_words(name: str, value: int, on: Callable[[int], date]) -> str | float:
    """A field of the state in words. on: the date of a day of the run."""
    if name in ("file", "region", "nation"):
        kinds = ((kind, value >> 4 * k & 15) for k, kind in enumerate((*KINDS, *WRONG)))
        return ", ".join(f"{kind} {n}" for kind, n in kinds if n) or "none"
    if name in ("list_until", "score_until"):
        return on(value - 1).isoformat() if value else "none"
    if name == "reasons":
        return _reasons(value)
    if name == "standing":
        return _standing(value)
    if name == "handed":
        return _handed_over(value)
    if name == "closed ties":
        return f"{value.bit_count()}"
    return in_points(round(value * 16)) if name == "score" else value


def _reasons(value: int) -> str:
    """Why restrictions stand: the blacklist in the lower half, the score in the upper one."""
    halves = (("blacklist", value & 7), ("score", value >> 4))
    parts = [f"{where}: {', '.join(reasons(bits))}" for where, bits in halves if bits]
    return "; ".join(parts) or "none"


def _standing(value: int) -> str:
    parts = [text for bit, text in _STANDING if value & bit]
    if overdue := value // state.OVERDUE & 3:
        parts.append(f"{overdue} missed in a row")
    return ", ".join(parts) or "none"


def _handed_over(value: int) -> str:
    """What companies have handed over, or hold back; see model/dossiers/handed.py."""
    parts = {
        "favoured": value & 15, "disfavoured": value >> 4 & 15, "wrong favoured": value >> 8 & 3,
        "wrong disfavoured": value >> 10 & 3, "waiting at a platform": (value >> 12).bit_count(),
    }  # fmt: skip
    return ", ".join(f"{kind} {n}" for kind, n in parts.items() if n) or "none"
