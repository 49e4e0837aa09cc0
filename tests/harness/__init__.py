"""Long trials as commands, such as `python -m tests.harness.corrupt`; `--help` of each says more."""
