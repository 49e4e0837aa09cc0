"""Long trials as commands, such as `python -m tests.harness.corrupt`; each has `--help`."""
