"""Stage 3, fuse: sightings become a dossier of counts that halve with time."""

from typing import NamedTuple

from underwatch.engine.law import law


class Dossier(NamedTuple):
    """Counts the file holds, 0..255, in the order of the rules' points."""

    late: int
    repaid: int
    default: int
    favoured: int
    disfavoured: int
    unpermitted: int
    contradicting: int
    minor: int
    serious: int
    good: int
    wrong_default: int  # carried for the measures alone: records not one's own
    wrong_post: int
    wrong_minor: int


@law
def _added(count, new, halved):
    return min(255, (count >> halved) + new)


@law
def fuse(mine, seen, face, name, halved):
    """Tomorrow's dossier; `face` and `name` are yesterday's mistakes that landed here."""
    return Dossier(
        _added(mine.late, seen.late, halved),
        _added(mine.repaid, seen.repaid, halved),
        _added(mine.default, seen.judged + name, halved),
        _added(mine.favoured, seen.favoured, halved),
        _added(mine.disfavoured, seen.disfavoured, halved),
        _added(mine.unpermitted, seen.unpermitted + seen.misread, halved),
        _added(mine.contradicting, seen.contradicting, halved),
        _added(mine.minor, seen.minor + face, halved),
        _added(mine.serious, seen.serious, halved),
        _added(mine.good, seen.good, halved),
        _added(mine.wrong_default, name, halved),
        _added(mine.wrong_post, seen.misread, halved),
        _added(mine.wrong_minor, face, halved),
    )
