"""What a launch does before a day: the constants of the day, and deliveries. As in grids.py."""

import numpy as np
from numba import cuda

from underwatch.engine.cuda import work as words
from underwatch.engine.deliveries import deliver_to, delivers
from underwatch.engine.world import rotation_of, today_of
from underwatch.kernel.compile import kernel
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, load_person
from underwatch.model.streams import Today


def count_adults(world, work):
    """Once, when people come to the device: the adults of each district."""
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        if load_person(world.people, i).age >= ADULT:
            cuda.atomic.add(work.adults, i // DISTRICT, 1)


def set_constants(world, work, day, seed, params_table, epoch):
    """The constants of the day, by one thread."""
    if cuda.grid(1) == 0:
        total = np.int64(world.people.shape[1])
        today = today_of(day, seed, world.listed[0], total, params_table[epoch])
        work.constants[words.FADING], work.constants[words.RESTING] = today.fading, today.resting
        work.constants[words.FACES], work.constants[words.MISTAKEN] = today.faces, today.mistaken
        work.constants[words.FACE_BEFORE] = rotation_of(day - 1, seed, 0, total)
        work.constants[words.NAME_BEFORE] = rotation_of(day - 1, seed, 1, total)
        work.constants[words.FACE_TODAY] = rotation_of(day, seed, 0, total)


@kernel
def today_on(constants, day, seed):
    """The day, as `set_constants` left it."""
    return Today(
        seed, day, constants[words.FADING], constants[words.RESTING], constants[words.FACES],
        constants[words.MISTAKEN],
    )  # fmt: skip


def deliveries(world, work, day, seed, params_table, epoch):
    """Files that local offices receive and deliver today (engine/deliveries.py)."""
    params = params_table[epoch]
    today, names = today_on(work.constants, day, seed), work.constants[words.NAME_BEFORE]
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        if delivers(i // BLOCK, day, params):
            deliver_to(world, i, names, today, params)
