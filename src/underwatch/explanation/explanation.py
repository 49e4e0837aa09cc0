"""`explain`: one invented person of a run, with the basis of everything that was decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.explanation.profile import WORLDS, Event, Profile
from underwatch.results.base import Page, Result, write_page

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from underwatch.engine.simulation import Progress
    from underwatch.explanation.story import Story
    from underwatch.explanation.subjects import Subject

DATA, TEXT, CHART, PAGE = "explanation.json", "explanation.txt", "explanation.svg", "report.html"


class Explanation(Result):
    """One invented citizen explained, made by `underwatch.explain`.

    Attributes
    ----------
    provenance: software, scenario and citizen, as in run.json.
    profile: the citizen as plain data: traits, events with their basis, restrictions, sums.
    twin: the same citizen in another world, or None.
    divergence: the first day on which both differ, and why; None without a twin, or if they
        never differ.

    Examples
    --------
    >>> import underwatch as uw
    >>> someone = uw.explain("atlantic-2018", 7, citizens=2000, days=60)
    >>> someone.profile.traits["group"]
    'B'
    """

    def __init__(
        self,
        provenance: dict[str, Any],
        profile: Profile,
        twin: Profile | None = None,
        divergence: dict[str, Any] | None = None,
    ):
        self.provenance = provenance
        self.profile = profile
        self.twin = twin
        self.divergence = divergence

    @property
    def citizen(self) -> int:
        """The citizen's number."""
        return self.profile.citizen

    @property
    def person(self) -> list[str]:
        """Who the citizen is, one sentence each.

        Examples
        --------
        >>> import underwatch as uw
        >>> someone = uw.explain("atlantic-2018", 7, citizens=2000, days=60)
        >>> someone.person[0]
        'Citizen 7 of 2,000 is invented: 48 years, group B, metropolis, head of a household of 1.'
        """
        from underwatch.explanation.person import person

        return person(self.profile)

    def reasons(self, event: Event) -> list[str]:
        """The rule, the records and the figures behind an event of a profile, one line each."""
        from underwatch.explanation.wording import basis_lines

        return basis_lines(event)

    @property
    def story(self) -> Story:
        """What happened, in sentences; each names the rows of `to_dataframe` behind it.

        Examples
        --------
        >>> import underwatch as uw
        >>> someone = uw.explain("atlantic-2018", 7, citizens=2000, days=60)
        >>> len(someone.story.lead), all(sentence.sources for sentence in someone.story)
        (2, True)
        """
        from underwatch.explanation.story import story_of

        return story_of(self.profile, self.twin, self.divergence)

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON holds it; the story as sentences and the rows behind them."""
        return {
            "citizen": self.citizen, "profile": self.profile.to_dict(),
            "twin": self.twin.to_dict() if self.twin else None, "divergence": self.divergence,
            "story": [{"text": each.text, "rows": list(each.sources)} for each in self.story],
        }  # fmt: skip

    def to_dataframe(self) -> pd.DataFrame:
        """Every event, one row each, in the order of days.

        Columns: row (the name by which `story` calls it, such as "here-12"), world, date, day,
        sort ("record", "decision", "step" or "withheld"), what, entered_by, true_cause, own
        (False: no act of the citizen's own), whose (numbers of citizens whose act it was), times,
        basis (rule, records and figures).
        """
        import pandas as pd

        columns = ("date", "day", "sort", "what", "entered_by", "true_cause", "own", "whose",
                   "times", "basis")  # fmt: skip
        rows = [
            {"row": f"{short}-{number}", "world": name,
             **{column: getattr(event, column) for column in columns}}
            for short, (name, profile) in zip(WORLDS, self._worlds().items(), strict=False)
            for number, event in enumerate(profile.events, 1)
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["row", "world", *columns])
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def plot(self) -> alt.TopLevelMixin:
        """Score, perceived risk, restrictions and events over time, as an Altair chart."""
        from underwatch.explanation.chart import explanation_chart
        from underwatch.report.charts import to_altair

        chart: alt.TopLevelMixin = to_altair(explanation_chart(self.profile, self.twin))
        return chart

    def text(self, everything: bool = True) -> str:
        """The explanation for a terminal; everything: with sums, figures and routine records."""
        from underwatch.explanation.terminal import text

        return text(self.profile, self.twin, self.divergence, everything)

    def svg(self) -> str:
        """The chart of `plot` as an SVG file."""
        from underwatch.explanation.chart import explanation_chart
        from underwatch.report.rendering import to_svg

        return to_svg(explanation_chart(self.profile, self.twin))

    def report(self, file: str | Path | None = None) -> Page:
        """The explanation as one HTML page that needs no network; written to `file` if given."""
        from underwatch.explanation.page import page

        return write_page(page(self.provenance, self.profile, self.twin, self.divergence), file)

    def save(self, folder: str | Path) -> Path:
        """Write data, text, chart and page to a new folder that `underwatch.load` reads."""
        from underwatch.results import folder as store

        folder = store.as_path(folder)
        store.refuse_if_taken(folder)
        with store.whole(folder) as part:
            store.write_json(part / store.RUN, self.provenance)
            store.write_text(part / DATA, json.dumps(self.to_dict(), indent=1))
            store.write_text(part / TEXT, self.text() + "\n")
            store.write_text(part / CHART, self.svg())
            store.write_text(part / PAGE, self.report())
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> Explanation:
        """Read an explanation back. Raises UserError if a file is missing or has changed."""
        from underwatch.results import folder as store
        from underwatch.results.record_schema import checked, readable

        provenance = store.load_provenance(store.as_path(folder), DATA)
        with readable(folder, "an explanation"):
            plain = json.loads((store.as_path(folder) / DATA).read_text("utf-8"))
            twin = checked(Profile | None, plain["twin"])
            return cls(
                provenance,
                Profile.from_dict(checked(Profile, plain["profile"])),
                None if twin is None else Profile.from_dict(twin),
                checked(dict[str, Any] | None, plain["divergence"]),
            )

    def _worlds(self) -> dict[str, Profile]:
        from underwatch.explanation.chart import world_names

        return world_names(self.profile, self.twin)

    def _facts(self) -> list[tuple[str, str]]:
        profile = self.profile
        traits = profile.traits
        wrong = sum(event.times for event in profile.events if not event.own)
        facts = [
            ("title", self.story.title),
            ("", profile.world),
            ("", f"{traits['age']} years, group {traits['group']}, {traits['place']}"),
            ("restrictions", f"{len(profile.spans)}"),
            ("wrong records and decisions", f"{wrong:,}"),
        ]
        if self.twin:
            since = f"from {self.divergence['date']} on" if self.divergence else "never"
            facts.append(("differs from the twin", since))
        return facts


def explain(
    run: Subject,
    citizen: int,
    twin: Subject | None = None,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    bearer: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Explanation:
    """Explain one citizen: acts, records beside the truth, and the basis of each decision.

    The run is simulated again with this citizen recorded, which takes as long as the run did;
    every explained score is compared with the decided one.

    Parameters
    ----------
    run
        A run, a run folder, a scenario, a shipped name or a .yaml file.
    citizen
        The citizen's number, from 0; see `Run.find`.
    twin
        A run or scenario with the same people, to compare with. A scenario is run with the
        citizens, days and seed of the first.
    citizens, days, seed
        For a scenario; a run has its own.
    bearer
        Which of the people who had the number one after the other, from 0 for the one of the
        first day; None for the one of the last day.
    progress
        Called with the progress of the simulation.

    Raises
    ------
    UserError
        For a citizen who does not exist, a twin of other people, or a run of another version
        of the software.

    Examples
    --------
    >>> import underwatch as uw
    >>> run = uw.run("atlantic-2018", citizens=2000, days=60)
    >>> someone = uw.explain(run, 7, twin="unwatched")
    >>> someone.to_dataframe()["world"].nunique() <= 2
    True
    """
    from underwatch.explanation.subjects import provenance_of, twin_of
    from underwatch.scenario.limits import check_size

    citizen = check_size("citizen", citizen)
    bearer = None if bearer is None else check_size("bearer", bearer)
    sizes = {"citizens": citizens, "days": days, "seed": seed}
    provenance = provenance_of(run, sizes)
    other = twin_of(provenance, twin) if twin is not None else None
    notify = progress or (lambda _: None)
    first, second, difference = _simulated(provenance, other, citizen, bearer, notify)
    return Explanation(_described(provenance, other, citizen), first, second, difference)


def _simulated(
    provenance: dict[str, Any],
    other: dict[str, Any] | None,
    citizen: int,
    bearer: int | None,
    progress: Callable[[Progress], None],
) -> tuple[Profile, Profile | None, dict[str, Any] | None]:
    """(profile, profile of the twin, divergence) of a citizen."""
    from underwatch.explanation.divergence import divergence
    from underwatch.explanation.replay import replay
    from underwatch.explanation.summary import profile_of
    from underwatch.explanation.trajectory import Trajectory

    first = Trajectory.of(replay(provenance, [citizen], progress), citizen, bearer)
    if other is None:
        return profile_of(first), None, None
    second = Trajectory.of(replay(other, [citizen], progress), citizen, bearer)
    found = divergence(first, second)
    return profile_of(first), profile_of(second), asdict(found) if found else None


def _described(
    provenance: dict[str, Any], other: dict[str, Any] | None, citizen: int
) -> dict[str, Any]:
    """The provenance of an explanation: that of the run, and the citizen."""
    from underwatch.results.provenance import made_with

    keys = ("sources", "days", "first_day", "state_hash")
    found = made_with() | {"kind": "explain", "citizen": citizen}
    found |= {key: provenance[key] for key in keys if key in provenance}
    scenario = provenance["scenario"]
    if other is None:
        return _plain(found | {"scenario": scenario, "scenario_hash": _hash(scenario)})
    twin = other["scenario"]
    titles = [scenario["title"], twin["title"]]
    if titles[0] == titles[1]:
        titles[1] += " (twin)"
    worlds = dict(zip(titles, (scenario, twin), strict=True))
    hashes = {title: _hash(world) for title, world in worlds.items()}
    return _plain(found | {"scenarios": worlds, "scenario_hashes": hashes})


def _hash(scenario: dict[str, Any]) -> str:
    from underwatch.scenario import Scenario

    return Scenario.model_validate_json(json.dumps(scenario)).hash


def _plain(provenance: dict[str, Any]) -> dict[str, Any]:
    """The same as run.json reads it back, so that a page is the same before and after."""
    plain: dict[str, Any] = json.loads(json.dumps(provenance, sort_keys=True, default=str))
    return plain
