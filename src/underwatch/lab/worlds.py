"""The routes of the worlds view: experiments, jobs, maps, figures, people and downloads."""

from __future__ import annotations

from pathlib import Path as PathOnDisk
from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from underwatch.lab import catalogue, figures, schemas
from underwatch.lab.frames import LAYOUT, MEASURES, NOBODY, FrameReader
from underwatch.lab.guard import CSP_OF_REPORTS
from underwatch.lab.jobs.bands import BANDS
from underwatch.lab.jobs.bands import arguments_of as bands_of
from underwatch.lab.jobs.job import Job
from underwatch.lab.jobs.made import made
from underwatch.lab.jobs.world import RUN
from underwatch.lab.json_files import read_json
from underwatch.lab.laboratory import Here, Lab
from underwatch.lab.refusals import Refused, responses
from underwatch.lab.schemas import Id
from underwatch.lab.state import State
from underwatch.lab.texts import texts

router = APIRouter(prefix="/api", responses=responses(403, 422))
MeasureName = Annotated[str, Query(pattern="^[a-z_.]{1,60}$", description="A measure's name.")]
ChartName = Annotated[str, schemas.Path(pattern="^[a-z_]{1,60}$")]


@router.get("/catalogue")
def get_catalogue(lab: Here) -> schemas.Catalogue:
    """Scenarios, organs, safeguards and measures to choose from, and the limits of this lab."""
    return catalogue.catalogue(lab.settings)


@router.post("/experiments", responses=responses(400, 413, 415, 429, 503))
def begin_experiment(state: State, lab: Here) -> schemas.Experiment:
    """Two worlds of the same people: simulated, or waiting to be. Equal requests share jobs."""
    return lab.begin(state)


@router.get("/experiments/{id}", responses=responses(404, 429, 503))
def get_experiment(id: Id, lab: Here) -> schemas.Experiment:
    """An experiment that was begun; a world that is no longer kept is simulated again."""
    return lab.experiment(id)


@router.post("/experiments/{id}/bands", responses=responses(400, 404, 413, 415, 429, 503))
def begin_bands(id: Id, wanted: schemas.Seeds, lab: Here) -> schemas.JobOut:
    """The same two worlds under several seeds: a job of kind `bands`."""
    experiment = lab.experiment(id)
    arguments = bands_of(experiment.state, min(wanted.seeds, lab.settings.seeds))
    title = texts()("jobs.bands", n=wanted.seeds)
    return lab.described(lab.queue.submit("bands", arguments, id, title))


@router.get("/jobs")
def get_jobs(lab: Here) -> list[schemas.JobOut]:
    """Every job that is kept, oldest first."""
    return [lab.described(job) for job in lab.queue]


@router.get("/jobs/{id}", responses=responses(404))
def get_job(id: Id, lab: Here) -> schemas.JobOut:
    """How far a job is, and its place in the queue."""
    return lab.described(lab.queue.get(id))


@router.delete("/jobs/{id}", responses=responses(404))
def cancel_job(id: Id, lab: Here) -> schemas.JobOut:
    """End a job; its process is gone when this returns. A finished job stays as it is."""
    return lab.described(lab.queue.cancel(id))


@router.get("/jobs/{id}/map", responses=responses(404, 409))
def get_map(id: Id, lab: Here) -> schemas.Layout:
    """Where the neighbourhoods lie; there from the first evening of a run on."""
    layout = read_json(_world(lab, id).folder / LAYOUT)
    if layout is None:
        raise Refused(409, texts()("refused.no_map"))
    return schemas.Layout.model_validate(layout)


@router.get("/jobs/{id}/frames", responses=responses(404))
def get_frames(
    id: Id,
    lab: Here,
    measure: schemas.MapMeasure = "restricted",
    since: Annotated[int, Query(ge=0, le=100_000, description="The first day.")] = 0,
    most: Annotated[int, Query(ge=1, le=400)] = 200,
) -> Response:
    """The map on the evenings from a day on, as far as they are simulated; see `Frames`."""
    job = _world(lab, id)
    every, citizens = job.arguments["every"], job.arguments["citizens"]
    reader = FrameReader(job.folder, citizens)
    rows = reader.read(-(-since // every), most)
    about = MEASURES[measure]
    k = list(MEASURES).index(measure)
    values = rows["values"][:, k].astype(np.int32)
    values[values == NOBODY] = -1
    within = np.maximum(rows["adults"] / max(-(-citizens // 512), 1), 1)
    chance = 1.96 * rows["spread"][:, k] * np.sqrt(2 / within)
    days = rows["day"].tolist()
    found = schemas.Frames.model_construct(
        measure=measure, unit=about.unit, scale=about.scale, days=days, values=values.tolist(),
        mean=np.round(rows["mean"][:, k].astype(float), 4).tolist(),
        chance=np.round(chance.astype(float), 4).tolist(), written=reader.count(),
        last=bool(days) and days[-1] == job.arguments["days"] - 1,
    )  # fmt: skip
    return Response(found.model_dump_json(), media_type="application/json")


@router.get("/jobs/{id}/summary", responses=responses(404, 409))
def get_summary(id: Id, lab: Here) -> schemas.SummaryOut:
    """Every measure of a finished run."""
    found = read_json(_world(lab, id).folder / figures.SUMMARY)
    if found is None:
        raise Refused(409, texts()("refused.not_done"))
    return schemas.SummaryOut.model_validate(found)


@router.get("/jobs/{id}/series", responses=responses(404, 409, 503))
def get_series(
    id: Id,
    lab: Here,
    measure: MeasureName = "chilled_share",
    by: Literal["group", "age", "place", "conviction"] | None = None,
) -> schemas.Course:
    """A measure by month, in one line or by stratum."""
    job = lab.done(id, "world")
    known = read_json(job.folder / figures.SERIES) or {}
    if by is None and measure in known:
        return schemas.Course.model_validate(known[measure])
    catalogue.check_plottable(measure)
    name = f"series-{measure}-{by or 'all'}.json".replace("..", ".")
    return schemas.Course.model_validate_json(made(job, name, lab.settings.grace).read_bytes())


@router.get(
    "/jobs/{id}/charts/{name}.{form}",
    responses={**responses(404, 409, 503), 200: {"content": {"image/svg+xml": {},
               "image/png": {}}}},
    response_class=FileResponse,
)  # fmt: skip
def get_chart(id: Id, name: ChartName, form: Literal["svg", "png"], lab: Here) -> FileResponse:
    """A measure by month, as `Run.plot` draws it."""
    job = lab.done(id, "world")
    catalogue.check_plottable(name)
    kind = "image/svg+xml" if form == "svg" else "image/png"
    return _download(made(job, f"chart-{name}.{form}", lab.settings.grace), kind, f"{name}.{form}")


@router.get(
    "/jobs/{id}/data.{form}",
    responses={**responses(404, 409, 503), 200: {"content": {"text/csv": {},
               "application/x-netcdf": {}}}},
    response_class=FileResponse,
)  # fmt: skip
def get_data(id: Id, form: Literal["csv", "nc"], lab: Here) -> FileResponse:
    """The tallies of a run: by day as CSV, by day and by month and stratum as NetCDF."""
    job = lab.done(id, "world")
    name = f"{job.arguments['which']}-{id[:8]}.{form}"
    if form == "nc":
        return _download(job.folder / RUN / "tallies.nc", "application/x-netcdf", name)
    return _download(made(job, "data.csv", lab.settings.grace), "text/csv", name)


@router.get(
    "/jobs/{id}/report.html",
    responses={**responses(404, 409, 503), 200: {"content": {"text/html": {}}}},
    response_class=FileResponse,
)
def get_report(id: Id, lab: Here) -> FileResponse:
    """The report of a finished run or comparison: one page that needs no script."""
    job = lab.queue.get(id)
    if job.state == "done" and job.kind == "world":
        file = made(job, "report.html", lab.settings.grace)
    else:
        file = job.folder / "report.html"
    if job.state != "done" or not file.is_file():
        raise Refused(409, job.sentence or texts()("refused.not_done"))
    return FileResponse(
        file, media_type="text/html", headers={"content-security-policy": CSP_OF_REPORTS}
    )


@router.get("/jobs/{id}/people", responses=responses(404, 409))
def get_people(
    id: Id,
    lab: Here,
    wrongful: bool | None = None,
    happened: schemas.Flag | None = None,
    group: schemas.Group | None = None,
    hex: Annotated[int | None, Query(ge=0, le=10_000_000)] = None,
    order: schemas.Order | None = None,
    most: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.People:
    """Invented citizens of a run, as `Run.find` finds them; all conditions hold at once."""
    flag: str | None = "wrongful_restriction" if wrongful else happened
    matching, people = figures.found_people(
        _people(lab, id), flag=flag, group=group, hex=hex, order=order, most=most
    )
    return schemas.People.model_validate({"matching": matching, "people": people})


@router.get("/jobs/{id}/people/{citizen}", responses=responses(404, 409))
def get_person(
    id: Id, citizen: Annotated[int, schemas.Path(ge=0, le=4_000_000_000)], lab: Here
) -> schemas.Person:
    """One invented citizen."""
    found = figures.one_person(_people(lab, id), citizen)
    if found is None:
        raise Refused(404, texts()("refused.no_citizen"))
    return schemas.Person.model_validate(found)


@router.get("/jobs/{id}/bands", responses=responses(404, 409))
def get_bands(id: Id, lab: Here) -> schemas.Bands:
    """Both worlds over several seeds, and what changed in one sentence."""
    job = lab.done(id, "bands")
    return schemas.Bands.model_validate(read_json(job.folder / BANDS))


@router.get("/experiments/{id}/python", responses=responses(404), response_class=Response)
def get_python(id: Id, lab: Here) -> Response:
    """The Python text of an experiment as a file."""
    experiment = lab.experiment(id)
    headers = {"content-disposition": f'attachment; filename="worlds-{id[:8]}.py"'}
    return Response(experiment.python, media_type="text/x-python", headers=headers)


def _world(lab: Lab, id: str) -> Job:
    job = lab.queue.get(id)
    if job.kind != "world":
        raise Refused(404, texts()("refused.no_job"))
    return job


def _people(lab: Lab, id: str) -> PathOnDisk:
    file = _world(lab, id).folder / figures.PEOPLE
    if not file.is_file():
        raise Refused(409, texts()("refused.not_done"))
    return file


def _download(file: PathOnDisk, kind: str, name: str) -> FileResponse:
    return FileResponse(file, media_type=kind, filename=name)
