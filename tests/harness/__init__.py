"""Long trials as commands, such as `python -m tests.harness.corrupt --times 1000`."""
