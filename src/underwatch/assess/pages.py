"""The page that a result folder holds of an assessment: findings first, then every number."""

from __future__ import annotations

from html import escape

from underwatch.assess.result import Assessed, Estimate
from underwatch.report.numbers import format_value

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:auto;padding:1em;color:#222}
table{border-collapse:collapse;font-size:14px}td,th{padding:.2em .8em;text-align:left}
td.n{text-align:right}footer{color:#555;margin-top:2em}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}footer{color:#aaa}}
"""


def page(assessed: Assessed) -> str:
    """One HTML page that needs no network."""
    title = escape(assessed.deployment.title)
    findings = "".join(f"<li>{escape(one.sentence)}</li>" for one in assessed.findings)
    rows = "".join(map(_row, assessed.estimates))
    names = ("Measure", "World", "Group", "Threshold", "Value", "Inputs leave", "Runs")
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        "<meta name=viewport content='width=device-width'><meta name=color-scheme "
        f"content='light dark'><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(assessed.deployment.purpose)}</p><ul>{findings}</ul>"
        f"<details><summary>Every number</summary><div style='overflow-x:auto'><table><thead><tr>"
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
        f"<footer><p>{escape(assessed.stamp)}</p><p>To make it again: <code>"
        f"{escape(assessed.provenance.command)}</code></p></footer></body></html>"
    )


def _row(estimate: Estimate) -> str:
    low_high = estimate.interval
    span = " to ".join(map(format_value, low_high)) if low_high else ""
    simulated = estimate.note if estimate.note else format_value(estimate.simulated)
    threshold = "" if estimate.threshold is None else f"{estimate.threshold:g}"
    cells = (estimate.label, estimate.world, estimate.group, threshold)
    numbers = (format_value(estimate.value, unit=estimate.unit), span, simulated)
    return (
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "".join(f"<td class=n>{escape(cell)}</td>" for cell in numbers) + "</tr>"
    )  # fmt: skip
