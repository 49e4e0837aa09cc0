"""Runs and recordings that the tests of explanations share."""

import numpy as np
import pytest

from helpers.explained import HARSH, drawn, simulated
from underwatch.explanation.replay import replay
from underwatch.explanation.summary import profile_of
from underwatch.explanation.trajectory import Trajectory


def _wronged(harsh):
    """Sixty with wrong records or decisions: by name, face, crowd, post, copy or association."""
    reasons, file = harsh.states["reasons"].astype(int), harsh.states["file"]
    kinds = [reasons & 2 > 0, reasons >> 4 & 4 > 0, reasons >> 4 & 2 > 0,
             *(file >> np.uint64(4 * k) & np.uint64(15) > 0 for k in (13, 14, 15))]  # fmt: skip
    return sorted({int(i) for kind in kinds for i in np.flatnonzero(kind)[:12]})


@pytest.fixture(scope="session")
def harsh():
    return simulated("atlantic-2018", HARSH)


@pytest.fixture(scope="session")
def recording(harsh):
    return replay(harsh.provenance, [*drawn(), *_wronged(harsh)])


@pytest.fixture(scope="session")
def everyone(recording):
    """The trajectories of all recorded citizens."""
    return [Trajectory(recording, index) for index in range(len(recording.citizens))]


@pytest.fixture(scope="session")
def profiles(everyone):
    """The same as plain data."""
    return [profile_of(who) for who in everyone]


@pytest.fixture(scope="session")
def occurred(everyone):
    """Events by what happened and, if given, by their true cause: (trajectory, event)."""
    every = [(who, event) for who in everyone for event in who.events]
    return lambda what, cause=None: [
        (who, e) for who, e in every if e.what == what and cause in (None, e.true_cause)
    ]
