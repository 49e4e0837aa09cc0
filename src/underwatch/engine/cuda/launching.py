"""Starting a grid of threads, with the arguments for a nation converted once.

numba-cuda converts each of a nation's 40 arrays anew for every launch, into pointer, shape and
strides, and asks for the types of all: up to 0.48 milliseconds of the processor, in which a card
simulates 1.6 million citizen-days. Here what was converted is kept, and a launch takes 0.04. That
rests on two names that numba-cuda does not promise to keep, so `underwatch[gpu]` says with which
versions it works.
"""

from typing import Any

from numba import config


class Launcher:
    """Starts grids whose first arguments are a world and a work."""

    def __init__(self) -> None:
        self._nation: tuple[Any, ...] = ()
        self._types: tuple[Any, ...] = ()  # of the nation
        self._converted: list[Any] = []  # what a compiled grid takes in place of the nation

    def forget(self) -> None:
        """Release the nation, so that its memory on the card is free."""
        self._nation, self._types, self._converted = (), (), []

    def start(self, grid: Any, blocks: int, size: int, nation: tuple, more: tuple) -> None:
        """Start so many blocks of threads. The first launch of a grid compiles it, if need be."""
        configured, compiled = grid[blocks, size], list(grid.overloads.values())
        if config.ENABLE_CUDASIM or len(compiled) != 1 or not self._fits(grid, compiled[0], nation):
            configured(*nation, *more)
            return
        from cuda.core import LaunchConfig, launch

        kernel = compiled[0]
        launch(
            configured.stream,
            LaunchConfig(grid=configured.griddim, block=configured.blockdim),
            kernel._codelibrary.get_cufunc().kernel,
            *self._converted,
            *_convert(kernel, kernel.argument_types[len(nation) :], more),
        )

    def _fits(self, grid: Any, kernel: Any, nation: tuple) -> bool:
        """Whether the compiled grid takes a nation of these types, which is converted by then."""
        if [id(part) for part in self._nation] != [id(part) for part in nation]:
            self._nation, self._types = nation, tuple(grid.typeof_pyval(part) for part in nation)
            self._converted = _convert(kernel, self._types, nation)
        return bool(kernel.argument_types[: len(nation)] == self._types)


def _convert(kernel: Any, types: tuple, arguments: tuple) -> list[Any]:
    """What a compiled grid takes in place of arguments of some types."""
    found: list[Any] = []
    to_copy_back: list[Any] = []
    for kind, value in zip(types, arguments, strict=True):
        kernel._prepare_args(kind, value, 0, to_copy_back, found)
    if to_copy_back:
        raise TypeError("an array of a launch is in the processor's memory, not the card's")
    return found
