"""`--estimate` of every long command: what it would take, printed in place of doing it."""

import json
import sys
from collections.abc import Callable
from typing import Any


def print_forecast(as_json: bool, study: Callable[..., Any], *args: Any, **given: Any) -> None:
    """Print the forecast for a study with these arguments; nothing else of it is simulated."""
    from underwatch.study.forecast import forecast

    found = forecast(study, *args, **given)
    print(*found.sentences(), sep="\n", file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps(found.as_json()))
