"""The kernels as plain Python: a pytest plugin, `-p tests.mutation.plain`.

A fault in a kernel would compile the whole day again, a minute or more for each fault. Here the
compiler is replaced before anything is imported: a kernel is the Python function that it is
written as, and a parallel loop is a loop. The tests are the same, and so is what they compare;
small ones run in seconds.

What it cannot show are faults of machine words (a product that leaves 64 bits) and of compiled
code. Faults of that kind are tried with the compiler.
"""

import importlib.abc
import importlib.machinery
import sys
from contextlib import nullcontext
from functools import cache

import numba
import numpy as np
import pytest
from numba import extending

KERNELS = tuple(f"underwatch.{part}." for part in ("kernel", "model", "measurement", "engine"))
RECORDS = {
    "underwatch.model.parameters.record": ("PARAMS",),
    "underwatch.model.society.people": ("CENSUS", "PERSON"),
}


def _as_written(function=None, **_options):
    """In place of `numba.njit`: the function itself."""
    if function is None:
        return _as_written
    function.py_func = function
    return function


def _lowest(bits):
    bits = int(bits)
    return (bits & -bits).bit_length() - 1 if bits else 64


INTRINSICS = {
    "ones": lambda bits: int(bits).bit_count(),
    "lowest": _lowest,
    "fetch": lambda array, row: None,
    "in_own_frame": lambda: None,
    "out_of_line": lambda: None,
}


class _Word:
    """A type of NumPy that converts scalars as the compiler does: what does not fit is cut off.

    Signed numbers become those of Python, which are many times as fast.
    """

    def __init__(self, name):
        self._real, self.dtype = getattr(np, name), np.dtype(name)
        bits = 8 * self.dtype.itemsize
        self._signed, self._half, self._mask = name[0] == "i", 1 << bits - 1, (1 << bits) - 1

    def __call__(self, value=0):
        if getattr(value, "shape", ()):
            return value.astype(self._real)
        value = int(value)
        if self._signed:
            return (value + self._half & self._mask) - self._half
        return self._real(value & self._mask)


class _Wide(np.ndarray):
    """An array whose elements are whole numbers of Python: the compiler adds bytes in 64 bits."""

    def __getitem__(self, place):
        found = super().__getitem__(place)
        return int(found) if isinstance(found, np.integer) else found

    def __setitem__(self, place, value):
        if type(value) is int and not 0 <= value < 128 and self.dtype.name in WORDS:
            value = WORDS[self.dtype.name](value)
        super().__setitem__(place, value)


class _NumPy:
    """NumPy as kernels see it."""

    def __getattr__(self, name):
        found = getattr(np, name)
        if name not in ("empty", "zeros", "ones"):
            return found
        return lambda *args: found(*args).view(_Wide)


WORDS = {name: _Word(name) for name in ("int32", "int64", "uint8", "uint16", "uint32", "uint64")}
for _name, _word in WORDS.items():
    setattr(_NumPy, _name, _word)


class _Record(np.record):
    """An element of an array of records; its whole numbers are those of Python, not a byte's."""

    def __getattribute__(self, name):
        if name in np.void.__getattribute__(self, "dtype").names:  # one of them is called base
            found = np.void.__getitem__(self, name)
            return int(found) if isinstance(found, np.integer) else found
        return super().__getattribute__(name)


class _Table:
    """An array of a record of parameters, read once: indexing gives numbers of Python."""

    def __init__(self, values):
        self._values, self.shape = values.tolist(), values.shape

    def __getitem__(self, place):
        found = self._values
        for k in place if isinstance(place, tuple) else (place,):
            found = found[k]
        return found

    def __len__(self):
        return len(self._values)


class _Parameters:
    """A record of parameters, read once: kernels read them hundreds of times a citizen."""

    def __init__(self, record):
        for name in record.dtype.names:
            value = np.void.__getitem__(record, name)
            setattr(self, name, _Table(value) if value.shape else int(value))


_LOW, _WHOLE = 0xFFFFFFFF, (1 << 64) - 1


def _philox(seed, block, day, person):
    """Philox4x32-10 in numbers of Python, or for an array of people: four words at an address."""
    a, b, c, d = person & _LOW, person >> 32 & _LOW, day & _LOW, block & _LOW
    low, high = seed & _LOW, seed >> 32 & _LOW
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = q >> 32 ^ b ^ low, q & _LOW, p >> 32 ^ d ^ high, p & _LOW
        low, high = low + 0x9E3779B9 & _LOW, high + 0xBB67AE85 & _LOW
    return a, b, c, d


_four = cache(_philox)


def _draw(seed, stream, day, person):
    return _four(int(seed), int(stream) >> 2, int(day), int(person))[int(stream) & 3]


def _fill(out, first_person, count, day, seed, first_stream):
    people = int(first_person) + np.arange(count, dtype=np.uint64)
    for block in range(out.shape[0] // 4):
        words = _philox(int(seed), int(first_stream) // 4 + block, int(day), people)
        out[4 * block : 4 * block + 4, :count] = words


def _mixed(written):
    """The finaliser of SplitMix64 in numbers of Python; as written for arrays."""

    def mixed(z, word):
        if getattr(z, "shape", ()) or getattr(word, "shape", ()):
            return written(z, word)
        z = (int(z) & _WHOLE ^ int(word) & _WHOLE) + 0x9E3779B97F4A7C15 & _WHOLE
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _WHOLE
        z = (z ^ z >> 27) * 0x94D049BB133111EB & _WHOLE
        return np.uint64(z ^ z >> 31)

    mixed.py_func = mixed
    return mixed


def _round(x, seed, stream, turn):
    z = int(x) * 0x9E3779B97F4A7C15 + int(seed) & _WHOLE
    z ^= (int(stream) * 4 + turn) * 0xD1B54A32D192ED03 & _WHOLE
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _WHOLE
    z = (z ^ z >> 27) * 0x94D049BB133111EB & _WHOLE
    return (z ^ z >> 31) >> 8


def _add_up(counts, stratum, tallies, t):
    tallies[t, stratum] += counts[:, stratum].sum(0)
    counts[:, stratum] = 0


def _add_up_queues(counts, stratum, tally):
    tally[: counts.shape[-1]] += counts[:, stratum].sum(0)
    counts[:, stratum] = 0


def _with_parameters(simulate_days):
    def simulate(world, first, days, seed, epochs, params_table, *others):
        read = [_Parameters(params_table[k]) for k in range(len(params_table))]
        wide = type(world)(*(array.view(_Wide) for array in world))
        simulate_days(wide, first, days, seed, epochs, read, *others)

    simulate.signatures = ["as written"]  # nothing is left to compile
    return simulate


def _random(module):
    module.draw, module._round = _draw, _round
    module.fill = module.fill_twelve = _fill
    module.mixed = _mixed(module.mixed)


def _queues(module):
    module.add_up_queues = _add_up_queues


def _threads(module):
    module._add_up = _add_up
    module.simulate_days = _with_parameters(module.simulate_days)


def _people(module):
    store = module.store_person
    # Fields from tables are numbers of NumPy, which no number of Python of 64 bits can join.
    module.store_person = lambda people, i, p: store(people, i, type(p)(*map(int, p)))


def _warmup(module):
    module.day_beside = nullcontext  # nothing is to be compiled


# What would take most of the time; none of it is mutated here (see faults.toml).
FASTER = {
    "underwatch.kernel.random": _random,
    "underwatch.engine.queues": _queues,
    "underwatch.engine.threads": _threads,
    "underwatch.engine.warmup": _warmup,
    "underwatch.model.society.people": _people,
}


class _AsPlain(importlib.abc.Loader):
    """Loads a module with kernels, gives it that NumPy, and its records attributes."""

    def __init__(self, loader):
        self._loader = loader

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        for name in RECORDS.get(module.__name__, ()):
            setattr(module, name, np.dtype((_Record, getattr(module, name))))
        if hasattr(module, "np"):
            module.np = _NumPy()
        FASTER.get(module.__name__, lambda _: None)(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if not name.startswith(KERNELS):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _AsPlain(spec.loader)
        return spec


def install() -> None:
    """Replace the compiler; nothing of the package may be imported before."""
    assert "underwatch.kernel.compile" not in sys.modules
    numba.njit, numba.prange = _as_written, range
    extending.intrinsic = lambda function: INTRINSICS[function.__name__]
    sys.meta_path.insert(0, _Finder())
    np.seterr(over="ignore")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    """Before any file of the tests is read, and so before the package is imported."""
    install()
