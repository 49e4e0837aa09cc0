"""How laws and drivers are compiled, and where the compiled code is kept."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import numba
from llvmlite import binding, ir
from numba import config, njit
from numba.core import cgutils
from numba.core.types import intp, none
from numba.extending import intrinsic

# The morning's loop reads some thirty columns and writes seven. Before its vector code runs, LLVM
# must check that none of them overlap; at its own limits (8 and 128 checks) it would not bother,
# and the loop would take five times as long.
for _limit in ("runtime-memory-check-threshold", "vectorize-memory-check-threshold"):
    binding.set_option("underwatch", f"--{_limit}=1024")

# Numba asks whether SciPy's linear algebra is there, which takes .15 s to come up; no law needs it.
if "scipy.linalg" not in sys.modules:
    sys.modules["scipy.linalg"] = None
    import numba.np.arraymath  # noqa: F401

    del sys.modules["scipy.linalg"]

# Left to itself the compiler keeps the stages apart and passes their two dozen
# fields through memory; forced into their caller, the day runs 1.6 times as fast.
# Nobody calls a law or a part of a driver from Python, and the doors for that take half the time.
# Neither counts who refers to an array: threads would wait for each other at that one number. What
# a day reads outlives it; only a holder makes room for a while, and sees it freed.
_INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
kernel = njit(forceinline=True, _nrt=False, **_INSIDE)
nopython = njit(_nrt=False, **_INSIDE)
nopython_nrt = njit(**_INSIDE)

_SOURCES = Path(__file__).parent.parent
_COMPILED = ("kernel", "model", "measurement", "engine")


def _cache_folder() -> str:
    """A folder named by the sources' hash: Numba's own cache sees no change in a callee."""
    digest = hashlib.sha256(f"{numba.__version__} {config.CPU_NAME}".encode())
    for folder in _COMPILED:
        for file in sorted((_SOURCES / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for root in (config.CACHE_DIR, home, tempfile.gettempdir()):
        folder = Path(root or home) / "underwatch" / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


CACHE = _cache_folder()


def parallel(function, folder: str = CACHE):
    """Compile a loop over citizens for threads; `folder` keeps it for the next process."""
    before, config.CACHE_DIR = config.CACHE_DIR, folder
    try:
        return njit(parallel=True, nogil=True, cache=bool(folder), error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before


@intrinsic
def fetch(_, array, row):
    """Ask for array[row] before it is needed; to the law it does nothing."""

    def codegen(context, builder, signature, args):
        view = context.make_array(signature.args[0])(context, builder, value=args[0])
        stride = builder.extract_value(view.strides, 0)
        byte = ir.IntType(8).as_pointer()
        place = context.cast(builder, args[1], signature.args[1], intp)
        where = builder.gep(builder.bitcast(view.data, byte), [builder.mul(place, stride)])
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        # For reading, to be kept near, and it is data.
        builder.call(call, [where, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return none(array, row), codegen


def is_compiled(folder: str = CACHE) -> bool:
    """Whether an earlier process left the compiled day, the default one or that of a rule."""
    compiled = Path(folder).glob("engine_*/threads.simulate_days*.nbc") if folder else ()
    return any(compiled)
