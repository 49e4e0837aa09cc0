"""The package as a whole: its public names, its types for readers, its quick import."""

import inspect
import subprocess
import sys

import underwatch as uw

PUBLIC = {
    "run", "resume", "load", "compare", "explain", "attribute", "frontier", "diffusion",
    "sweep", "sensitivity", "Sensitivity", "calibrate", "Calibration", "Targets",
    "forecast", "Forecast", "assess", "Assessment",
    "closed_forms", "deployments", "DeploymentForm", "points_rule", "PointsRule",
    "assumptions", "limits", "shipped_sensitivity", "shipped_verification",
    "verify", "Verification", "Scenario", "scenarios", "organs", "safeguards", "measures",
    "Run", "Runs", "Comparison", "Attribution", "Frontier", "Diffusion", "Explanation",
    "Sweep", "Plan", "Summary", "Value", "UserError", "__version__",
}  # fmt: skip


def test_dir_lists_exactly_the_public_names_and_each_loads_with_a_docstring():
    assert set(dir(uw)) == set(uw.__all__) == PUBLIC
    for name in PUBLIC - {"__version__"}:
        found = getattr(uw, name)
        assert inspect.getdoc(found), name
        assert callable(found), f"{name} is a module and takes the place of a function"


def test_every_public_function_and_result_has_an_example():
    for name in PUBLIC - {"__version__", "Explanation", "Comparison", "Attribution", "Frontier",
                          "Diffusion", "UserError", "Summary", "Scenario", "Forecast",
                          "PointsRule"}:  # fmt: skip
        assert ">>> " in (inspect.getdoc(getattr(uw, name)) or ""), name


def test_the_types_of_results_have_one_set_of_verbs():
    from underwatch.results.base import Result

    for name in ("Run", "Runs", "Comparison", "Attribution", "Frontier", "Diffusion",
                 "Sweep", "Calibration", "Sensitivity", "Explanation", "Verification"):  # fmt: skip
        kind = getattr(uw, name)
        assert issubclass(kind, Result) and not inspect.isabstract(kind), name
        assert callable(kind.load) or name == "Explanation"


def test_importing_the_package_loads_nothing_heavy():
    heavy = ["numpy", "numba", "pandas", "xarray", "pyarrow", "altair", "pydantic", "typer"]
    code = f"import sys, underwatch; print([x for x in {heavy} if x in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_an_unknown_name_is_an_attribute_error_that_lists_the_known_ones():
    assert not hasattr(uw, "simulate")
    try:
        _ = uw.simulate
    except AttributeError as error:
        assert "it has" in str(error) and "frontier" in str(error)
