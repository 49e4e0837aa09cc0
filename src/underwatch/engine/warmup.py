"""The first run compiles the day in a second process, while this one builds the population.

Numba compiles one function at a time in a process. People and ties take a quarter of the time
of the day.
"""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

_CHILDREN = 64
_SECONDS = 0.02  # between two looks whether there is something to do


@contextmanager
def day_beside() -> Iterator[None]:
    """Compile the day in a second process, if needed; if that fails, this process does it later."""
    from underwatch.kernel.compile import CACHE, is_compiled
    from underwatch.kernel.pieces import do_a_job

    if is_compiled() or not CACHE or (os.cpu_count() or 1) < 2:
        yield
        return
    pipe = subprocess.PIPE
    # Colours for messages that nobody sees would take a twentieth of the time.
    plain = os.environ | {"NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "underwatch.engine.warmup"],
        stdin=pipe, env=plain,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other
    )  # fmt: skip
    try:
        yield
        packed = False
        while child.poll() is None:
            if do_a_job(CACHE):
                continue
            if not packed:
                packed = True
                _compile_first_and_last()
            time.sleep(_SECONDS)
    finally:
        child.kill()
        child.stdin.close()
        child.wait()


def compile_the_day() -> None:
    """Call the loop over days for no day of an empty world, so that no population need be built."""
    import numpy as np

    from underwatch.engine.recording import CONTACTS, OTHERS
    from underwatch.engine.threads import simulate_days
    from underwatch.engine.world import Panel
    from underwatch.measurement.catalogue import NAMES, OPINION_CLASSES, STRATA
    from underwatch.measurement.cohorts import OTHERS as COHORTS
    from underwatch.measurement.ledger import empty_ledger
    from underwatch.measurement.queues import QUEUES
    from underwatch.model.parameters.record import PARAMS
    from underwatch.model.society.segments import SLOTS

    nobody = Panel(
        np.zeros(0, np.int64), empty_ledger(0, 0), np.zeros((CONTACTS, 0, 0), np.uint64),
        np.zeros((0, OTHERS + SLOTS), np.int64),
    )  # fmt: skip
    simulate_days(
        _no_world(), 0, 0, 0, np.zeros(0, np.int64), np.zeros(1, PARAMS), _CHILDREN,
        np.zeros((0, STRATA, len(NAMES)), np.int64),
        np.zeros((0, COHORTS + 1, OPINION_CLASSES), np.int64),
        np.zeros((0, len(QUEUES), 2), np.int64), nobody, 0, _CHILDREN,
    )  # fmt: skip


def _compile_first_and_last() -> None:
    """Call the loops of the first morning and of the last evening, for nobody."""
    import numpy as np

    from underwatch.engine.assortativity import Moments, add_up_ties
    from underwatch.engine.first_morning import begin_lives
    from underwatch.engine.night import pack_open_ties
    from underwatch.model.parameters.record import PARAMS

    world = _no_world()
    begin_lives(world, 0, np.zeros(1, PARAMS)[0], 0, 0)
    pack_open_ties(world, world.slots, 0, 0)
    add_up_ties(world, world.signals[0][:-1], 0, np.zeros((0, len(Moments._fields)), np.int64))


def _no_world():
    """The world of 64 children without ties."""
    import numpy as np

    from underwatch.engine.population import empty_world
    from underwatch.model.society.segments import SLOTS, in_line

    no_ties = in_line(np.full((_CHILDREN, SLOTS), _CHILDREN, np.uint32))
    return empty_world(np.zeros((2, _CHILDREN), np.uint64), no_ties)


def _end_with_the_parent() -> None:
    """End this process when the one that started it ends: then its pipe closes."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_end_with_the_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback
    gc.disable()  # what a compiler makes stays in use to the end
    compile_the_day()
    os._exit(0)  # to forget what was compiled would take a second
