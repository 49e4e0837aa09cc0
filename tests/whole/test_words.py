"""The words of the project: the field's terms, and none of the idiom that they replaced.

Each retired word stands here with what to write. A line may keep one where it means something
else: live face recognition, company data, the law of a statute. Such uses are listed by the text
around them, so that a new use of the old meaning is found.
"""

import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from underwatch.cli import app

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TEXTS = [
    *SOURCES,
    *sorted((ROOT / "src").rglob("*.j2")),
    *sorted((ROOT / "src/underwatch/data").rglob("*.yaml")),
    *sorted((ROOT / "src/underwatch/data").rglob("*.toml")),
    *sorted((ROOT / "src/underwatch/data").rglob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "docs").rglob("*.py")),
    *sorted((ROOT / "docs").rglob("*.ipynb")),
    *sorted((ROOT / "reference").rglob("*.py")),
    *sorted((ROOT / "tests").rglob("*.yaml")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")),
]

# Phrases in any text, and what to write in their place.
RETIRED = {
    r"\blived\b": "simulated, run",
    r"\bluck\b|\blucky\b": "random draws; common random numbers",
    r"\bjourneys?\b": "simulation",
    r"\bset out\b|\bput down\b|\btakes? up\b|\btaken up\b": "start, save a checkpoint, resume",
    r"\btold\b|\bretold\b": "reported, notified, described",
    r"\bparting\b|\blifelines?\b": "divergence, timeline",
    r"(?<!good )(?<!good_)\bdeeds?\b": "acts, events",
    r"\bhalfway\b": "partial results",
    r"\bnoughts?\b": "zero",
    r"\bdesks?\b": "queue",
    r"\bcompany (one|they|you) keeps?\b|\bcompany kept\b|\bfor (the|their) company\b": "associates",
    r"\bcompany alone\b": "association only",
    r"\bstirs?\b|\bstirred\b": "active",
    r"\blooks? abroad\b|\blooking abroad\b|\blooked abroad\b": "visits to foreign sites",
    r"\bstrangers\b": "unpaired seeds; other people",
    r"\bfast lane\b": "privileged access",
    r"\bnot done for the risk\b|\bfor the risk (they )?perceived\b": "withheld because of risk",
    r"\bpariahs?\b": "isolated people",
    r"\bwhat (it|they|this|each|a run|one) c[ao]mes? to\b": "results",
    r"\bunbettered\b|\bbettered?s?\b(?! than)": "not dominated",
    r"\bwhole numbers only\b": "integers",
    r"\bno tru(e|ly) cause of one's own\b": "no act of the person's own",
    r"\bat his risk\b": "at this perceived risk",
    r"\bthey stand first\b": "they are listed first",
    r"\bwhoever bears\b": "the person whose name",
    r"\b(feels|acts) differently\b": "perceived risk, opinion and acts differ",
    r"\bpublic moments\b": "intended minor offences in view of a camera",
    r"\bother figures: ": "the scenarios differ in",
    r"\bvalues of this (scenario|study) are\b": "figures of this scenario are",
    r"\bbranch off the first then\b": "the date on which the other worlds branch off",
}
# Where a retired word is the right one; matched against the line.
ALLOWED = (r"so-?called",)

# Identifiers of the code: whole names between underscores.
NAMES = {
    "luck", "lucks", "journey", "halfway", "told", "tell", "tells", "telling", "says", "said",
    "spoken", "shelf", "artist", "deeds", "dawn", "dawns", "woke", "wake", "stirs", "nought",
    "strangers", "desk", "desks", "holder", "lifeline", "parting", "lived", "relive", "diary",
    "fast_lane", "pariah",
}  # fmt: skip
# A good deed is a kind of record; names of tests are sentences.
NAMES_ALLOWED = re.compile(r"good_deed|GOOD_DEED|^test_")


@cache
def lines():
    """Every line of the texts, read once: (path, number, line)."""
    return [
        (path.relative_to(ROOT), number, line)
        for path in TEXTS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    ]


@cache
def whole():
    """All texts as one, to search for what no text has."""
    return "\n".join(line for _, _, line in lines())


@pytest.mark.parametrize("pattern", RETIRED)
def test_no_text_uses_a_retired_phrase(pattern):
    found = re.compile(pattern, re.IGNORECASE)
    if not found.search(whole()):
        return
    kept = [
        f"{path}:{number}: {line.strip()}"
        for path, number, line in lines()
        if found.search(line) and not any(re.search(a, line, re.IGNORECASE) for a in ALLOWED)
    ]
    assert not kept, f"write {RETIRED[pattern]}:\n" + "\n".join(kept[:20])


def names(path):
    """The names that a module defines or uses, split at underscores."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.NAME:
            yield token.string, token.start[0]


@pytest.mark.parametrize("folder", ["src", "tests", "reference", "bench", "docs"])
def test_no_identifier_uses_a_retired_word(folder):
    kept = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for name, line in names(path):
            parts = set(name.lower().split("_")) | {name.lower().strip("_")}
            if parts & NAMES and not NAMES_ALLOWED.search(name):
                kept.append(f"{path.relative_to(ROOT)}:{line}: {name}")
    assert not kept, "\n".join(kept[:40])


def test_every_label_reads_alone():
    """A noun phrase that starts with a capital and leans on no line above it."""
    from underwatch.measurement.pages import entries

    for name, entry in entries().items():
        label = entry.label
        assert label[:1].isupper() and not label.endswith("."), f"{name}: {label}"
        assert "…" not in label and name.replace("_", " ") != label, f"{name}: {label}"


def test_no_help_of_the_command_line_uses_a_retired_phrase():
    import typer

    command = get_command(app)
    texts = {"underwatch": command.get_help(typer.Context(command))}
    for name, sub in command.commands.items():
        texts[name] = sub.get_help(typer.Context(sub, info_name=name))
    for name, text in texts.items():
        for pattern, write in RETIRED.items():
            found = re.search(pattern, " ".join(text.split()), re.IGNORECASE)
            assert not found, f"{name} --help says {found.group()!r}; write {write}"
