"""The shipped deployments in every form and export, by closed forms alone: nothing runs."""

import re

import pytest

from underwatch.assessments.answers import FORMS, answer
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.document import document_html
from underwatch.assessments.exports import KINDS as EXPORTS
from underwatch.assessments.exports import exported
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import law
from underwatch.assessments.result import Assessed, Estimate, Finding, Origin
from underwatch.scenario.data import DATA

NAMES = sorted(file.stem for file in (DATA / "assessments").glob("*.yaml"))
UNREADABLE = re.compile(r"\bnan\b|\bNone\b|Figure\(|\d\.\d{7}|\d[eE]-\d")


@pytest.fixture(scope="module", params=NAMES)
def assessed(request):
    """A shipped deployment with the figures that its formulas give."""
    made = read_deployment(request.param)
    kind = KINDS[made.kind]
    values = {path: float(figure.value) for path, figure in made.figures.items()}
    found = kind.quick(values, made, frozenset())
    estimates = tuple(
        Estimate(measure, *kind.measures[measure], value, group=group, threshold=threshold)
        for (measure, group, threshold), value in found.items()
    )
    origin = Origin("0.1.0", made.hash, (2018,), 0, made.period.days, made.assumptions,
                    f"underwatch assess {request.param}")  # fmt: skip
    return Assessed(made, estimates, (Finding("A finding."),), (), (), origin, *kind.conclusion)


def test_the_law_that_a_shipped_deployment_names_is_known(assessed):
    assert set(assessed.deployment.legal_regime) <= set(law().acts)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_answered_in_readable_words(assessed, name):
    for given in answer(assessed, name):
        assert given.text and not UNREADABLE.search(given.text), (given.id, given.text)


@pytest.mark.parametrize("kind", EXPORTS)
def test_every_export_is_made(assessed, kind):
    assert assessed.stamp in " ".join(exported(assessed, kind).text.split())  # YAML wraps lines


def test_the_document_is_made(assessed):
    page = document_html(assessed, lambda specs: ['<svg viewBox="0 0 1 1"></svg>' for _ in specs])
    assert assessed.deployment.title in page
    is_fitted = assessed.deployment.path == "south-wales-2017"
    assert ("list.share_of_passes, 1 in 963 passes (fitted to 173 true" in page) == is_fitted
