"""Kernels as plain Python with narrow numbers that refuse to overflow: `-p tests.mutation.narrow`.

The compiler does not check that a narrow number fits 32 bits (kernel/narrow.py). Here each result
of an operator between two of them, or of one and a number in the source, raises OverflowError
unless it does. With a number that `np.int64` made, or that does not fit, they make one of those.
"""

from tests.mutation import plain

_OPERATORS = ("add", "sub", "mul", "and", "or", "xor")


class Narrow(int):
    """A narrow number."""

    def __lshift__(self, by):
        return _narrow(int(self) << by)

    def __rshift__(self, by):
        return _narrow(int(self) >> by)

    def __abs__(self):
        return _narrow(abs(int(self)))


class Wide(int):
    """An int64."""

    def __lshift__(self, by):
        return Wide(int(self) << by)

    def __rshift__(self, by):
        return Wide(int(self) >> by)


def _fits(number):
    return -(1 << 31) <= number < 1 << 31


def _narrow(number):
    if not _fits(number):
        raise OverflowError(f"{number} is no narrow number")
    return Narrow(number)


def _defined(name):
    compute = getattr(int, f"__{name}__")

    def joined(first, second):
        found = compute(first, second)
        if found is NotImplemented:
            return found
        wide = type(first) is Wide or type(second) is Wide or not _fits(first) or not _fits(second)
        return Wide(found) if wide else _narrow(found)

    for kind in (Narrow, Wide):
        setattr(kind, f"__{name}__", joined)
        setattr(kind, f"__r{name}__", lambda self, other: joined(other, self))


for _name in _OPERATORS:
    _defined(_name)


def narrow(number):
    """The lowest 32 bits of a number, as the compiler takes them."""
    return Narrow((int(number) + (1 << 31) & 0xFFFFFFFF) - (1 << 31))


class _Parameters(plain._Parameters):
    """The parameters of a day, which are int64."""

    def __init__(self, record):
        super().__init__(record)
        for name, value in vars(self).items():
            if isinstance(value, int):
                setattr(self, name, Wide(value))


def _replaced(module):
    module.narrow = narrow


def pytest_load_initial_conftests():
    """Before the package is imported; in place of the same function of `plain`."""
    to_int64 = plain.WORDS["int64"]
    plain._NumPy.int64 = staticmethod(
        lambda value=0: value.astype("i8") if getattr(value, "shape", ()) else Wide(to_int64(value))
    )
    plain._NumPy.int64.dtype = to_int64.dtype
    plain._Parameters = _Parameters
    plain.FASTER["underwatch.kernel.narrow"] = _replaced
    plain.install()
