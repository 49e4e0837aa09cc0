"""The command line inside this process: the same entry as the script, without starting Python."""

import gc
import io
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from types import SimpleNamespace
from unittest.mock import patch

from underwatch.cli import _exit_code, streams


def underwatch(*words, cwd) -> SimpleNamespace:
    """Run a command in a folder: its `returncode`, and what it wrote to `stdout` and `stderr`."""
    argv = ["underwatch", *map(str, words)]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        chdir(cwd), patch.object(sys, "argv", argv), patch.dict("os.environ", COLUMNS="100"),
        redirect_stdout(out), redirect_stderr(err),
    ):  # fmt: skip
        streams.prepare()
        code = streams.finish(_exit_code())
    gc.unfreeze()  # which the command freezes, as it is about to end
    written = []
    for stream in (out, err):
        stream.flush()
        written.append(stream.buffer.getvalue().decode("utf-8"))
    return SimpleNamespace(returncode=code, stdout=written[0], stderr=written[1])
