"""The lab behind the pages: its queue, and the experiments that were asked for."""

from __future__ import annotations

import threading
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request

from underwatch.errors import UserError
from underwatch.lab import schemas
from underwatch.lab.jobs.job import Job
from underwatch.lab.jobs.queue import Queue
from underwatch.lab.jobs.world import FIGURES, arguments_of, every_of
from underwatch.lab.json_files import read_json
from underwatch.lab.once import once
from underwatch.lab.refusals import Refused, of_user_error
from underwatch.lab.settings import Settings
from underwatch.lab.state import OTHER, WATCHED, State
from underwatch.lab.texts import texts


class Lab:
    """One lab. Routes get it by `Here`."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.queue = Queue(settings)
        self._experiments: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def open(self) -> None:
        """Find earlier jobs and experiments, and go on."""
        self.queue.open()
        self._experiments = self.queue.store.experiments()

    def close(self) -> None:
        """End all processes."""
        self.queue.close()

    def checked(self, state: State) -> State:
        """The state, within the limits of this lab. Raises Refused (422)."""
        settings, t = self.settings, texts()
        if state.citizens > settings.citizens:
            raise Refused(422, t("refused.citizens", n=f"{settings.citizens:,}"))
        if state.length > settings.days:
            raise Refused(422, t("refused.days", n=f"{settings.days:,}"))
        try:
            state.scenarios()
        except UserError as error:
            raise of_user_error(error) from None
        return state

    def begin(self, state: State) -> schemas.Experiment:
        """Both worlds of a state, simulated or waiting to be."""
        state = self.checked(state)
        name = state.hash
        jobs = [self._job(state, which, name) for which in (WATCHED, OTHER)]
        with self._lock:
            if name not in self._experiments:
                self._experiments[name] = state.model_dump(mode="json", by_alias=True)
                self.queue.store.write_experiments(self._experiments)
        return self._experiment(state, name, jobs)

    def experiment(self, name: str) -> schemas.Experiment:
        """The experiment of this id. Raises Refused (404) if there is none."""
        with self._lock:
            held = self._experiments.get(name)
        if held is None:
            raise Refused(404, texts()("refused.no_experiment"))
        return self.begin(State.model_validate(held))

    def _job(self, state: State, which: str, group: str) -> Job:
        title = state.scenarios()[which].title
        return self.queue.submit("world", arguments_of(state, which), group, title)

    def _experiment(self, state: State, name: str, jobs: list[Job]) -> schemas.Experiment:
        made, hashes = state.scenarios(), state.hashes()
        worlds = [
            schemas.World(
                name=which, title=scenario.title, text=scenario.text, hash=hashes[which][:8],
                job=self.described(job),
            )
            for (which, scenario), job in zip(made.items(), jobs, strict=True)
        ]  # fmt: skip
        return schemas.Experiment(
            id=name, link=f"/worlds?{state.query()}", hash=name, python=state.python(),
            state=state, first_day=made[WATCHED].first_day.isoformat(), days=state.length,
            every=every_of(state.length), changes=changes(state), events=_events_of(state),
            worlds=worlds,
        )  # fmt: skip

    def described(self, job: Job) -> schemas.JobOut:
        """A job for the pages."""
        progress = job.progress() if job.state in ("running", "done") else {}
        stage = str(progress.get("stage", "starting")) if job.state == "running" else job.state
        figures = read_json(job.folder / FIGURES) if job.kind == "world" else None
        days = int(progress.get("days") or job.arguments.get("days") or 0)
        day = days if job.state == "done" else int(progress.get("day", 0))
        running = float(progress.get("seconds", 0))
        return schemas.JobOut(
            id=job.id, kind=job.kind, title=job.title, state=job.state,
            place=self.queue.place(job), stage=stage, stage_text=_stage(stage), day=day,
            days=days, seconds=running if job.state == "running" else job.seconds,
            sentence=job.sentence, created=job.created,
            state_hash=(figures or {}).get("state_hash"),
        )  # fmt: skip

    def done(self, name: str, kind: str) -> Job:
        """A finished job of a kind. Raises Refused: 404 if there is none, 409 if it is not done."""
        job = self.queue.get(name)
        if job.kind != kind:
            raise Refused(404, texts()("refused.no_job"))
        if job.state != "done":
            raise Refused(409, job.sentence or texts()("refused.not_done"))
        return job


def lab_of(request: Request) -> Lab:
    """The lab of an application."""
    lab: Lab = request.app.state.lab
    return lab


Here = Annotated[Lab, Depends(lab_of)]


def _events_of(state: State) -> list[schemas.EventOut]:
    return list(events(state.worlds_only().model_dump_json(by_alias=True)))


@once(most=256)
def events(text: str) -> tuple[schemas.EventOut, ...]:
    """The dated events of both worlds; those that both share stand once.

    text: the state as JSON.
    """
    state = State.model_validate_json(text)
    found, seen = [], set()
    for which, scenario in state.scenarios().items():
        first: date = scenario.first_day
        for event in scenario.events(state.length):
            if (event.day, event.text) not in seen:
                seen.add((event.day, event.text))
                found.append(
                    schemas.EventOut(
                        world=which,
                        day=(event.day - first).days,
                        date=event.day.isoformat(),
                        text=event.text,
                    )  # fmt: skip
                )
    return tuple(sorted(found, key=lambda event: event.day))


def changes(state: State) -> str:
    """How the two worlds differ, in words."""
    import underwatch as uw

    t, made = texts(), state.scenarios()
    parts = [t("changes.worlds", watched=uw.scenarios()[state.scenario].title,
               other=made[OTHER].title)]  # fmt: skip
    if state.without:
        named = ", ".join(f"{uw.organs()[number].name} ({number})" for number in state.without)
        parts.append(t("changes.without", organs=named))
    if state.with_:
        named = ", ".join(
            f"{uw.safeguards()[key].name} ({100 * level:g} %)" for key, level in state.with_.items()
        )
        parts.append(t("changes.with", safeguards=named))
    if state.set:
        named = ", ".join(f"{key} = {value}" for key, value in state.set.items())
        parts.append(t("changes.set", figures=named))
    if len({*state.hashes().values()}) == 1:
        parts.append(t("changes.none"))
    return " ".join(parts)


def _stage(stage: str) -> str:
    try:
        return texts()(f"stages.{stage.replace(' ', '_')}")
    except KeyError:
        return stage
