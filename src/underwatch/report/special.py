"""SciPy's special functions, in half of the time that their import takes by itself.

SciPy reads every name of NumPy, and with them a compiler of Fortran and a framework for tests.
"""

import importlib.util
import sys
from threading import Lock
from types import ModuleType

import numpy as np

_UNUSED = ("f2py", "testing")
_ONE_AT_A_TIME = Lock()


def special() -> ModuleType:
    """The module scipy.special."""
    with _ONE_AT_A_TIME:
        if "scipy.special" not in sys.modules:
            for name in _UNUSED:
                _import_when_used(name)
    import scipy.special

    return scipy.special


def _import_when_used(name: str) -> None:
    """Let a part of NumPy be imported when something in it is first read."""
    whole = f"{np.__name__}.{name}"
    if whole in sys.modules:
        return
    spec = importlib.util.find_spec(whole)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[whole] = module
    spec.loader.exec_module(module)
    setattr(np, name, module)
