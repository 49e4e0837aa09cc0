"""The claim of tests/model/test_twin.py on small villages, for kernels as plain Python.

Parameters are harsher still: rates differ by group, scores reach the floor, the declined wait.
The twin itself is never mutated, so that its days are simulated once for each input.
"""

import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from helpers import worlds
from helpers.twin import twin
from model.test_twin import differences, settled, three_epochs
from underwatch.model.parameters.society import caps

KEPT = os.environ.get("UNDERWATCH_TWIN_DAYS")  # a folder of one campaign of faults


def _kept(simulate):
    """The twin's `simulate`, which looks up what it has simulated before."""

    def once(*inputs):
        content = pickle.dumps(inputs)
        file = Path(KEPT) / hashlib.sha256(content).hexdigest()
        if file.exists():
            return pickle.loads(file.read_bytes())
        found = simulate(*inputs)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(found))
        part.rename(file)
        return found

    return once if KEPT else simulate


def harsher(citizens):
    """Three epochs of parameters under which every branch is taken in so small a village."""
    table, _ = three_epochs()
    for queue in ("court", "police", "appeal", "review"):
        table[f"{queue}_capacity"] *= 600 // citizens
    group, other = np.arange(4)[:, None], np.arange(4)
    table["match_false"] = table["match_false"] * np.where(group < other, 24, 2) // 10
    table["found_in_list"] = table["found_in_list"] * (1 + group) // 4
    table["floor"] = [0, 930, 960]
    table["credit_wait"] = 2
    table["list_days"] = 3  # so that listings end by their date
    table["spark"] *= 4
    table["buy_favoured"] *= 10  # so that counts reach their end
    table["presence"] = worlds.P
    caps(table, 3)
    return table


@pytest.mark.parametrize(
    ("citizens", "days"), [(60, (12, 10, 10)), (120, (40, 30, 24))], ids=["small", "larger"]
)
def test_twin_and_engine_agree_in_a_village(monkeypatch, citizens, days):
    monkeypatch.setattr(twin, "simulate", _kept(twin.simulate))
    table = harsher(citizens)
    found, _ = differences(settled(citizens), table, np.repeat([0, 1, 2], days), table)
    assert found[:10] == []
