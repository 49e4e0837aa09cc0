"""Keys that were renamed, split or removed: the message about an old key says what to write."""

RENAMED = {
    "life.looks_abroad_per_year": "life.foreign_visits_per_year",
    "restrictions.bans_for_company": "restrictions.bans_for_association",
    "naming.employers_told": "naming.employers_notified",
    "index.lucks": "index.replicates",
    "held_helps": "adoption.held_helps",
}

REPLACED = {
    "safeguards.threshold": (
        "was two levers in one; write safeguards.match_threshold for a stricter match, "
        "safeguards.score_line for a lower score line, or both."
    ),
    "cameras.watch_list_gallery": (
        "is gone: cameras search the watch list that exists; write cameras.watch_list_scaled_to, "
        "the population for which the run's list stands, and cameras.watch_list_outsiders, the "
        "enrolled faces of people from outside it."
    ),
    **dict.fromkeys(
        ("support.at_rest", "support.lost_to_opinion", "support.half_life_days"),
        "is gone: support has no level to which it returns; write support.approving_at_start and "
        "support.bias_of_critics, and see the page of M22.",
    ),
    "support.lost_when_known": (
        "is gone; write support.lost_when_learning for the loss on the day, and "
        "support.discounted_when_known for what lasts."
    ),
    "support.from_offenders_caught": (
        "is gone: contacts who are caught raise perceived detection; write support.from_safety."
    ),
    "response.risk_from_namings": (
        "is gone: a public naming is one of the penalties that contacts hear of; for its share in "
        "the fear of expression write response.spill_between_fears."
    ),
}


def renamed(key: str) -> str | None:
    """The sentence about a key that was renamed, split or removed; None for any other key.

    A key without its section is recognised, too.

    Examples
    --------
    >>> renamed("naming.employers_told")
    'naming.employers_told was renamed; write naming.employers_notified.'
    >>> renamed("cameras.uptime")
    """
    for old, new in RENAMED.items():
        if key in (old, old.rpartition(".")[2]):
            return f"{key} was renamed; write {new}."
    return next((f"{key} {how}" for old, how in REPLACED.items() if key == old), None)
