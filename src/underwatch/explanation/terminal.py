"""An explanation as text for a terminal."""

from textwrap import wrap

from underwatch.explanation.comparison import comparison, difference_rows, figure_lines
from underwatch.explanation.lead import Sentence
from underwatch.explanation.person import person
from underwatch.explanation.profile import WORLDS, Profile
from underwatch.explanation.story import Year, story_of

WIDTH = 100
FEW = 3  # rows that are named behind a sentence; of more the first, the last and how many


def text(
    profile: Profile,
    twin: Profile | None = None,
    divergence: dict | None = None,
    everything: bool = True,
) -> str:
    """The explanation for a terminal: the finding first, then the years, then the sums.

    everything: also acts and routine records, the basis of decisions, the first difference field
    by field, the sums and the figures of the scenario.
    """
    story = story_of(profile, twin, divergence)
    lines = [
        *_wrapped(story.title),
        "",
        *(line for each in story.lead for line in _lines(each, "")),
    ]
    who = person(profile)
    lines += [
        "",
        *(line for sentence in (who if everything else who[:1]) for line in _wrapped(sentence)),
    ]
    if story.wrong:
        lines += ["", "Wrong records and decisions"]
        lines += [line for each in story.wrong for line in _lines(each, "  ")]
    for year, worlds in story.years.items():
        lines += _year(year, worlds, everything)
    if twin:
        lines += ["", "First difference"]
        lines += [line for each in story.difference for line in _lines(each, "  ")]
    return "\n".join(lines + (_rest(profile, twin, divergence) if everything else []))


def _year(year: str, worlds: list[Year], everything: bool) -> list[str]:
    """The sentences of a year, those of each world together; nothing if there are none."""
    lines = []
    for name, each in zip(WORLDS, worlds, strict=False):
        sentences = [*(each.brief if everything else []), *each.sentences]
        lines += [f"  {name}"] if len(worlds) > 1 and sentences else []
        indent = "    " if len(worlds) > 1 else "  "
        lines += [line for sentence in sentences for line in _lines(sentence, indent, everything)]
    return ["", year, *lines] if lines else []


def _rest(profile: Profile, twin: Profile | None, divergence: dict | None) -> list[str]:
    """The first difference field by field, the sums, and the figures of the scenario."""
    rows = difference_rows(divergence) if twin else []
    lines = [line for item, value in rows for line in _wrapped(f"{item}: {value}", "  ")]
    profiles = [profile, twin] if twin else [profile]
    lines += ["", *_table(comparison(profiles), ["Here", "Twin"] if twin else ["Value"])]
    if figures := figure_lines(profile):
        lines += ["", "Figures of the scenario behind these events:"]
        for key, values, source in figures:
            lines += _wrapped(f"{key} = {values} – {source}", "  ")
    return lines


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")


def _lines(sentence: Sentence, indent: str, with_basis: bool = False) -> list[str]:
    """A sentence with the rows behind it, and the basis of the first decision."""
    wrong = "WRONG: " if sentence.wrong else ""
    lines = _wrapped(f"{wrong}{sentence.text} [{named(sentence.sources)}]", indent)
    for line in sentence.basis if with_basis else ():
        lines += _wrapped(line, f"{indent}    ")
    return lines


def named(sources: tuple[str, ...]) -> str:
    """The names of rows; of many the first, the last and how many."""
    if len(sources) <= FEW:
        return ", ".join(sources)
    return f"{sources[0]} … {sources[-1]}, {len(sources):,} rows"


def _table(rows: list[tuple[str, list[str]]], heads: list[str]) -> list[str]:
    """Rows as aligned text."""
    first = max(len(label) for label, _ in rows)
    widths = [max(len(head), *(len(cells[k]) for _, cells in rows if cells))
              for k, head in enumerate(heads)]  # fmt: skip
    lines = [" " * first + "".join(f"  {head:>{w}}" for head, w in zip(heads, widths, strict=True))]
    for label, cells in rows:
        line = f"{label:<{first}}"
        for cell, width in zip(cells, widths, strict=False):
            line += f"  {cell:>{width}}"
        lines.append(line.rstrip())
    return lines
