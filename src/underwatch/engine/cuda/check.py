"""Whether a run can be simulated on a graphics card here, asked before any work starts."""

import importlib.util
from typing import Any

from underwatch.errors import UserError

DEVICES = ("cpu", "cuda")


def check_device(device: Any, citizens: int) -> str:
    """The device of a run: "cpu" or "cuda".

    Raises UserError for another one, and if there is no CUDA device here, or if it lacks memory
    for so many citizens.
    """
    if device not in DEVICES:
        raise UserError(f"device is {device!r}, but it is cpu or cuda.")
    if device == "cuda":
        _check_cuda(citizens)
    return device


def _check_cuda(citizens: int) -> None:
    if importlib.util.find_spec("numba_cuda") is None:
        raise UserError(
            "device cuda: needs numba-cuda, which is not installed here: pip install "
            "'underwatch[gpu]'. On the processor (device cpu) the result is the same to the bit."
        )
    from numba import cuda

    if not cuda.is_available():
        raise UserError(
            "device cuda: no graphics card with a CUDA driver answers here. On the processor "
            "(device cpu) the result is the same to the bit."
        )
    from underwatch.engine.cuda.work import BYTES_A_CITIZEN, bytes_for

    free, need = cuda.current_context().get_memory_info()[0], bytes_for(citizens)
    if need > free:
        fits = max(1, citizens - round((need - free) / BYTES_A_CITIZEN))
        unit = 10 ** max(0, len(str(fits)) - 2)  # two figures are enough
        fits = fits // unit * unit
        raise UserError(
            f"device cuda: {citizens:,} citizens need about {need / 2**30:,.1f} GiB of the card's "
            f"memory, but {free / 2**30:,.1f} GiB are free. {fits:,} fit: write --citizens {fits}."
        )
