"""The day with a user's scoring rule: the kernels that take the place of points and association.

Each has the name and the arguments of the kernel whose place it takes, so that
the engine can compile the same day around it (engine/rebind.py).
"""

from typing import Any

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.handed import with_purchases, without_mislinked
from underwatch.model.dossiers.records import (
    ASSEMBLY,
    CONTRADICTING,
    DISFAVOURED,
    FAVOURED,
    UNPERMITTED,
    corrected,
)
from underwatch.model.dossiers.tiers import LOCAL, Found, seen
from underwatch.model.scoring.rule import ScoreRule
from underwatch.model.scoring.rule_arguments import Contacts, Dossier
from underwatch.model.scoring.scores import Score, sixteenths, within
from underwatch.model.state import FRACTION_BITS, mean

_COMPANY = 15 << 4 * FAVOURED | 15 << 4 * DISFAVOURED
_COMPANY |= 15 << 4 * UNPERMITTED | 15 << 4 * CONTRADICTING
_SPEECH = 15 << 4 * UNPERMITTED | 15 << 4 * CONTRADICTING | 15 << 4 * ASSEMBLY


@kernel
def dossier_of(file, sees):
    """The counts of a file as a reader finds them."""
    return Dossier(
        seen(file, 0, sees), seen(file, 1, sees), seen(file, 2, sees),
        seen(file, 3, sees), seen(file, 4, sees), seen(file, 5, sees),
        seen(file, 6, sees), seen(file, 7, sees), seen(file, 8, sees),
        seen(file, 9, sees), seen(file, 10, sees), seen(file, 11, sees),
    )  # fmt: skip


@kernel
def contacts_of(observed, rounding, params):
    """What the rule learns of the observed contacts: nothing, while association is off.

    The scores of a rule are whole points.
    """
    on = params.association != 0
    scored = np.int64(observed.contacts) * on  # a rule computes with int64
    total = np.int64(observed.scores >> FRACTION_BITS) * on
    return Contacts(scored, total, mean(total, scored) >> 16, np.int64(rounding & 0xFFFF) * on)


@kernel
def no_contacts(file):
    """What the rule learns of contacts if there are none; `file` gives the type of zero."""
    return Contacts(file & 0, file & 0, file & 0, file & 0)


def replacements(score_rule: ScoreRule) -> dict[str, Any]:
    """name -> kernel, for each kernel of the day that reads points or association."""
    rule = score_rule.kernel

    def named(function):
        function.__qualname__ += f"_{score_rule.digest}"  # the linker finds code by name
        return kernel(function)

    @named
    def read_file(file, handed, params):
        """What a file amounts to for the office that decides, relative to the base score."""
        alone, sees = no_contacts(file), params.sees
        points = rule(dossier_of(file, sees), alone)
        own = corrected(file)
        if params.score_reads == LOCAL:
            own = with_purchases(own, without_mislinked(handed))
        rightful = rule(dossier_of(own, sees), alone)
        speech = 0
        if points != rule(dossier_of(file & ~_SPEECH, sees), alone):
            speech = (
                seen(file, UNPERMITTED, sees) + seen(file, CONTRADICTING, sees)
                + seen(file, ASSEMBLY, sees)
            )  # fmt: skip
        rest = rule(dossier_of(file & ~_COMPANY, sees), alone)
        return Found(points - params.base, points - rightful, speech, points - rest)

    @named
    def assess(found, file, observed, rounding, params):
        """The score of a file, with contacts and without."""
        total = rule(dossier_of(file, params.sees), contacts_of(observed, rounding, params))
        own = params.base + found.points
        return Score(
            within(sixteenths(total), params), within(sixteenths(own), params),
            within(sixteenths(own - found.foreign), params),
            within(sixteenths(total - found.company), params),
        )  # fmt: skip

    @named
    def morning_score(file, observed, rounding, params):
        """The total of `assess` for a citizen whose file does not change today."""
        dossier = dossier_of(file, params.sees)
        return within(sixteenths(rule(dossier, contacts_of(observed, rounding, params))), params)

    return {"read_file": read_file, "assess": assess, "morning_score": morning_score}
