"""An explanation as one HTML page that needs no network."""

from typing import Any

from underwatch.explanation import timeline
from underwatch.explanation.chart import explanation_chart
from underwatch.explanation.profile import Profile
from underwatch.report import origins
from underwatch.report.charts import inline
from underwatch.report.parts import Table, dates, template
from underwatch.report.rendering import to_svg


def page(
    provenance: dict[str, Any], profile: Profile, twin: Profile | None, divergence: dict | None
) -> str:
    """The page as text: the person, the file beside the truth, the decisions, the twin."""
    label = f"Score, perceived risk, restrictions and events of citizen {profile.citizen}"
    return template("explanation.html.j2").render(
        title=f"Citizen {profile.name}: {profile.world}",
        text="\n\n".join(timeline.person(profile)),
        size=[],
        days=dates(provenance),
        profile=profile,
        twin=twin,
        chart=inline(to_svg(explanation_chart(profile, twin)), label),
        file=_file(profile),
        last=_last_evening(profile, twin),
        restrictions=_restrictions(profile),
        years=timeline.years(profile),
        compared=_compared(profile, twin),
        divergence=timeline.divergence_lines(divergence, twin.world) if twin else [],
        figures=_figures(profile),
        **origins.origin(provenance),
    )


def _file(profile: Profile) -> Table:
    """What the citizen did, beside what the file recorded."""
    rows = []
    for label, done, own, wrong in profile.truth_and_file():
        rows.append([label, "–" if done is None else f"{done:,}", f"{own:,}", f"{wrong:,}"])
    head = ["Act or record", "Acts done", "Records of own acts", "Wrong records"]
    return Table("Acts of the citizen beside the records on file", head, rows, {1, 2, 3})


def _last_evening(profile: Profile, twin: Profile | None) -> Table:
    profiles = [profile, twin] if twin else [profile]
    rows = timeline.comparison(profiles)
    start = next(k for k, (label, _) in enumerate(rows) if label == "Last evening")
    head = ["", *(["Here", "Twin"] if twin else ["Value"])]
    cells = [[label.strip().capitalize(), *texts] for label, texts in rows[start + 1 :]]
    return Table("Last evening", head, cells, set(range(1, len(head))))


def _restrictions(profile: Profile) -> Table:
    rows = [[span.kind.capitalize(), span.first, span.last, f"{span.days:,}", span.cause]
            for span in profile.spans]  # fmt: skip
    head = ["Restriction", "First day", "Last day", "Days", "Cause"]
    return Table("Restrictions", head, rows, {3})


def _compared(profile: Profile, twin: Profile | None) -> Table | None:
    """The sums of both worlds; None without a twin."""
    if twin is None:
        return None
    rows = []
    for sort, heading in timeline.SUMS.items():
        for label in dict.fromkeys([*profile.sums[sort], *twin.sums[sort]]):
            counts = [f"{p.sums[sort].get(label, 0):,}" for p in (profile, twin)]
            rows.append([heading, label, *counts])
    head = ["Kind", "Event", "Here", "Twin"]
    return Table(f"Here: {profile.world}. Twin: {twin.world}.", head, rows, {2, 3})


def _figures(profile: Profile) -> Table:
    rows = [list(line) for line in timeline.figure_lines(profile)]
    return Table("Figures of the scenario behind these events", ["Figure", "Value", "Source"], rows)
