"""`--estimate` of every long command: what it would take, printed in place of doing it."""

import sys
from collections.abc import Callable
from typing import Any

from underwatch.cli import streams


def print_forecast(
    quiet: bool, as_json: bool, study: Callable[..., Any], *args: Any, **given: Any
) -> None:
    """Print the forecast for a study with these arguments; nothing else of it is simulated.

    Raises UserError for all that the study itself would refuse.
    """
    from underwatch.study.forecast import forecast

    found = forecast(study, *args, **given)
    with streams.output():
        if not quiet:
            print(*found.sentences(), sep="\n", file=sys.stderr if as_json else sys.stdout)
        if as_json:
            streams.print_object(found.as_json())
