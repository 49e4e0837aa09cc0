"""Compiled grids on disk, for the next process: as kernel/cache.py keeps those of the processor."""

from numba.core.serialize import dumps
from numba.cuda.dispatcher import _Kernel

from underwatch.kernel.cache import CheckedCache
from underwatch.storage.private import say_once


class DeviceCache(CheckedCache):
    """The cache of one grid. The folder names the compiler's version and the limit on registers.

    What is kept is the machine code for the card at hand; another one has a file of its own.
    """

    def _content(self, compiled) -> bytes | None:
        try:
            return dumps(compiled._reduce_states())
        except Exception as error:  # of a version that keeps more than can be written
            say_once(f"Code for the card cannot be kept ({type(error).__name__}: {error}).")
            return None

    def _rebuilt(self, target_context, kept):
        return _Kernel._rebuild(**kept)
