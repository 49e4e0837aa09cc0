"""What a user's scoring rule sees: a dossier, and the contacts' scores."""

from typing import NamedTuple


class Dossier(NamedTuple):
    """Retained records of each kind that the reader may see, 0 to 15; the others are 0."""

    late: int  # instalments
    repaid: int
    default: int  # judgements of the court
    favoured: int  # purchases
    disfavoured: int
    unpermitted: int  # posts
    contradicting: int
    minor_offence: int
    serious_offence: int
    good_deed: int
    assembly: int  # petitions and protests
    evasion: int  # of the firewall


class Contacts(NamedTuple):
    """The contacts whom the system observes and who bear a score, as of yesterday."""

    scored: int  # how many, 0 to 31
    total_score: int  # the sum of their scores; keeps the fraction that a mean drops
    mean_score: int  # rounded down; 0 if there is none
    # A random number of the citizen's day, 0 to 65,535. `(x + contacts.rounding) >> 16` rounds
    # x / 65,536 up or down so that the mean over citizens is exact; `x >> 16` is always lower.
    rounding: int
