"""Settings and fixtures that all test files share."""

import json
from pathlib import Path

import numba
import pytest
from hypothesis import settings

from helpers import warmup
from helpers.browser import launched
from helpers.nation import build
from underwatch.report import rendering
from underwatch.storage import private
from underwatch.study import workers

# The first example compiles; a deadline would time the compiler.
settings.register_profile("claims", deadline=None, max_examples=40)
settings.load_profile("claims")
# Small nations, on machines that do other work too; what claims something of threads sets them.
numba.set_num_threads(1)

# Folders whose tests simulate nothing; they run first, while a second process compiles the day.
_HERE = Path(__file__).parent
_NO_DAY = {_HERE / name for name in ("scenario", "whole", "measurement", "kernel")}
# Folders whose files share what takes long to make; one process runs all of such a folder.
_TOGETHER = ("tests/explanation/", "tests/lab/browser/")


def _needs_day(item) -> bool:
    return item.path.parent not in _NO_DAY


def pytest_configure():
    warmup.claim()


def pytest_collection_modifyitems(items):
    items.sort(key=_needs_day)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Files stay whole and in their order, for what their tests share."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path = nodeid.split("::", 1)[0]
            return next((name for name in _TOGETHER if path.startswith(name)), path)

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)  # before that of pytest-xdist, which runs the tests
def pytest_runtestloop(session):
    if not session.config.option.collectonly and any(map(_needs_day, session.items)):
        warmup.start()


def pytest_runtest_setup(item):
    if _needs_day(item):
        warmup.finish()


def pytest_sessionfinish():
    warmup.stop()


@pytest.fixture(scope="session", autouse=True)
def charts_drawn_once():
    """The same chart is drawn once: a page that is made again is compared chart by chart."""
    drawn, renderer = {}, rendering._of_this_process

    def draw(specs):
        keys = [json.dumps(spec, sort_keys=True) for spec in specs]
        new = {key: spec for key, spec in zip(keys, specs, strict=True) if key not in drawn}
        if new:
            drawn.update(zip(new, renderer()([*new.values()]), strict=True))
        return [drawn[key] for key in keys]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_of_this_process", lambda: draw)
        yield


@pytest.fixture(scope="session", autouse=True)
def workers_started_once():
    """Processes of studies wait for the next test, which needs not start its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "IDLE", 300)
        yield


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def nation():
    return build(70_001)  # one whole district and a small odd one


@pytest.fixture
def caches(tmp_path, monkeypatch):
    """An empty folder for what this user's processes keep, of which nothing has been said yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(private._REPORTED, "")
    monkeypatch.delenv(private._REPORTED)  # as before, afterwards
    return tmp_path / "underwatch"
