"""The first-run notebook runs from top to bottom."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "first-run.ipynb"


def test_the_first_run_notebook_executes(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)  # no stored results
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    shown = [cell.outputs[-1] for cell in notebook.cells if cell.get("outputs")]
    assert len(shown) >= 8
    assert any("text/html" in output.get("data", {}) for output in shown)
