"""How kernels and parallel loops are compiled, and where the compiled code is cached."""

import hashlib
import sys

import llvmlite
import numba
from llvmlite import binding, ir
from numba import config, njit
from numba import prange as prange  # for the other modules, which import Numba through here
from numba.core import cgutils
from numba.core.compiler import Compiler
from numba.core.dispatcher import Dispatcher
from numba.core.types import intp, none, unliteral
from numba.extending import intrinsic

from underwatch.kernel.cache import any_usable
from underwatch.kernel.identity import sources_digest
from underwatch.kernel.linking import LinkedCompiler
from underwatch.kernel.pieces import LinkedCache, Piece
from underwatch.kernel.pipeline import ModelCompiler
from underwatch.storage.private import cache_roots, private_folder

# The morning's loop reads some thirty columns and writes seven. Before its vector code runs, LLVM
# must check that none of them overlap. At its default limits (8 and 128 checks) it does not
# vectorise the loop, which then takes five times as long.
for _limit in ("runtime-memory-check-threshold", "vectorize-memory-check-threshold"):
    binding.set_option("underwatch", f"--{_limit}=1024")

# `kernel`: a stage of the day, inlined into its caller. By default the compiler keeps stages
# apart and passes their two dozen fields through memory; inlined, the day runs 1.6 times as fast.
# `nopython`: a compiled function that is called. Neither has an entry point for Python, which
# would take half of the compile time, nor counts references to arrays (NRT), for which threads
# would wait for each other. All arrays outlive the day. `nopython_nrt` counts references, for the
# few functions that allocate arrays. `user_kernel` is for functions of the user's, which may have
# more in them than those of the model (pipeline.py). `forceinline` is set for them all: unless it
# is, a function takes it over from the caller for which it is first compiled.
_INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}


def called(compiler=ModelCompiler, **options):
    """A decorator: compile for types of arguments, and not once more for each literal number."""

    def decorate(function):
        made = njit(**(_INSIDE | options), pipeline_class=compiler)(function)
        if not isinstance(made, Dispatcher):  # Numba is switched off
            return made
        template = made.get_call_template
        made.get_call_template = lambda args, kws: template(
            tuple(map(unliteral, args)), {name: unliteral(kind) for name, kind in kws.items()}
        )
        return made

    return decorate


kernel = called(forceinline=True, _nrt=False)
user_kernel = called(Compiler, forceinline=True, _nrt=False)
nopython = called(forceinline=False, _nrt=False)
nopython_nrt = called(forceinline=False)

_COMPILED = ("kernel", "model", "measurement", "engine")


def _cache_folder() -> str:
    """A folder named by the sources' hash; Numba's own cache does not notice a changed callee."""
    about = (numba.__version__, llvmlite.__version__, sys.version, config.CPU_NAME)
    digest = hashlib.sha256(repr((about, *map(sources_digest, _COMPILED))).encode())
    return private_folder((config.CACHE_DIR, *cache_roots()), digest.hexdigest()[:16])


CACHE = _cache_folder()


def apart(seconds: float, folder: str = CACHE, **options):
    """A decorator: compile a function that returns nothing as a piece of its own (see pieces.py).

    seconds: about how long it compiles. options: of the compiler; `_nrt`: it allocates arrays.
    """
    options = {"forceinline": False, "_nrt": False, **_INSIDE, **options}

    def decorate(function):
        made = njit(**options, pipeline_class=LinkedCompiler)(function)
        return Piece(made, folder, seconds).dispatcher if isinstance(made, Dispatcher) else made

    return decorate


def parallel(function, folder: str = CACHE):
    """Compile a loop over citizens for threads; `folder` keeps it for the next process."""
    return _cached(function, folder, parallel=True)


def serial(function, folder: str = CACHE):
    """Compile a loop that is too short for threads; it compiles in a third of the time."""
    return _cached(function, folder)


def _cached(function, folder: str, **options):
    options |= {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
    options |= {"pipeline_class": LinkedCompiler}
    made = njit(**options)(function)
    if folder:
        made._cache = LinkedCache(function, folder)
    return made


@intrinsic
def fetch(_, array, row):
    """Prefetch array[row] into the processor's cache; the value is not read.

    The array is contiguous and has one dimension.
    """

    def codegen(context, builder, signature, args):
        view = context.make_array(signature.args[0])(context, builder, value=args[0])
        byte = ir.IntType(8).as_pointer()
        place = context.cast(builder, args[1], signature.args[1], intp)
        where = builder.bitcast(builder.gep(view.data, [place]), byte)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        # A read (0) of data (1), to be kept in all levels of the cache (3).
        builder.call(call, [where, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return none(array, row), codegen


@intrinsic
def in_own_frame(_):
    """Keep the function whose body calls this apart, on a stack aligned to lines of the cache.

    A loop of vector code may keep more vectors than there are registers. They are read from the
    stack, and unless a vector of 64 bytes lies in one line, each read is two. By default the
    stack is aligned to 16 bytes, and where it falls differs between processes: the morning took
    a fifth longer in most of them.
    """

    def codegen(context, builder, signature, args):
        builder.function.attributes.alignstack = 64
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return none(), codegen


@intrinsic
def out_of_line(_):
    """Keep the function whose body calls this apart: one copy for all its callers."""

    def codegen(context, builder, signature, args):
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return none(), codegen


def is_compiled(folder: str = CACHE) -> bool:
    """Whether an earlier process left the compiled day, the default one or that of a rule."""
    return any_usable(folder, "threads.simulate_days*.nbc")
