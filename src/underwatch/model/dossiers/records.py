"""Stage 3, fuse: sightings become a file of counts that halve with time (M2).

A file is one number of sixteen counts of four bits, so that halving it, or
reading it for everyone at once, is one operation. A count ends at fifteen. The
last four counts are of records that are not the citizen's own. They serve the
measures and the correction of files.
"""

import numpy as np

from underwatch.kernel.compile import kernel

KINDS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor", "serious", "good", "assembly", "evasion",
)  # fmt: skip
WRONG = ("wrong_default", "wrong_post", "wrong_minor", "wrong_assembly")
(
    LATE, REPAID, DEFAULT, FAVOURED, DISFAVOURED, UNPERMITTED, CONTRADICTING,
    MINOR, SERIOUS, GOOD, ASSEMBLY, EVASION, WRONG_DEFAULT, WRONG_POST, WRONG_MINOR, WRONG_ASSEMBLY,
) = range(16)  # fmt: skip
HALF = 8  # kinds in 32 bits of a file

# Who enters each kind of record. A reader sees a kind if one of its sources is open to it.
SOURCES = {
    "banks": ("late", "repaid"), "courts": ("default",),
    "marketplaces": ("favoured", "disfavoured"),
    "platforms": ("unpermitted", "contradicting", "assembly", "evasion"),
    "cameras": ("minor", "assembly"), "police": ("serious",), "registers": ("good",),
}  # fmt: skip

_HALF = 0x7777777777777777


@kernel
def count(file, kind):
    """How many records of a kind a file counts, 0..15."""
    return (file >> 4 * kind) & 15


@kernel
def _with(file, kind, more):
    held = count(file, kind)
    return file + ((min(15, held + more) - held) << 4 * kind)


@kernel
def retained(file, halved):
    """A file after today's retention: its counts halve if `halved`."""
    return (file >> 1) & _HALF if halved else file


@kernel
def linked(file, others):
    """A file with the records of another person of the same name that are linked to it.

    Only kinds that are entered by name or face are: those of which a file counts wrong records.
    """
    for wrong, kind in (
        (WRONG_DEFAULT, DEFAULT), (WRONG_POST, UNPERMITTED),
        (WRONG_MINOR, MINOR), (WRONG_ASSEMBLY, ASSEMBLY),
    ):  # fmt: skip
        more = count(others, kind)
        file = _with(_with(file, kind, more), wrong, more)
    return file


@kernel
def fuse(file, seen, face, name, crowd, halved):
    """Tomorrow's local file.

    face, name, crowd: flags of yesterday's misidentifications of this citizen.
    halved: whether the file halves today.
    """
    read, caught, entered, reported = seen.read, seen.caught, seen.entered, seen.reported
    file = retained(file, halved)
    if entered.late | entered.repaid | entered.judged | entered.serious | entered.good | name:
        file = _with(file, LATE, entered.late)
        file = _with(file, REPAID, entered.repaid)
        file = _with(file, DEFAULT, entered.judged + name)
        file = _with(file, SERIOUS, entered.serious)
        file = _with(file, GOOD, entered.good)
        file = _with(file, WRONG_DEFAULT, name)
    if seen.favoured | seen.disfavoured:
        file = _with(file, FAVOURED, seen.favoured)
        file = _with(file, DISFAVOURED, seen.disfavoured)
    false = read.misread + reported.falsely
    posts = read.unpermitted + reported.truly + false
    if posts + read.contradicting:
        file = _with(file, UNPERMITTED, posts)
        file = _with(file, CONTRADICTING, read.contradicting)
        file = _with(file, WRONG_POST, false)
    if caught.minor | face:
        file = _with(file, MINOR, caught.minor + face)
        file = _with(file, WRONG_MINOR, face)
    assembly = caught.protest + read.petition + caught.bystander + crowd
    if assembly:
        file = _with(file, ASSEMBLY, assembly)
        file = _with(file, WRONG_ASSEMBLY, caught.bystander + crowd)
    if seen.passed.evasion:
        file = _with(file, EVASION, 1)
    return file


@kernel
def corrected(file):
    """The file without the records that are not the citizen's own."""
    for wrong, kind in (
        (WRONG_DEFAULT, DEFAULT), (WRONG_POST, UNPERMITTED),
        (WRONG_MINOR, MINOR), (WRONG_ASSEMBLY, ASSEMBLY),
    ):  # fmt: skip
        taken = min(count(file, kind), count(file, wrong))
        file -= (taken << 4 * kind) + (count(file, wrong) << 4 * wrong)
    return file


@kernel
def halves_today(person, halve_days, fading):
    """Whether a citizen's file halves today: once in a half-life, on a day that a hash sets."""
    return (person * 2_654_435_769 & 0xFFFFFFFF) * halve_days >> 32 == fading


@kernel
def bits_of(kinds):
    """The bits of a file that count some kinds; kinds: a bit for each."""
    bits = 0
    for kind in range(12):
        bits |= (kinds >> kind & 1) * (15 << 4 * kind)
    return bits


@kernel
def records(file):
    """How many records a file counts in all."""
    pairs = (file & 0x0F0F0F0F0F0F) + (file >> 4 & 0x0F0F0F0F0F0F)  # the twelve kinds
    return pairs % 255  # the sum of its bytes, each at most 30


def counts(files: np.ndarray) -> dict[str, np.ndarray]:
    """The counts of many files by name: uint64 (n) -> uint8 (n) for each kind."""
    return {
        name: (files >> np.uint64(4 * k)).astype(np.uint8) & 15
        for k, name in enumerate((*KINDS, *WRONG))
    }
