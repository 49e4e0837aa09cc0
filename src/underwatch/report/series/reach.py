"""How far the system reaches."""

from underwatch.report.series.counts import Counts, Series, share


def adoption(c: Counts) -> Series | None:
    """Who is scored, by a company that they joined or by the state."""
    if not c.have("members", "scored", "adults") or not c.ends.size:
        return None
    lines = {
        "in the private score": c.level("members"),
        "scored by the state": c.level("scored"),
    }
    joined, scored = (share(line[-1]) for line in lines.values())
    says = (
        f"At the end {joined} of adults were in the private score, and {scored} were scored by the "
        "state."
    )
    if not any(line.any() for line in lines.values()):
        says = "Nobody was in a private score, and the state scored nobody."
    title = "How many adults were scored"
    return Series("adoption", title, says, "share of adults", True, c.days[c.ends], lines)
