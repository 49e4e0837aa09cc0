"""What the ledger's lines and the model's acts are called, and which of them are alike."""

# True causes that are no act of the citizen whom the line is about.
NOT_OWN = (
    "another person's name", "another person's face", "another person's act",
    "misread ordinary post", "false report", "bystander", "mistaken for a listed person",
    "wrong record", "association", "no own act",
)  # fmt: skip
WITHHELD = (
    "post withheld", "message withheld", "petition signature withheld",
    "protest participation withheld", "foreign visit withheld", "minor offence deterred",
)  # fmt: skip
STEPS = ("joined the private score", "appeal filed")  # what citizens do about the system
CORRECTED = ("file corrected", "office", "wrong records")
RECORD_KINDS = 23  # the first kinds of the ledger are records; the others are not
# Acts by their name in the model, seen or not.
ACT_LABELS = {
    "posted": "critical post", "messaged": "critical message", "petitioned": "petition signed",
    "protested": "day of protest", "foreign_visit": "visit to a foreign site",
    "minor": "minor offence", "serious": "serious offence", "due": "instalment due",
    "kept": "instalment paid on time", "good": "good deed", "favoured": "favoured purchase",
    "disfavoured": "disfavoured purchase", "flies": "flight wanted while restricted",
    "rides": "train trip wanted while restricted",
    "applies": "visa wanted",
}  # fmt: skip
ACT_PLURALS = {
    "critical post": "critical posts", "critical message": "critical messages",
    "petition signed": "petitions signed", "day of protest": "days of protest",
    "visit to a foreign site": "visits to foreign sites", "minor offence": "minor offences",
    "serious offence": "serious offences", "instalment due": "instalments due",
    "instalment paid on time": "instalments paid on time", "good deed": "good deeds",
    "favoured purchase": "favoured purchases", "disfavoured purchase": "disfavoured purchases",
    "flight wanted while restricted": "flights wanted while restricted",
    "train trip wanted while restricted": "train trips wanted while restricted",
    "visa wanted": "visas wanted",
}  # fmt: skip
# How an act compares with the file: label, name of the act in the model, records.
TRUTH_AND_FILE = (
    ("Critical posts", "posted", ("unpermitted post", "contradicting post")),
    ("Critical private messages", "messaged", ("private message",)),
    ("Petitions signed", "petitioned", ("petition",)),
    ("Days of protest", "protested", ("protest",)),
    ("Visits to foreign sites", "foreign_visit", ("firewall evasion",)),
    ("Reports by neighbours", None, ("neighbour's report",)),
    ("Minor offences", "minor", ("minor offence",)),
    ("Serious offences", "serious", ("serious offence",)),
    ("Instalments missed", "missed", ("late instalment",)),
    ("Instalments paid on time", "kept", ("repaid instalment",)),
    ("Judgements for a debt", None, ("judgement",)),
    ("Good deeds", "good", ("good deed",)),
    ("Favoured purchases", "favoured", ("favoured purchase",)),
    ("Disfavoured purchases", "disfavoured", ("disfavoured purchase",)),
    ("Watch-list alerts", None, ("alert",)),
)


def sort_of(kind: int, what: str) -> str:
    """What a line of the ledger is: "record", "decision", "step" of the citizen or "withheld"."""
    if what in WITHHELD:
        return "withheld"
    if what in STEPS:
        return "step"
    return "record" if kind < RECORD_KINDS else "decision"
