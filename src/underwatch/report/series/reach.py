"""The reach of the system."""

from underwatch.report.series.counts import Counts, Series, percent_text


def adoption(c: Counts) -> Series | None:
    """Adults who are scored, by a company whose score they joined or by the state."""
    if not c.have("members", "scored", "adults") or not c.ends.size:
        return None
    lines = {
        "in the private score": c.level("members"),
        "scored by the state": c.level("scored"),
    }
    joined, scored = (percent_text(line[-1]) for line in lines.values())
    caption = (
        f"At the end {joined} of adults are in the private score, and the state scores {scored}."
    )
    if not any(line.any() for line in lines.values()):
        caption = "Nobody is in a private score, and the state scores nobody."
    finding = f"The state scores {scored} of adults at the end"
    if not any(line.any() for line in lines.values()):
        finding = "Nobody has a score"
    title = "Adults with a score"
    return Series("adoption", title, caption, "share of adults", True, c.days[c.ends], lines,
                  finding=finding)  # fmt: skip
