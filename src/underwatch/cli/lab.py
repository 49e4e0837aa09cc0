"""`lab` serves the pages of the lab on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.options import WHOLE

PORT, CITIZENS = 8765, 200_000


def lab(
    port: Annotated[
        int, typer.Option(help="Port on 127.0.0.1, from 1024 to 65,535.", **WHOLE)
    ] = PORT,
    runs: Annotated[
        Path, typer.Option(help="Folder for runs; they are kept in `lab` in it.")
    ] = Path("runs"),
    citizens_cap: Annotated[
        int, typer.Option(help="The most citizens that a page may ask for.", **WHOLE)
    ] = CITIZENS,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address; open no browser.")
    ] = False,
) -> None:
    """Open the lab: two worlds of the same invented people, side by side, in a browser.

    It is served on this machine alone; nothing leaves it. Ctrl-C ends it. Runs that had not ended
    go on when it is started again.
    """
    from underwatch.errors import UserError
    from underwatch.results.folder import as_path
    from underwatch.scenario.limits import Range, check_size

    check_size("port", port, Range(1024, 65_535))
    check_size("citizens-cap", citizens_cap, Range(1_000, 100_000_000))
    try:
        from underwatch.lab.server import serve
        from underwatch.lab.settings import Settings
    except ModuleNotFoundError as error:
        raise UserError(
            f"The lab needs the library {error.name}, which is not installed; install Underwatch "
            "again, with what it needs."
        ) from None

    def ready(address: str) -> None:
        print(f"The lab is open at {address} (Ctrl-C ends it).", flush=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(Settings(runs=as_path(runs), port=port, citizens=citizens_cap), ready)
