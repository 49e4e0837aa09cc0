"""A small invented population: people and ties from census margins."""

import numpy as np

from underwatch.kernel.columns import as_records
from underwatch.model.parameters.society import evened
from underwatch.model.society.people import CENSUS, PERSON, populate
from underwatch.model.society.segments import by_slot
from underwatch.model.society.ties import weave

LIKENESS = (0.3, 0.3, 0.4, 0.5)  # opinion, income, age, group


def census() -> np.ndarray:
    """Census 2020 shares in 65,536ths; other shares are assumed."""
    record = np.zeros(1, CENSUS)
    shares = dict(
        children=0.1795, old=0.187, urban=0.639, metropolis=0.25,
        shops=0.7, online=0.786, borrowers=0.5, evaders=0.2,
    )  # fmt: skip
    for name, share in shares.items():
        record[name] = round(share * 65536)
    record["markets"] = [round(x * 65536) for x in (0.5, 0.9, 1, 1)]
    record["platforms"] = [round(x * 65536) for x in (0.4, 0.7, 0.9, 1)]
    record["groups"] = [round(x * 65536) for x in (0.7, 0.88, 0.96, 1)]
    sizes = np.array([0.254, 0.297, 0.21, 0.132, 0.06, 0.027, 0.012, 0.008])
    record["homes"] = np.round(np.cumsum(sizes) * 65536)
    record["convictions"], record["old_ages"] = np.arange(256), 60 + np.arange(256) * 40 // 256
    record["home_income"], record["home_conviction"] = 128, 100
    record["likeness"] = LIKENESS
    record["evened_income"], record["evened_conviction"] = evened(0.5), evened(100 / 256)
    return record


def build(citizens: int, seed: int = 2018, likeness=LIKENESS):
    """(people, ties): a small nation and its candidate ties, open and closed."""
    people, shares = np.empty((2, citizens), np.uint64), census()
    shares["likeness"] = likeness
    populate(people, seed, shares, 0, citizens)
    return as_records(people, PERSON), weave(people, seed, shares)


def open_ties(ties) -> np.ndarray:
    """Whom everyone knows at the start, by slot: int64 (n, 16), n for nobody."""
    n = len(ties.slots)
    table = by_slot(ties, np.arange(n)).astype(np.int64)
    table[np.unpackbits(ties.closed[:, None].view(np.uint8), axis=1, bitorder="little") == 1] = n
    return table
