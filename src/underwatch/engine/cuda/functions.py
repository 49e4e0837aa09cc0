"""Kernels as functions of the device: the same Python source, compiled once more.

A kernel of the processor is a function that Numba has compiled for it, and it calls others. For
the device the whole tree of callees is compiled anew from the same bytecode. Only what speaks of
the processor is replaced: prefetching and frames of the stack are left out, bits are counted by
the device's own instructions, and a table that threads would read one after the other is computed.

In Numba's simulator of a device (NUMBA_ENABLE_CUDASIM=1) functions of the device are plain Python,
and so must the kernels be: see tests/harness/cuda_simulator.py.
"""

from collections.abc import Callable
from functools import cache
from importlib import metadata
from types import FunctionType
from typing import Any

import numpy as np
from numba import config, cuda

from underwatch.engine.rebind import names_in
from underwatch.kernel.cache import any_usable
from underwatch.model.state import SCORE_BITS, SCORE_LANE


def nothing():
    """In the place of what concerns the processor's stack."""


def no_fetch(array, row):
    """In the place of prefetching: a device hides the time of a read behind its other threads."""


def ones(word):
    """How many bits of an int64 are set."""
    return np.int64(cuda.popc(word))


def lowest(word):
    """The place of the lowest bit of an int64 that is set; 64 if there is none."""
    return np.int64(cuda.popc((word & -word) - 1))


def in_lanes(word):
    """The public signals in a uint32, as `state.in_lanes`, whose table is computed here."""
    flags = np.uint64(word) >> np.uint64(SCORE_BITS)
    flags = (flags | flags << np.uint64(12) | flags << np.uint64(24)) & np.uint64(0xF000F000F)
    flags = (flags | flags << np.uint64(6)) & np.uint64(0x030303030303)
    flags = (flags | flags << np.uint64(3)) & np.uint64(0x111111111111)
    return flags | np.uint64(word) << np.uint64(SCORE_LANE)


# floor(2^40 / n) + 1: a whole-number mean without a division.
_PARTS = np.array([0] + [(1 << 40) // n + 1 for n in range(1, 32)])


def mean(total, count):
    """As `state.mean`, in whole numbers: float64 is divided by a routine of many registers."""
    part = _PARTS[np.int64(count)]
    whole = total * part >> 40
    return (whole << 16) + ((total - whole * count << 16) * part >> 40)


REPLACED: dict[str, Callable] = {
    "fetch": no_fetch,
    "in_own_frame": nothing,
    "out_of_line": nothing,
    "ones": ones,
    "lowest": lowest,
    "in_lanes": in_lanes,
    "mean": mean,
}


class Device:
    """Functions compiled for the device so far.

    Args:
        replacements: name -> kernel in the place of the one of that name: a scoring rule's.
        folder: where compiled grids are kept for the next process; "" = nowhere.
    """

    def __init__(self, replacements: dict[str, Any], folder: str = ""):
        self._replacements, self._folder = replacements, folder
        self._made: dict[int, Any] = {}

    def grid(self, function: Callable, registers: int | None = None) -> Any:
        """A function of a grid of threads, which a launch starts; registers: at most, a thread."""
        if config.ENABLE_CUDASIM:
            return cuda.jit(function)
        made = cuda.jit(max_registers=registers)(self._rebuilt(function))
        if self._folder:
            from underwatch.engine.cuda.cache import DeviceCache

            made._cache = DeviceCache(function, self._folder_for(registers))
        return made

    def is_kept(self, grid: str, registers: int | None) -> bool:
        """Whether the compiled code of a grid, for some card, is on disk."""
        return bool(self._folder) and any_usable(self._folder_for(registers), f"*.{grid}-*")

    def _folder_for(self, registers: int | None) -> str:
        return f"{self._folder}-{registers or 0}"

    def _rebuilt(self, old: FunctionType) -> FunctionType:
        """The function with other globals: the device's own callees."""
        scope = {**old.__globals__}
        for name in names_in(old.__code__):
            value = old.__globals__.get(name)
            if name in REPLACED and value is not None:
                scope[name] = self._function(REPLACED[name], True)
            elif hasattr(value, "py_func"):
                value = self._replacements.get(name, value)
                inlined = value.targetoptions.get("forceinline", False)
                scope[name] = self._function(value.py_func, inlined)
        new = FunctionType(old.__code__, scope, old.__name__, old.__defaults__, old.__closure__)
        new.__qualname__, new.__module__ = old.__qualname__, old.__module__
        return new

    def _function(self, written: Callable, inlined: bool) -> Any:
        """A function of the device; None while it is made, where a field has its name."""
        if id(written) not in self._made:
            self._made[id(written)] = None
            made = cuda.jit(device=True, forceinline=inlined)(self._rebuilt(written))
            self._made[id(written)] = made
        return self._made[id(written)]


@cache
def device_for(rule: Any) -> Device:
    """The functions of the device, of a ScoreRule or (None) of the scenario's points."""
    from underwatch.engine.rebind import folder_of
    from underwatch.kernel.compile import CACHE
    from underwatch.model.day_with_rule import replacements

    folder = folder_of(rule) if rule else CACHE
    version = "" if config.ENABLE_CUDASIM else metadata.version("numba-cuda")
    return Device(
        replacements(rule) if rule else {}, f"{folder}/cuda-{version}" if folder and version else ""
    )
