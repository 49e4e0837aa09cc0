"""The passes of invented people before a camera, in whole numbers: who might be alerted on.

Everyone has a group, a degree of resemblance to others (the address of the engine's, M12) and a
number of passes in the period. Each pass has one draw, which all settings of the camera share:
a setting alerts on the pass if the draw is below its FPIR for that person. Only passes below the
highest of these chances are kept.
"""

from __future__ import annotations

import numpy as np

from underwatch.kernel.compile import serial
from underwatch.kernel.random import draw
from underwatch.model.sensing.galleries import false_positive
from underwatch.model.streams import RESEMBLANCE

# Streams of this model of passes; those of the engine are below.
GROUP, PASSES, SEARCH = (1 << 20) + np.arange(0, 12, 4)
MOMENT, HOUR, CONFIRMED, ACTED_ON, SPARED, APPEALS, UPHELD, REVIEW_TIME, APPEAL_TIME, KEPT = (
    1 << 20
) + np.arange(12, 22)


def _chances(found, sizes, resemblances, out):
    """FPIR of 2^32 by [setting, group, resemblance].

    found: by [setting, group, j], FPIR of 2^j parts of a face. sizes: of the list of each
    setting, in 256ths of a face. resemblances: factors in 1,024ths.
    """
    for s in range(out.shape[0]):
        for g in range(out.shape[1]):
            for k in range(out.shape[2]):
                out[s, g, k] = false_positive(found[s], g, sizes[s] * resemblances[k] >> 10)


def _candidates(seed, first, count, numbers, groups, most, out, passes):
    """Passes of people `first` to `first + count` that some setting alerts on; how many.

    numbers: cumulative chances of 0, 1, 2 … passes, of 2^32. groups: cumulative shares, of 2^32.
    most: the highest chance by [group, resemblance]. out: rows (person, pass, draw, group,
    resemblance), filled as far as it goes. passes: of all people, added up by group.
    """
    filled = 0
    for person in range(first, first + count):
        group, u = 0, draw(seed, GROUP, 0, person)
        while group < groups.shape[0] - 1 and u >= groups[group]:
            group += 1
        place = draw(seed, RESEMBLANCE, 0, person) >> 22
        n = np.searchsorted(numbers, draw(seed, PASSES, 0, person), "right")
        passes[group] += n
        limit = most[group, place]
        for k in range(n):
            u = draw(seed, SEARCH, k, person)
            if u < limit:
                if filled < out.shape[0]:
                    out[filled, 0], out[filled, 1], out[filled, 2] = person, k, u
                    out[filled, 3], out[filled, 4] = group, place
                filled += 1
    return filled


def _draws(seed, streams, people, numbers, out):
    """out[j, i]: the draw of stream j for pass i, given by person and number."""
    for j in range(streams.shape[0]):
        for i in range(people.shape[0]):
            out[j, i] = draw(seed, streams[j], numbers[i], people[i])


chances = serial(_chances)
candidates = serial(_candidates)
draws = serial(_draws)
