"""The day with a user's scoring rule: the kernels that take the place of points and association.

Each has the name and the arguments of the kernel whose place it takes, so that
the engine can compile the same day around it (engine/rebind.py).
"""

from typing import Any, NamedTuple

from underwatch.kernel.columns import picked
from underwatch.kernel.compile import kernel
from underwatch.model.day import WIDE
from underwatch.model.dossiers.records import (
    ASSEMBLY,
    CONTRADICTING,
    SERIOUS,
    UNPERMITTED,
    corrected,
)
from underwatch.model.dossiers.tiers import LOCAL, NATION, Copy, points_held, seen
from underwatch.model.parameters.record import Night
from underwatch.model.scoring.rule import ScoreRule
from underwatch.model.scoring.rule_arguments import Contacts, Dossier
from underwatch.model.scoring.scores import Score, sixteenths, within
from underwatch.model.state import FRACTION_BITS, mean

# A rule that a tier's reader applies needs to know which kinds of records that tier may see.
NightOfRule = NamedTuple(
    "NightOfRule", [(name, int) for name in (*Night._fields, "region_sees", "nation_sees")]
)
_SPEECH = 15 << 4 * UNPERMITTED | 15 << 4 * CONTRADICTING | 15 << 4 * ASSEMBLY


@kernel
def dossier_of(file, shared, sees):
    """The counts of a file as a reader finds them; `shared` is 1 if purchases are handed over."""
    return Dossier(
        seen(file, 0, sees), seen(file, 1, sees), seen(file, 2, sees),
        seen(file, 3, sees) * shared, seen(file, 4, sees) * shared,
        seen(file, 5, sees), seen(file, 6, sees), seen(file, 7, sees), seen(file, 8, sees),
        seen(file, 9, sees), seen(file, 10, sees), seen(file, 11, sees),
    )  # fmt: skip


@kernel
def contacts_of(observed, rounding, params):
    """What the rule learns of the observed contacts: nothing, while association is off.

    The scores of a rule are whole points.
    """
    on = params.association != 0
    scored = observed.contacts * on
    total = (observed.scores >> FRACTION_BITS) * on
    return Contacts(scored, total, mean(total, scored) >> 16, (rounding & 0xFFFF) * on)


@kernel
def no_contacts(file):
    """What the rule learns of contacts if there are none; `file` gives the type of zero."""
    return Contacts(file & 0, file & 0, file & 0, file & 0)


@kernel
def kinds_seen(params):
    """The kinds of records that the deciding office may see, a bit for each."""
    if params.score_reads == LOCAL:
        return params.sees
    return params.nation_sees if params.score_reads == NATION else params.region_sees


def replacements(score_rule: ScoreRule) -> dict[str, Any]:
    """name -> kernel, for each kernel of the day that reads points or association."""
    rule = score_rule.kernel

    def named(function):
        function.__qualname__ += f"_{score_rule.digest}"  # the linker finds code by name
        return kernel(function)

    @named
    def copy_of(file, shared, worth, sees, base):
        """What a file amounts to for a reader, in points relative to the base score."""
        alone = no_contacts(file)
        points = rule(dossier_of(file, shared, sees), alone)
        rightful = rule(dossier_of(corrected(file), shared, sees), alone)
        speech = 0
        if points != rule(dossier_of(file & ~_SPEECH, shared, sees), alone):
            speech = (
                seen(file, UNPERMITTED, sees) + seen(file, CONTRADICTING, sees)
                + seen(file, ASSEMBLY, sees)
            )  # fmt: skip
        return Copy(
            points - base, points - rightful, min(7, seen(file, CONTRADICTING, sees)),
            min(3, seen(file, SERIOUS, sees)), min(3, speech),
        )  # fmt: skip

    @named
    def assess(copy, file, shared, observed, rounding, params):
        """The score of a copy of the file, and what contacts' scores add at the local file."""
        dossier = dossier_of(file, shared, kinds_seen(params))
        own = params.base + copy.points
        associated = rule(dossier, contacts_of(observed, rounding, params))
        added = associated - rule(dossier, no_contacts(file))
        return Score(
            within(sixteenths(own + added), params), within(sixteenths(own), params),
            within(sixteenths(own - copy.foreign), params),
        )  # fmt: skip

    @named
    def morning_score(state, shared, observed, rounding, params):
        """The total of `assess` for a citizen whose file does not change today."""
        dossier = dossier_of(state.file, shared, kinds_seen(params))
        total = rule(dossier, contacts_of(observed, rounding, params))
        if params.score_reads != LOCAL:
            held = state.nation if params.score_reads == NATION else state.region
            total += params.base + points_held(held) - rule(dossier, no_contacts(state.file))
        return within(sixteenths(total), params)

    return {
        "copy_of": copy_of, "assess": assess, "morning_score": morning_score,
        "night_params": picked(NightOfRule, WIDE),
    }  # fmt: skip
