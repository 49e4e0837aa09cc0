"""Deliveries of the local file to the regional and national tiers (M5).

The office of each neighbourhood delivers to a tier at a fixed interval, on a day that a hash
of its number sets. A delivery brings the tier's counts of the kinds that reach it to those of
the local file; kinds that reach it no more are kept until they halve away. So a tier's
records are as old as the last delivery, and a correction reaches the tier with the next one.

A delivery may be lost. It may also link to this person single records of another of the same
name, which the tier then counts among the wrong ones, until the next delivery.
"""

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.handed import with_purchases, without_mislinked
from underwatch.model.dossiers.linkage import LINKABLE, linked_records
from underwatch.model.dossiers.records import (
    ASSEMBLY,
    DEFAULT,
    MINOR,
    UNPERMITTED,
    WRONG_ASSEMBLY,
    WRONG_DEFAULT,
    WRONG_MINOR,
    WRONG_POST,
    linked,
)
from underwatch.model.dossiers.tiers import NATION, REGION, Files
from underwatch.model.society.people import BLOCK
from underwatch.model.streams import NATION_DELIVERY, REGION_DELIVERY, chance, delivers_today


@kernel
def reached(kinds):
    """The bits of a file that hold counts of these kinds, right or wrong; `kinds`: bits."""
    bits = 0
    for kind in range(12):
        bits |= 15 * (kinds >> kind & 1) << 4 * kind
    for wrong, kind in (
        (WRONG_DEFAULT, DEFAULT), (WRONG_POST, UNPERMITTED),
        (WRONG_MINOR, MINOR), (WRONG_ASSEMBLY, ASSEMBLY),
    ):  # fmt: skip
        bits |= 15 * (kinds >> kind & 1) << 4 * wrong
    return bits


@kernel
def delivered(held, file, others, bits, office, missed, mistaken, today, person):
    """A tier's file after today's delivery.

    file, others: the local files of the person and of the lookalike by name. bits: the counts
    that reach the tier. missed, mistaken: probabilities of 2^32 that the delivery is lost, and
    that a record of the lookalike is linked.
    """
    stream = REGION_DELIVERY if office == REGION else NATION_DELIVERY
    if chance(today, stream, person) < missed:
        return held
    held = (held & ~bits) | (file & bits)
    return linked(held, linked_records(others & bits & LINKABLE, office, mistaken, today, person))


@kernel
def receive(files, others, traits, today, person, params):
    """The files of a citizen after the deliveries of their neighbourhood's office today.

    others: the local file of the lookalike by name. Purchases that a marketplace linked to the
    wrong person stay at the local office.
    """
    block = person // BLOCK
    local = with_purchases(files.local, without_mislinked(files.handed))
    region, nation = files.region, files.nation
    if delivers_today(block, params.region_every, today.day):
        region = delivered(
            region, local, others, reached(params.region_sees), REGION,
            params.region_missed, params.region_mistaken, today, person,
        )  # fmt: skip
        if traits.piloted >= params.region_connected:  # this neighbourhood is not connected
            region = 0
    if delivers_today(block, params.nation_every, today.day):
        nation = delivered(
            nation, local, others, reached(params.nation_sees), NATION,
            params.nation_missed, params.nation_mistaken, today, person,
        )  # fmt: skip
        if traits.piloted >= params.nation_connected:
            nation = 0
    return Files(files.local, region, nation, files.handed)
