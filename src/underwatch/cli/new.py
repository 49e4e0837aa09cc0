"""The command that writes a starter scenario."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.options import DEFAULT
from underwatch.cli.progress import Interrupted
from underwatch.errors import Problem, UserError, did_you_mean, printable

NewFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="The .yaml file to write; or the word assessment, and then the file."
    ),
]
Second = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The deployment file, after assessment.")
]
Extends = Annotated[str, typer.Option(help="The shipped scenario that the new one extends.")]
Title = Annotated[
    str | None, typer.Option(help="Title of the scenario. Default: from the file name.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE",
        help="Of an assessment: set one figure, such as accuracy.threshold=0.64; may be repeated.",
    ),
]  # fmt: skip
Kind = Annotated[
    str | None,
    typer.Option(
        help="Of an assessment: its kind, such as “watch-list camera”. Nothing is asked then."
    ),
]


def new(
    file: NewFile, assessment: Second = None, title: Title = None, extends: Extends = DEFAULT,
    kind: Kind = None, set_: Set = None,
) -> None:  # fmt: skip
    """Write a commented starter scenario, or a deployment file question by question.

    `underwatch new mine.yaml` writes a scenario; `underwatch new assessment mine.yaml` asks what
    is deployed. A file that exists is kept.
    """
    if str(file) == "assessment":
        _new_assessment(assessment or Path("assessment.yaml"), title, kind, set_ or [])
        return
    if assessment is not None:
        raise UserError(
            f"{printable(file)} is not known; write one FILE, or assessment and a FILE."
        )
    if kind is not None:
        raise UserError("--kind is for a deployment file; write: underwatch new assessment FILE.")
    if set_:
        raise UserError(
            "--set is for a deployment file; a figure of a scenario is set when it runs: "
            "underwatch run FILE --set KEY=VALUE."
        )
    from underwatch.scenario.starter import starter_text

    _check_name(file, "a scenario file")
    _write(file, starter_text(title or _title(file), extends))
    name = printable(file)
    print(f"Wrote {name}. Edit it, then run:\n  underwatch run {name}")


def _new_assessment(
    file: Path, title: str | None, kind: str | None, settings: list[str]
) -> None:  # fmt: skip
    from underwatch.assessments.declaration import read_deployment
    from underwatch.assessments.starter import EXAMPLES, starter
    from underwatch.results.single_file import check_new_file

    _check_name(file, "a deployment file")
    check_new_file(file, "")  # before anybody answers sixty questions
    if kind is None:
        try:
            print("Enter keeps what stands in brackets; Ctrl-D keeps all the rest.")
            known = next(iter(EXAMPLES))
            words = f"kind ({', '.join(EXAMPLES)})"
            while (chosen := _ask(words, known) or known) not in EXAMPLES:
                words = f"{chosen} is not a kind of deployment{did_you_mean(chosen, EXAMPLES)} kind"
            text = starter(chosen, title, _ask, settings)
        except KeyboardInterrupt:
            raise Interrupted("Interrupted. No file is written.") from None
    else:
        text = starter(kind, title or _title(file), settings=settings)
    _write(file, text)
    name = printable(file)
    try:
        read = read_deployment(file)
    except UserError as error:
        begin = Problem(None, f"Wrote {name}. It can be assessed once this is put right:")
        raise UserError([begin, *error.problems]) from None
    count = f"{read.assumptions} of its {len(read.figures)} figures are assumptions"
    print(f"Wrote {name}; {count}. Then run:\n  underwatch assess {name}")


def _ask(question: str, known: str) -> str:
    """One line of the user's; empty at the end of the input."""
    try:
        return input(f"{printable(question)} [{printable(known)}]: ").strip()
    except EOFError:
        return ""


def _check_name(file: Path, what: str) -> None:
    if file.suffix not in (".yaml", ".yml"):
        raise UserError(f"{file}: {what} ends in .yaml; write {file.name}.yaml.")


def _write(file: Path, text: str) -> None:
    """Write the whole file or nothing. Raises UserError."""
    from underwatch.results.single_file import write_file

    write_file(file, text)


def _title(file: Path) -> str:
    """A title from a file name: my-country.yaml is "My country"."""
    words = file.stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "My scenario"
