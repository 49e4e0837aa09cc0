"""Between act, sense and fuse: fewer cameras, fewer records, stricter matches."""

import numpy as np

from underwatch.model.sensing import matcher

_CAMERAS = ("watched_spots", "crowd_seen", "presence", "pass_checked")
_RECORDED = (
    "read_hit", "read_false", "petition_hit", "evasion_seen", "probed", "crowd_seen", "presence",
    "instalments_reported", "good_seen", "reports", "cap_slander",
)  # fmt: skip


def scaled(r: np.ndarray, names, factor: float) -> None:
    """Thresholds and weights of these names times a factor, rounded."""
    for name in names:
        r[name] = np.round(r[name] * factor).astype(np.int64)


def coverage(r, level, scenario):
    """Fewer places under a camera, fewer checks of passers-by."""
    scaled(r, _CAMERAS, 1 - level)


def minimise(r, level, scenario):
    """A share of what sensors could record is not recorded.

    Courts and the police still enter what a statute requires.
    """
    scaled(r, _RECORDED, 1 - level)


def match_threshold(r, level, scenario):
    """A stricter match: the thresholds move up the operating curve, and the rates follow."""
    matcher.set_rates(r, scenario, level)
