"""What companies have handed over to the local office, and what they hold back (M3).

Beside the file of a citizen, the local office counts the purchases that a marketplace has handed
over. The counts of purchases in the file itself are those of the marketplace, which the private
score reads. Sixteen bits for a citizen:

    0-3, 4-7     favoured and disfavoured purchases handed over, 0 to 15
    8-9, 10-11   how many of these are another person's of the same name, 0 to 3
    12-15        flagged records that wait at the platform for its next delivery
                 (sensing/platforms.py)
"""

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.records import DISFAVOURED, FAVOURED

PURCHASES = 15 << 4 * FAVOURED | 15 << 4 * DISFAVOURED  # their bits in a file
MISLINKED, WAITING = 0x0F00, 0xF000
_FIRST, _HALF = 4 * FAVOURED, 0x0577


@kernel
def with_purchases(file, handed):
    """The local office's file: purchases as they were handed over, the rest as entered."""
    return (file & ~PURCHASES) | (handed & 255) << _FIRST


@kernel
def packed(favoured, disfavoured, wrong_favoured, wrong_disfavoured):
    """Counts of purchases in the layout of `handed`, each at most what it has room for."""
    return (
        min(15, favoured) | min(15, disfavoured) << 4
        | min(3, wrong_favoured) << 8 | min(3, wrong_disfavoured) << 10
    )  # fmt: skip


@kernel
def halved(handed):
    """The counts after the day on which a file halves; what waits at a platform still waits."""
    return (handed >> 1 & _HALF) | handed & WAITING


@kernel
def without_mislinked(handed):
    """The counts without another person's purchases."""
    good, bad = handed & 15, handed >> 4 & 15
    good -= min(good, handed >> 8 & 3)
    bad -= min(bad, handed >> 10 & 3)
    return good | bad << 4 | handed & WAITING


@kernel
def mislinked_points(handed, worth):
    """Points of another person's purchases in the local office's file."""
    return worth.favoured * (handed >> 8 & 3) + worth.disfavoured * (handed >> 10 & 3)
