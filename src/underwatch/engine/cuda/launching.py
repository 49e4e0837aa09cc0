"""Starting a grid of threads, with a nation whose arrays are prepared once.

numba-cuda takes each of the 41 arrays of a nation apart anew for every launch, into pointer, shape
and strides, and asks for the types of all: 0.48 milliseconds of the processor, in which a card
simulates two million mornings. Here what was taken apart is kept, and a launch takes 0.04. That
rests on two names that numba-cuda does not promise to keep, so `underwatch[gpu]` says with which
versions it works.
"""

from typing import Any

from numba import config


class Launcher:
    """Starts grids whose first arguments are a world and a work."""

    def __init__(self) -> None:
        self._nation: tuple[Any, ...] = ()
        self._words: list[Any] = []  # what a compiled grid takes in place of the nation

    def forget(self) -> None:
        """Let go of the nation, so that its memory on the card is free."""
        self._nation, self._words = (), []

    def start(self, grid: Any, blocks: int, size: int, nation: tuple, more: tuple) -> None:
        """Start so many blocks of threads. The first launch of a grid compiles it, if need be."""
        configured = grid[blocks, size]
        if config.ENABLE_CUDASIM or len(grid.overloads) != 1:
            configured(*nation, *more)
            return
        from cuda.core import LaunchConfig, launch

        (kernel,) = grid.overloads.values()
        kinds = kernel.argument_types
        if [id(part) for part in self._nation] != [id(part) for part in nation]:
            self._nation, self._words = nation, words_of(kernel, kinds[: len(nation)], nation)
        launch(
            configured.stream,
            LaunchConfig(grid=configured.griddim, block=configured.blockdim),
            kernel._codelibrary.get_cufunc().kernel,
            *self._words,
            *words_of(kernel, kinds[len(nation) :], more),
        )


def words_of(kernel: Any, kinds: tuple, arguments: tuple) -> list[Any]:
    """What a compiled grid takes in place of arguments of some types."""
    words: list[Any] = []
    for kind, value in zip(kinds, arguments, strict=True):
        kernel._prepare_args(kind, value, 0, [], words)
    return words
