"""The first letter of a label: at the head of a sentence or a table, and inside a sentence."""


def upper_first(text: str) -> str:
    """A text at the head of something.

    Examples
    --------
    >>> upper_first("draft of the AI Office")
    'Draft of the AI Office'
    """
    return text[:1].upper() + text[1:]


def lower_first(label: str) -> str:
    """A label inside a sentence; an abbreviation keeps its capitals.

    Examples
    --------
    >>> lower_first("Stops in the period"), lower_first("FPIR of a pass")
    ('stops in the period', 'FPIR of a pass')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
