"""The assessment as linked data: W3C Data Privacy Vocabulary 2 and its AI Act part, as JSON-LD.

The context stands in the file itself, so that reading it needs no network.
"""

from __future__ import annotations

import json
from typing import Any

from underwatch.assessments.answers import declared as passages
from underwatch.assessments.answers.answer import answer
from underwatch.assessments.answers.estimates import in_words
from underwatch.assessments.answers.risks import Risk, risks, scale_in_words
from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.law import law
from underwatch.assessments.result import Assessed, Estimate

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "eu-aiact": "https://w3id.org/dpv/legal/eu/aiact#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "uw": "urn:underwatch:",
}
_SYSTEM = {"watch-list camera": "eu-aiact:RealtimeRemoteBiometricIdentificationSystem"}
_SECTOR = {
    "police": "eu-aiact:LawEnforcementSector", "education": "eu-aiact:EducationSector",
    "bank": "eu-aiact:PrivateSector",
}  # fmt: skip


def export(assessed: Assessed, kind: str) -> Exported:
    """One graph: the assessment, the process it is of, its people, risks and measures."""
    graph = [
        _assessment(assessed),
        _process(assessed),
        *(_risk(assessed, each) for each in risks(assessed)),
        *_measures(assessed),
    ]
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, indent=2, ensure_ascii=False)
    return Exported(text + "\n", f"{len(graph)} nodes of the DPV, version 2.")


def _node(assessed: Assessed, name: str) -> dict[str, str]:
    return {"@id": f"uw:{assessed.provenance.hash}/{name}"}


def _assessment(assessed: Assessed) -> dict[str, Any]:
    fields = [
        {"dct:identifier": each.id, "dct:title": each.label, "uw:class": each.cls,
         "dct:description": each.text}
        for name in ("eu-fria", "gdpr-dpia") for each in answer(assessed, name)
    ]  # fmt: skip
    return _node(assessed, "assessment") | {
        "@type": ["dpv:FRIA", "eu-aiact:FRIA", "dpv:DPIA"],
        "dct:title": assessed.deployment.title,
        "dct:description": assessed.stamp,
        "dct:subject": _node(assessed, "process"),
        "uw:stateOfTheLaw": law().as_of.isoformat(),
        "uw:findings": [each.sentence for each in assessed.findings],
        "uw:reproduce": assessed.provenance.command,
        "uw:fields": fields,
    }


def _process(assessed: Assessed) -> dict[str, Any]:
    made = assessed.deployment
    sector = _SECTOR.get(made.deployer.sector, "eu-aiact:PublicSector")
    groups = made.get("people.groups") or made.get("people.shares") or {}
    return _node(assessed, "process") | {
        "@type": ["dpv:Process", _SYSTEM.get(made.kind, "eu-aiact:AISystem")],
        "dct:title": made.title,
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:description": made.purpose,
            "dpv:hasSector": {"@id": sector},
        },
        "dpv:hasEntity": {
            "@type": "eu-aiact:AIDeployer",
            "dpv:hasName": made.deployer.name,
            "dpv:hasCountry": {"@type": "dpv:Country", "dct:title": made.deployer.country},
        },
        "dpv:hasLocation": {"@type": "dpv:Location", "dct:title": made.place},
        "dpv:hasDuration": {"@type": "dpv:Duration", "dct:description": passages.period(assessed)},
        **_review(passages.review(assessed)),
        "dpv:hasHumanSubject": [
            {"@type": "dpv:HumanSubject", "dct:title": f"Group {name}"} for name in groups
        ]
        or [{"@type": "dpv:HumanSubject", "dct:title": "Everybody who is subject to the system"}],
        "dpv:hasImpactAssessment": _node(assessed, "assessment"),
        "dpv:hasRisk": [_node(assessed, f"risk/{each.id}") for each in risks(assessed)],
    }


def _review(text: str) -> dict[str, Any]:
    """Who checks what the system reports; nothing if nobody does."""
    if not text:
        return {}
    checks = {"@type": "dpv:HumanInvolvementForVerification", "dct:description": text}
    return {"dpv:hasHumanInvolvement": checks}


def _risk(assessed: Assessed, risk: Risk) -> dict[str, Any]:
    return _node(assessed, f"risk/{risk.id}") | {
        "@type": "dpv:Risk",
        "dct:title": risk.text,
        "dpv:hasLikelihood": {
            "@type": "dpv:Likelihood",
            "rdfs:label": f"{risk.word('ico')} ({scale_in_words('ico')})",
            "dct:description": risk.reason,
            **(
                {}
                if not risk.known
                else {
                    "rdf:value": risk.probability / 100,
                    "uw:low": None if risk.low is None else risk.low / 100,
                    "uw:high": None if risk.high is None else risk.high / 100,
                }
            ),
        },
        "uw:estimates": [_estimate(each) for each in risk.estimates],
        "dpv:isMitigatedByMeasure": [
            _node(assessed, f"measure/{each.key}") for each in assessed.safeguards
        ],
    }


def _measures(assessed: Assessed) -> list[dict[str, Any]]:
    """The safeguards; one that changes several measures is one node."""
    nodes: dict[str, dict[str, Any]] = {}
    for each in assessed.safeguards:
        node = nodes.setdefault(each.key, _node(assessed, f"measure/{each.key}") | {
            "@type": "dpv:RiskMitigationMeasure", "dct:title": each.label, "uw:effects": [],
        })  # fmt: skip
        node["uw:effects"].append(
            {"uw:measure": each.measure, "uw:before": each.before, "uw:after": each.after,
             "uw:how": each.how}
        )  # fmt: skip
    return [*nodes.values()]


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "uw:measure": estimate.measure,
        "uw:group": estimate.group,
        "rdf:value": estimate.value,
        "rdfs:label": f"{estimate.label}: {in_words(estimate)}",
    }
