"""A map of an invented nation, day by day: means by neighbourhood, written while a run goes on.

A neighbourhood is 512 citizens with consecutive numbers, a district 128 neighbourhoods: the units
of the model itself. Each frame is one row of a file of fixed rows, so that a run that is resumed
writes its frames again in their places, and a page reads any of them without the others.

    frames.bin    rows: day, adults, then for each measure mean, spread, and a whole number for
                  each neighbourhood; 65,535 = no adult there
    map.json      where each neighbourhood lies, its district, what kind of place it is
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HEX, DISTRICT = 512, 128  # citizens of a neighbourhood, neighbourhoods of a district
FRAMES, LAYOUT = "frames.bin", "map.json"
NOBODY = 65_535
_KINDS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor_offence", "serious_offence", "good_deed", "assembly", "evasion",
)  # fmt: skip
_PLACES = ("rural", "town", "metropolis")
_RADIUS = 7  # of a district on the map, with a gap: 127 hexes lie within 6 steps
_DIRECTIONS = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))


class Sums(NamedTuple):
    """One measure on one evening, by neighbourhood: float64 (n)."""

    total: np.ndarray
    of: np.ndarray  # over how many adults
    squares: float  # sum of squares over everyone; of flags it is the total


@dataclass(frozen=True)
class Measure:
    """One measure of the map. scale: the unit of a whole number in a frame."""

    name: str
    unit: str
    scale: float
    read: Callable[[Any, _Blocks], Sums]


class _Blocks:
    """Everyone in rows of a neighbourhood each; the last may be filled up with nobody."""

    def __init__(self, citizens: int):
        self.citizens, self.hexes = citizens, -(-citizens // HEX)
        self._flags = np.zeros(self.hexes * HEX, bool)
        self._bytes = np.zeros(self.hexes * HEX, np.uint8)
        self._numbers = np.zeros(self.hexes * HEX)
        self.adult = np.zeros(citizens, bool)
        self.adults = np.zeros(self.hexes, np.int64)

    def begin(self, adult: np.ndarray) -> None:
        """Who is an adult this evening."""
        self.adult, self.adults = adult, self.count(adult)

    def count(self, flags: np.ndarray) -> np.ndarray:
        """How many of each neighbourhood have a flag."""
        self._flags[: self.citizens] = flags
        return np.asarray(np.count_nonzero(self._flags.reshape(self.hexes, HEX), axis=1))

    def total(self, values: np.ndarray) -> np.ndarray:
        """The sum of bytes in each neighbourhood."""
        self._bytes[: self.citizens] = values
        return np.asarray(self._bytes.reshape(self.hexes, HEX).sum(1, dtype=np.uint32))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of any numbers in each neighbourhood."""
        self._numbers[: self.citizens] = values
        return np.asarray(self._numbers.reshape(self.hexes, HEX).sum(1))


def _flag(name: str) -> Callable[[Any, _Blocks], Sums]:
    def read(columns: Any, blocks: _Blocks) -> Sums:
        found = blocks.count(getattr(columns, name) & blocks.adult)
        return Sums(100 * found, blocks.adults, 1e4 * found.sum())

    return read


def _level(name: str) -> Callable[[Any, _Blocks], Sums]:
    """A level from 0 to 255, shown from 0 to 100; children have none."""

    def read(columns: Any, blocks: _Blocks) -> Sums:
        values = getattr(columns, name)
        squares = float(np.dot(np.bincount(values, minlength=256), np.arange(256) ** 2))
        of_100 = 100 / 255
        return Sums(of_100 * blocks.total(values), blocks.adults, of_100**2 * squares)

    return read


def _score(columns: Any, blocks: _Blocks) -> Sums:
    score = columns.score
    scored = score >= 0
    points = np.maximum(score, 0)
    return Sums(blocks.sums(points), blocks.count(scored), float(np.square(points).sum()))


def _wrong_records(columns: Any, blocks: _Blocks) -> Sums:
    values = columns.records_wrong
    squares = float(np.dot(np.bincount(values, minlength=61), np.arange(61) ** 2))
    return Sums(blocks.total(values), blocks.adults, squares)


def _records(columns: Any, blocks: _Blocks) -> Sums:
    values = sum(getattr(columns, f"records_{kind}") for kind in _KINDS)
    squares = float(np.dot(np.bincount(values, minlength=181), np.arange(181) ** 2))
    return Sums(blocks.total(values), blocks.adults, squares)


MEASURES = {
    each.name: each
    for each in (
        Measure("restricted", "% of adults", 0.01, _flag("restricted")),
        Measure("risk", "0 to 100", 0.01, _level("risk")),
        Measure("wrongful", "% of adults", 0.01, _flag("ever_wrongful_restriction")),
        Measure("stopped", "% of adults", 0.01, _flag("ever_stopped")),
        Measure("support", "0 to 100", 0.01, _level("support")),
        Measure("score", "points", 0.1, _score),
        Measure("records", "records per adult", 0.01, _records),
        Measure("wrong_records", "records per adult", 0.001, _wrong_records),
    )
}


def row_of(hexes: int) -> np.dtype:
    """The type of one frame of so many neighbourhoods."""
    k = len(MEASURES)
    return np.dtype([
        ("day", "<i4"), ("adults", "<u4"), ("mean", "<f4", (k,)), ("spread", "<f4", (k,)),
        ("values", "<u2", (k, hexes)),
    ])  # fmt: skip


class MapWriter:
    """What a run calls every so many days: writes one frame, and the layout with the first.

    folder: where the files are. every: days from one frame to the next; the last day has one
    as well.
    """

    def __init__(self, folder: Path, citizens: int, every: int):
        self._folder, self._every = folder, every
        self._blocks = _Blocks(citizens)
        self._row = row_of(self._blocks.hexes)
        self._file = os.open(folder / FRAMES, os.O_RDWR | os.O_CREAT, 0o644)

    def __call__(self, columns: Any) -> int:
        """Write the frame of this evening; the value is the day alone."""
        blocks = self._blocks
        blocks.begin(columns.adult)
        if not (self._folder / LAYOUT).exists():
            write_layout(self._folder, columns.place, blocks.adults)
        row = np.zeros((), self._row)
        row["day"], row["adults"] = columns.day, blocks.adults.sum()
        for k, measure in enumerate(MEASURES.values()):
            total, of, squares = measure.read(columns, blocks)
            people = max(int(of.sum()), 1)
            mean = float(total.sum()) / people
            row["mean"][k] = mean
            row["spread"][k] = max(squares / people - mean**2, 0) ** 0.5
            shown = np.rint(total / (np.maximum(of, 1) * measure.scale))
            row["values"][k] = np.where(of > 0, np.minimum(shown, NOBODY - 1), NOBODY)
        at = -(-columns.day // self._every)
        os.pwrite(self._file, row.tobytes(), at * self._row.itemsize)
        return int(columns.day)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def write_layout(folder: Path, place: np.ndarray, adults: np.ndarray) -> None:
    """Where each neighbourhood lies, and what is there on the first evening of the map."""
    hexes = [
        {
            "id": k, "q": q, "r": r, "district": k // DISTRICT, "adults": int(adults[k]),
            "kind": _PLACES[int(np.bincount(place[k * HEX : (k + 1) * HEX], minlength=3).argmax())],
        }
        for k, (q, r) in enumerate(map(position, range(len(adults))))
    ]  # fmt: skip
    part = folder / f".{LAYOUT}"
    part.write_text(json.dumps({"citizens": len(place), "hexes": hexes}), "utf-8")
    part.replace(folder / LAYOUT)


def position(k: int) -> tuple[int, int]:
    """Axial coordinates of a neighbourhood: a spiral in its district, districts on a larger one.

    Examples
    --------
    >>> position(0), position(1), len({position(k) for k in range(2000)})
    ((0, 0), (-1, 1), 2000)
    """
    district, inside = divmod(k, DISTRICT)
    a, b = _spiral(district)
    q, r = _spiral(inside)
    return a * (2 * _RADIUS + 1) + b * _RADIUS + q, -a * _RADIUS + b * (_RADIUS + 1) + r


def _spiral(k: int) -> tuple[int, int]:
    """The k-th cell of a spiral of hexes around (0, 0), in axial coordinates."""
    if k == 0:
        return 0, 0
    ring = 1
    while k > 3 * ring * (ring + 1):
        ring += 1
    k -= 3 * ring * (ring - 1) + 1
    q, r = -ring, ring
    side, along = divmod(k, ring)
    for s in range(side):
        dq, dr = _DIRECTIONS[s]
        q, r = q + dq * ring, r + dr * ring
    dq, dr = _DIRECTIONS[side]
    return q + dq * along, r + dr * along


class FrameReader:
    """The frames of one run as they are written. Reads rows only; holds no file open."""

    def __init__(self, folder: Path, citizens: int):
        self._file, self._row = folder / FRAMES, row_of(-(-citizens // HEX))

    def count(self) -> int:
        """How many whole frames are written."""
        try:
            return self._file.stat().st_size // self._row.itemsize
        except FileNotFoundError:
            return 0

    def read(self, first: int, most: int) -> np.ndarray:
        """At most so many frames from the first on."""
        most = max(0, min(most, self.count() - first))
        if not most:
            return np.zeros(0, self._row)
        offset = first * self._row.itemsize
        return np.fromfile(self._file, self._row, most, offset=offset)
