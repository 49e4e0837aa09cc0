"""`python -m underwatch` is `underwatch`."""

from underwatch.cli import main

main()
