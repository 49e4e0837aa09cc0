"""`python -m underwatch` is `underwatch`: a start that can be interrupted while it imports."""

import sys

from underwatch.engine import interrupts


def main() -> None:
    """Run the command line; see `underwatch.cli.main`."""
    interrupts.raise_on_signals()
    try:
        from underwatch import cli
    except BaseException:
        if not interrupts.received():
            raise
        print("\nInterrupted.", file=sys.stderr)
        sys.exit(128 + interrupts.received())
    cli.main()


if __name__ == "__main__":
    main()
