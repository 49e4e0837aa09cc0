"""Keys that were renamed: the message about an old key names the new one."""

RENAMED = {
    "life.looks_abroad_per_year": "life.foreign_visits_per_year",
    "restrictions.bans_for_company": "restrictions.bans_for_association",
    "naming.employers_told": "naming.employers_notified",
    "index.lucks": "index.replicates",
}


def renamed(key: str) -> str | None:
    """The sentence about a key that was renamed; None for any other key.

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
    return None
