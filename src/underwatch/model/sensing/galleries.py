"""Searches of a gallery, and look-alikes, in whole numbers (M12).

A search of a gallery without the person returns somebody with the chance FPIR. The list that
watch-list cameras search changes every day, so its FPIR is composed every day from those of
galleries of 1, 2, 4 … faces, as a whole number is of its binary digits:

    FPIR(m + n) = 1 − (1 − FPIR(m)) · (1 − FPIR(n))

Some citizens resemble many others. Each has a factor on the false-match rate, drawn once for
the run; a citizen with the factor f is searched as if the gallery held f times as many faces.
"""

from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import both, either
from underwatch.kernel.random import draw
from underwatch.model.streams import RESEMBLANCE

FACTORS = 1024  # equally frequent factors of resemblance
COARSE = 32  # of them as the national gallery knows them: means of 32 neighbours
FACE = 256  # parts of a face in which galleries are counted
PARTS = 44  # binary digits of a gallery in parts of a face
CERTAIN = 1 << 32


@kernel
def resemblance(today, person):
    """The place of a citizen's factor in ascending order, 0 to FACTORS − 1; the same every day."""
    return draw(today.seed, RESEMBLANCE, 0, person) >> 22


@kernel
def false_positive(found, group, faces):
    """FPIR of a gallery for a group, of 2^32; faces: its size in 256ths of a face.

    found[group, j]: FPIR of 2^j parts of a face.
    """
    chance, left, j = 0, min(faces, (1 << PARTS) - 1), 0
    while left > 0:
        if left & 1:
            chance = either(chance, found[group, j])
        left >>= 1
        j += 1
    return chance


@kernel
def mistaken_at_search(today, person, group, params):
    """The chance that today's search of the watch list returns somebody for this citizen."""
    factor = params.resemblances[resemblance(today, person)]
    return false_positive(params.found_in_list, group, today.faces * factor >> 10)


@kernel
def most_mistaken(faces, params):
    """A bound of anybody's chance of a false alert today, of 2^32.

    A factor of a mean over equally frequent ones is at most FACTORS.
    """
    most, largest = 0, params.resemblances[FACTORS - 1]
    for group in range(4):
        most = max(most, false_positive(params.found_in_list, group, faces * largest >> 10))
    return min(CERTAIN, both(params.cap_checked, most) + (most > 0))


@kernel
def faces_on_list(listed, total, params):
    """The faces on the watch list today, in 256ths of a face.

    listed: citizens on it yesterday, of `total`; a run may stand for a larger population.
    """
    scale = 1 << 16
    if params.list_scaled_to > 0:
        scale = (params.list_scaled_to << 16) // total
    return (listed * scale >> 8) + (params.list_outsiders << 8)
