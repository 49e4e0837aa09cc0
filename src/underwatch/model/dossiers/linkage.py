"""Record linkage: whose records a delivery takes for the same person's.

Names are no numbers: each record of somebody of the same name is linked with a probability, and
then counts as a wrong one in the file that it reaches. The random draws have an address for each
office, kind and record.
"""

import numpy as np

from underwatch.kernel.compile import nopython
from underwatch.model.dossiers.records import ASSEMBLY, DEFAULT, KINDS, MINOR, UNPERMITTED, count
from underwatch.model.streams import LINKED, chance

# Kinds that a tier may link: those that are entered by name or face.
LINKABLE = 15 << 4 * DEFAULT | 15 << 4 * UNPERMITTED | 15 << 4 * MINOR | 15 << 4 * ASSEMBLY
_OFFICE, _KIND = 256, 16  # addresses of one office, and of one kind


@nopython
def linked_records(others, office, mistaken, today, person):
    """Which records of another person of the same name are linked: counts in a file's layout.

    others: the counts that may be. mistaken: the probability for each record, of 2^32.
    """
    if others == 0 or mistaken == 0:
        return 0
    found = 0
    for kind in range(len(KINDS)):
        for k in range(count(others, kind)):
            u = chance(today, LINKED + _OFFICE * office + _KIND * kind + k, person)
            found += np.int64(u < mistaken) << 4 * kind
    return found
