"""A lab as its user starts it, for a browser: a process of its own on a free port."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


@contextmanager
def served(runs: Path, *options: str):
    """The address of a lab; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "underwatch", "lab", "--no-browser", "--port", str(port),
               "--runs", str(runs), *options]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    try:
        first = process.stdout.readline()
        assert str(port) in first, first + process.stdout.read()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def opened(browser, address: str, timeout: int, console: bool = False, **options):
    """A page of a lab; what it asks of other machines, or fails at, is found in the end.

    timeout: milliseconds of every wait. console: whether an error in the console is a fault too.
    options: of the browser, such as reduced_motion.
    """
    context = browser.new_context(base_url=address, **options)
    page = context.new_page()
    page.set_default_timeout(timeout)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith((address, "data:", "blob:"))
            or page.faults.append(request.url))  # fmt: skip
    if console:
        page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
    yield page
    context.close()
    assert page.faults == []


def keyed_to(page, locator, key="Tab", most=120):
    """Press a key until an element has the focus."""
    for _ in range(most):
        if locator.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{locator} is not reached by {key}")
