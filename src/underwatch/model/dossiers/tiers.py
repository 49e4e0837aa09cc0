"""Golden Shield (M5): local, regional and national files about the same person.

Each office holds records of its own: counts by kind, in the layout of records.py. The
local office enters what sensors claim, and delivers to the tiers above (deliveries.py).
The score and the police each read the file of one office. A day halves all three.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow
from underwatch.model.dossiers.handed import mislinked_points, with_purchases
from underwatch.model.dossiers.records import (
    ASSEMBLY,
    CONTRADICTING,
    DEFAULT,
    EVASION,
    GOOD,
    HALF,
    MINOR,
    SERIOUS,
    UNPERMITTED,
    WRONG_ASSEMBLY,
    WRONG_DEFAULT,
    WRONG_MINOR,
    WRONG_POST,
    count,
)

LOCAL, REGION, NATION = 0, 1, 2


class Files(NamedTuple):
    """The files about one person, by office."""

    local: int
    region: int
    nation: int
    handed: int  # what companies have handed over to the local office (handed.py)


class Found(NamedTuple):
    """What a reader finds about a person; points are relative to the base score."""

    points: int
    foreign: int  # of these, points that are not the person's own
    speech: int  # records of posts and assembly
    company: int  # points of what companies handed over: purchases and posts


@kernel
def files_of(state):
    """The files of a state."""
    return Files(state.file, state.region, state.nation, state.handed)


@kernel
def file_at(office, files):
    """The file that an office holds: LOCAL, REGION or NATION."""
    above = files.nation if office == NATION else files.region
    return files.local if office == LOCAL else above


@kernel
def read_at(office, files):
    """The file that a score reads at an office: the local one holds purchases as handed over."""
    local = with_purchases(files.local, files.handed)
    return file_at(office, Files(local, files.region, files.nation, files.handed))


@kernel
def fold(file, worth):
    """Points of a file.

    worth: the parameters of a day, with the points of one record of each kind.
    """
    low, high = narrow(file), narrow(file >> 32)
    purchases = worth.favoured * count(low, 3) + worth.disfavoured * count(low, 4)
    return (
        worth.late * count(low, 0) + worth.repaid * count(low, 1)
        + worth.default * count(low, DEFAULT) + purchases
        + worth.unpermitted * count(low, UNPERMITTED)
        + worth.contradicting * count(low, CONTRADICTING)
        + worth.minor * count(low, MINOR) + worth.serious * count(high, SERIOUS - HALF)
        + worth.good * count(high, GOOD - HALF) + worth.assembly * count(high, ASSEMBLY - HALF)
        + worth.evasion * count(high, EVASION - HALF)
    )  # fmt: skip


@kernel
def foreign(file, worth):
    """Points of the records that are not the person's own."""
    return (
        worth.default * count(file, WRONG_DEFAULT) + worth.unpermitted * count(file, WRONG_POST)
        + worth.minor * count(file, WRONG_MINOR) + worth.assembly * count(file, WRONG_ASSEMBLY)
    )  # fmt: skip


@kernel
def company_points(file, worth):
    """Points of purchases and posts, which companies handed over (M3).

    Neighbours' reports count with the unpermitted posts of platforms.
    """
    purchases = worth.favoured * count(file, 3) + worth.disfavoured * count(file, 4)
    return (
        purchases + worth.unpermitted * count(file, UNPERMITTED)
        + worth.contradicting * count(file, CONTRADICTING)
    )  # fmt: skip


@kernel
def seen(file, kind, sees):
    """The records of a kind that a reader finds; `sees` has a bit for each kind it may read."""
    return count(file, kind) * (sees >> kind & 1)


@kernel
def read_file(file, handed, params):
    """What the office that decides finds in the file that it reads.

    handed: with another person's purchases, of which no tier has any.
    """
    # Posts and assembly are grounds only if they have points.
    speech = (
        seen(file, CONTRADICTING, params.sees) * (params.contradicting != 0)
        + seen(file, UNPERMITTED, params.sees) * (params.unpermitted != 0)
        + seen(file, ASSEMBLY, params.sees) * (params.assembly != 0)
    )
    wrong = foreign(file, params)
    wrong += mislinked_points(handed, params) * (params.score_reads == LOCAL)
    return Found(fold(file, params), wrong, speech, company_points(file, params))
