"""Loops of cases over kernels of the model, compiled and kept for the next process.

A loop has no law in it: it hands the kernel its arguments and adds up what comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from underwatch.kernel.compile import CACHE, serial


def driver(function: Callable[..., Any]) -> Any:
    """A compiled loop, whose code on disk is known by the source of its module.

    What it calls lies in the same module, or is a kernel of the model.
    """
    source = Path(function.__code__.co_filename).read_bytes()
    digest = hashlib.sha256(source).hexdigest()[:16]
    return serial(function, f"{CACHE}/cases-{digest}" if CACHE else "")
