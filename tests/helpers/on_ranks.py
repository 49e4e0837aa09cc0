"""A program that every rank runs: one run that is interrupted, resumed, and killed on the way.

Before it, a run ends because another rank than the first gets a signal. For the first checkpoint
there is no room on disk.

Arguments: the folder of the run.
"""

import errno
import os
import signal
import sys

from mpi4py import MPI

import underwatch as uw
from underwatch.engine.ranks import gathering

# Mistakes, deliveries to offices and by a marketplace, births, and two reviews of ties.
SETTINGS = {
    "cameras.false_match_rate": 1e-7,
    "companies.compelled": [1],
}
SIZE = {"citizens": 200_000, "days": 65, "seed": 7, "panel": 60}  # the last district is too small
STOPS, KILLED = 30, 47  # days after which the run is interrupted, and a rank is killed


def scenario() -> uw.Scenario:
    """What is simulated."""
    return uw.Scenario.load("atlantic-2018").with_(SETTINGS)


def main() -> None:
    """Interrupt the run as a listener does, go on, and end as by the lack of memory."""
    folder = sys.argv[1]
    others = MPI.COMM_WORLD.gather(os.getpid())

    def signal_another(step) -> None:
        if step.stage == "days" and step.done:
            os.kill(others[-1], signal.SIGINT)

    try:
        uw.run(scenario(), progress=signal_another, **SIZE)
        sys.exit("The signal to another rank was lost.")
    except KeyboardInterrupt:
        pass
    gathering.free_bytes = lambda: 0  # so that the nation is gathered in a file
    reserve = gathering._reserve

    def lack_room_once(descriptor: int, size: int, place) -> None:
        if place is None:  # of the few citizens for whom everything is compiled
            return reserve(descriptor, size, place)
        gathering._reserve = reserve
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    gathering._reserve = lack_room_once

    def interrupt(step) -> None:
        if step.stage == "days" and step.done >= STOPS:
            raise KeyboardInterrupt

    def kill(step) -> None:
        if step.stage == "days" and step.done >= KILLED:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        uw.run(scenario(), checkpoint=folder, checkpoint_minutes=1e-6, progress=interrupt, **SIZE)
    except KeyboardInterrupt:
        uw.resume(folder, checkpoint_minutes=0, progress=kill)


if __name__ == "__main__":
    main()
