"""The list of faults does not rot: each can still be planted, and names tests that exist."""

from collections import Counter
from pathlib import Path

from tests.mutation.faults import SOURCES, faults, subset

ROOT = Path(__file__).parents[2]


def test_every_fault_has_a_name_of_its_own_and_stands_in_the_source_once():
    listed, sources = faults(), {}
    assert max(Counter(fault.name for fault in listed).values()) == 1 and len(listed) >= 60
    for fault in listed:
        if fault.file not in sources:
            sources[fault.file] = (ROOT / SOURCES / fault.file).read_text("utf-8")
        changed = fault.applied(sources[fault.file])
        compile(changed, fault.file, "exec")  # a fault of the science, not of the syntax


def test_the_tests_that_faults_name_exist():
    for test in subset(faults()):
        file, _, name = test.partition("::")
        source = (ROOT / file).read_text("utf-8")
        assert not name or f"def {name}(" in source, test


def test_faults_are_spread_over_kinds_and_organs():
    kinds, organs = (
        Counter(getattr(fault, key) for fault in faults()) for key in ("kind", "organ")
    )
    assert len(kinds) >= 12 and len(organs) >= 20
    assert max(organs.values()) <= len(faults()) / 5
