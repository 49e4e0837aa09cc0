"""Underwatch: a laboratory for societies under algorithmic surveillance.

Everyone in it is invented. Names load on first use, so the import itself is quick.

Examples
--------
>>> import underwatch as uw
>>> run = uw.run("atlantic-2018", citizens=2000, days=60)
>>> run.summary["imposed"].unit
'restrictions'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from underwatch.engine.ranks.stated import ranks

if TYPE_CHECKING:
    from underwatch.assessments.assessing import assess as assess
    from underwatch.assessments.assessment import Assessment as Assessment
    from underwatch.assessments.at_once import closed_forms as closed_forms
    from underwatch.assessments.form import DeploymentForm as DeploymentForm
    from underwatch.assessments.form import deployments as deployments
    from underwatch.calibration import Calibration as Calibration
    from underwatch.calibration import Targets as Targets
    from underwatch.calibration import calibrate as calibrate
    from underwatch.errors import UserError as UserError
    from underwatch.explanation import Explanation as Explanation
    from underwatch.explanation import PointsRule as PointsRule
    from underwatch.explanation import explain as explain
    from underwatch.explanation import points_rule as points_rule
    from underwatch.measurement.pages import measures as measures
    from underwatch.report.assumptions import assumptions as assumptions
    from underwatch.report.limits import limits as limits
    from underwatch.report.robustness import shipped_sensitivity as shipped_sensitivity
    from underwatch.report.verified import shipped_verification as shipped_verification
    from underwatch.results.base import Summary as Summary
    from underwatch.results.base import Value as Value
    from underwatch.results.run import resume as resume
    from underwatch.results.run_result import Run as Run
    from underwatch.scenario import Scenario as Scenario
    from underwatch.scenario.catalogue import organs as organs
    from underwatch.scenario.catalogue import safeguards as safeguards
    from underwatch.scenario.catalogue import scenarios as scenarios
    from underwatch.sensitivities import Sensitivity as Sensitivity
    from underwatch.sensitivities import sensitivity as sensitivity
    from underwatch.study.attribute import Attribution as Attribution
    from underwatch.study.attribute import attribute as attribute
    from underwatch.study.compare import Comparison as Comparison
    from underwatch.study.compare import compare as compare
    from underwatch.study.diffusion import Diffusion as Diffusion
    from underwatch.study.diffusion import diffusion as diffusion
    from underwatch.study.forecast import Forecast as Forecast
    from underwatch.study.forecast import forecast as forecast
    from underwatch.study.frontier import Frontier as Frontier
    from underwatch.study.frontier import frontier as frontier
    from underwatch.study.load import load as load
    from underwatch.study.replicates import run as run
    from underwatch.study.replicates_result import Runs as Runs
    from underwatch.study.sweep import Plan as Plan
    from underwatch.study.sweep import Sweep as Sweep
    from underwatch.study.sweep import sweep as sweep
    from underwatch.verification.result import Verification as Verification
    from underwatch.verification.verify import verify as verify

# Where each public name is defined. The folders below this one are named otherwise,
# so that no module takes the place of a function.
_MODULES = {
    "run": "study.replicates",
    "resume": "results.run",
    "load": "study.load",
    "compare": "study.compare",
    "explain": "explanation",
    "attribute": "study.attribute",
    "frontier": "study.frontier",
    "diffusion": "study.diffusion",
    "sweep": "study.sweep",
    "sensitivity": "sensitivities",
    "Sensitivity": "sensitivities",
    "forecast": "study.forecast",
    "calibrate": "calibration",
    "points_rule": "explanation",
    "PointsRule": "explanation",
    "assess": "assessments.assessing",
    "closed_forms": "assessments.at_once",
    "deployments": "assessments.form",
    "DeploymentForm": "assessments.form",
    "Assessment": "assessments.assessment",
    "verify": "verification.verify",
    "Verification": "verification.result",
    "Scenario": "scenario",
    "scenarios": "scenario.catalogue",
    "organs": "scenario.catalogue",
    "safeguards": "scenario.catalogue",
    "measures": "measurement.pages",
    "assumptions": "report.assumptions",
    "limits": "report.limits",
    "shipped_sensitivity": "report.robustness",
    "shipped_verification": "report.verified",
    "Run": "results.run_result",
    "Runs": "study.replicates_result",
    "Comparison": "study.compare",
    "Attribution": "study.attribute",
    "Frontier": "study.frontier",
    "Diffusion": "study.diffusion",
    "Sweep": "study.sweep",
    "Plan": "study.sweep",
    "Forecast": "study.forecast",
    "Calibration": "calibration",
    "Targets": "calibration",
    "Explanation": "explanation",
    "Summary": "results.base",
    "Value": "results.base",
    "UserError": "errors",
}
__all__ = [*_MODULES, "__version__"]

if ranks() > 1:  # started by `mpiexec`
    import_module("underwatch.engine.ranks.meeting").guard()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("underwatch")
    elif name in _MODULES:
        value = getattr(import_module(f"underwatch.{_MODULES[name]}"), name)
    else:
        raise AttributeError(f"underwatch has no {name}; it has {', '.join(__all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
