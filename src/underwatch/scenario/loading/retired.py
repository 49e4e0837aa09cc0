"""Keys that were renamed or removed: the message about an old key says what to write."""

RENAMED = {
    "life.looks_abroad_per_year": "life.foreign_visits_per_year",
    "restrictions.bans_for_company": "restrictions.bans_for_association",
    "naming.employers_told": "naming.employers_notified",
    "index.lucks": "index.replicates",
}

REMOVED = {
    "response.risk_from_namings": "a public naming is one of the penalties that contacts hear of; "
    "for its share in the fear of expression set response.spill_between_fears",
}


def renamed(key: str) -> str | None:
    """The sentence about a key that was renamed or removed; None for any other key.

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
    for old, instead in REMOVED.items():
        if key in (old, old.rpartition(".")[2]):
            return f"{key} was removed: {instead}."
    return None
