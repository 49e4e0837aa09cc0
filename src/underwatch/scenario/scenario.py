"""A scenario: what is declared, with the verbs that read, change, compare and write it."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.errors import UserError, shortened
from underwatch.scenario.census import KEY as CENSUS
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.declaration import Declaration, Origin
from underwatch.scenario.keys import at, in_words, leaves, plain
from underwatch.scenario.sections.society import Margins

if TYPE_CHECKING:
    from underwatch.scenario.events import Event
    from underwatch.scenario.evidence import Assumptions
    from underwatch.scenario.loading import Loaded


class Scenario(Declaration):
    """An invented nation, its system of surveillance and scoring, and its dates.

    Examples
    --------
    >>> scenario = Scenario.load("atlantic-2018", ["society.citizens=2000"])
    >>> scenario.title, scenario.society.citizens
    ('The system described in The Atlantic, 2018', 2000)
    >>> milder = scenario.with_({"scoring.association": 0.1})
    >>> milder.diff(scenario)
    {'scoring.association': (0.1, 0.2)}
    """

    @classmethod
    def load(
        cls, name: str | Path, settings: Iterable[str] = (), over: Iterable[str] = ()
    ) -> "Scenario":
        """Read a shipped scenario by its name, or a file by its path.

        Parameters
        ----------
        name
            Such as "atlantic-2018" or "mine.yaml".
        settings
            "key=value", as on the command line; applied after the files.
        over
            Scenarios whose own figures are laid over the result, such as several `without-…`.

        Raises
        ------
        UserError
            Everything that is wrong with the files and settings, with file and line.
        """
        return reading(name, settings, over).value

    def with_(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same scenario with other values at some dotted keys, checked as a file is.

        changes: key → value, or a mapping of dates to values. A source is kept for every key
        that is not changed. The title is that of this scenario with the changes after it,
        unless the changes have a title; `parent` is the scenario from which it is derived.

        Raises UserError with all that is wrong.

        Examples
        --------
        >>> Scenario.load("atlantic-2018").with_({"scoring.association": 0.1}).title
        'The system described in The Atlantic, 2018; scoring.association 0.1'
        >>> Scenario.load("atlantic-2018").with_({"cameras.uptime": 1.3})
        Traceback (most recent call last):
        underwatch.errors.UserError: cameras.uptime is 1.3, but it is a probability between 0 and \
1. For 1.3 % write 0.013.
        """
        made = self._replaced(changes)
        if "title" in changes:
            return made
        differing = {key: in_words(at(made, key)) for key in made.diff(self)}
        if CENSUS in changes:  # stands for the margins that it gives
            margins = {f"society.{name}" for name in Margins.model_fields} - {*changes}
            differing = {CENSUS: str(made.census)} | {
                key: words for key, words in differing.items() if key not in margins
            }
        if not differing:
            return made
        origin = self._origin or Origin(self._file or self._parent, self.title, {})
        origin = origin._replace(changes={**origin.changes, **differing})
        made = made.model_copy(update={"title": f"{origin.title}; {origin.words()}"})
        made._origin, made._parent = origin, origin.parent
        return made

    def _replaced(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same as `with_` under the same title, for the worlds that studies derive."""
        from underwatch.scenario.loading import changed

        loaded = changed(self, self._sources, changes)
        made = loaded.value
        made._sources, made._parent = loaded.sources, self._parent
        made._file, made._origin = self._file, self._origin
        made._census = loaded.census or self._census
        return made

    def without(self, *numbers: str) -> "Scenario":
        """The same scenario with some organs switched off, as the `without-…` scenarios do it.

        numbers: such as "M10"; `underwatch.organs()` lists them.

        Raises UserError for a number that is no organ or cannot be switched off alone.

        Examples
        --------
        >>> milder = Scenario.load("atlantic-2018").without("M10")
        >>> milder.title, milder.scoring.association
        ('The system described in The Atlantic, 2018; without M10', Dated(0.0))
        """
        from underwatch.scenario.variants import changes_without

        if not numbers:
            return self
        origin = self._origin or Origin(self._file or self._parent, self.title, {})
        before = origin.changes.get("without", "").split(", ")
        named = ", ".join(dict.fromkeys([*filter(None, before), *numbers]))
        origin = origin._replace(changes={**origin.changes, "without": named})
        made = self._replaced(changes_without(numbers, _declared_by))
        made = made.model_copy(update={"title": f"{origin.title}; {origin.words()}"})
        made._origin, made._parent = origin, origin.parent
        return made

    def with_people_of(self, other: "Scenario") -> "Scenario":
        """The same system over the people, seed and dates of another scenario.

        Two worlds that are compared have the same people.

        Examples
        --------
        >>> watched = Scenario.load("met-lfr")
        >>> unwatched = Scenario.load("unwatched").with_people_of(watched)
        >>> unwatched.society == watched.society, unwatched.first_day == watched.first_day
        (True, True)
        """
        from underwatch.scenario.variants import nation_of

        made = self._replaced(nation_of(other))
        made._census = other.census
        return made

    @property
    def name(self) -> str:
        """How a study names this scenario among others.

        The changes, if it was made by `with_`; else the name of its file; else its title.
        """
        if self._origin:
            return self._origin.words()
        return Path(self._file).stem if self._file else self.title

    def diff(self, other: "Scenario | str | Path") -> dict[str, tuple[Any, Any]]:
        """Key → (value here, value there) for every figure that differs; titles aside.

        other: a Scenario, the name of a shipped one or a path. Raises UserError for anything
        else.
        """
        if isinstance(other, str | Path):
            other = Scenario.load(other)
        if not isinstance(other, Scenario):
            raise UserError(f"{shortened(repr(other))} is not a Scenario; see Scenario.load.")
        theirs = dict(leaves(other))
        return {
            key: (plain(value), plain(theirs[key]))
            for key, value in leaves(self)
            if key not in ("title", "text") and value != theirs[key]
        }

    def events(self, days: int | None = None) -> "list[Event]":
        """What changes on a date after the first day, in words; the nine largest if there are more.

        days: the length of a run; None for the scenario's own.

        Examples
        --------
        >>> event = Scenario.load("atlantic-2018").events()[0]
        >>> str(event.day), event.text[:38]
        ('2015-01-01', 'Private precursor (M4) switched on; co')
        """
        from underwatch.scenario.events import dated_changes

        return dated_changes(
            {
                "first_day": self.first_day.isoformat(),
                "days": self.days if days is None else days,
                "scenario": self.model_dump(mode="json"),
            }
        )

    @property
    def assumed(self) -> "Assumptions":
        """How many of its figures are assumptions, and how many figures it has.

        Examples
        --------
        >>> counted = Scenario.load("atlantic-2018").assumed
        >>> 0 < counted.assumed < counted.figures
        True
        """
        from underwatch.scenario.evidence import assumptions

        return assumptions(self._sources)

    def to_yaml(self) -> str:
        """A file that loads to an equal scenario, complete and with every source."""
        from underwatch.scenario.writing import to_yaml

        return to_yaml(self)

    def describe(self) -> str:
        """Text for people: dates, every figure with its source, and what differs from `parent`."""
        from underwatch.scenario.writing import describe

        parent = None
        if self.parent:
            try:
                parent = Scenario.load(self.parent)
            except UserError:  # the file has moved since
                pass
        return describe(self, parent)

    def __repr__(self) -> str:
        from underwatch.errors import printable

        return (
            f"<Scenario '{printable(shortened(self.title))}': {self.society.citizens:,} citizens, "
            f"seed {self.society.seed}, {self.first_day} to {self.last_day}>"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        facts = {
            "citizens": f"{self.society.citizens:,}",
            "seed": str(self.society.seed),
            "days": f"{self.days:,}, from {self.first_day} to {self.last_day}",
            "extends": self._parent or "nothing",
            "census": self._census or "none; the scenario states its own figures",
        }
        rows = "".join(
            f"<tr><th style='text-align:left;font-weight:400;padding-right:1em'>{label}</th>"
            f"<td style='text-align:left'>{escape(fact)}</td></tr>"
            for label, fact in facts.items()
        )
        return (
            "<div style='border:1px solid #ccc;border-radius:4px;padding:.6em 1em;max-width:44em'>"
            f"<strong>{escape(self.title)}</strong> <span style='color:#555'>Scenario</span>"
            f"<p>{escape(self.text)}</p><table>{rows}</table></div>"
        )


def reading(
    name: str | Path, settings: Iterable[str] = (), over: Iterable[str] = ()
) -> "Loaded[Scenario]":
    """A scenario with the sources and lines of its figures; see `underwatch.scenario.loading`."""
    from underwatch.scenario.loading import read

    loaded = read(name, Scenario, settings, SCENARIOS, over)
    made = loaded.value
    made._sources, made._parent, made._file = loaded.sources, loaded.parent, str(name)
    made._census = loaded.census
    return loaded


def _declared_by(name: str) -> dict[str, Any]:
    """What a shipped scenario changes in the one that it extends."""
    made = Scenario.load(name)
    return {key: here for key, (here, _) in made.diff(made.parent or name).items()}


def shipped() -> list[str]:
    """The names of the scenarios that come with the software."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
