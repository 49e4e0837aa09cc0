"""A template that an earlier process compiled is used, and gives the same page."""

import pytest

from underwatch.report import templates
from underwatch.storage import private

NAME = "style.css.j2"


@pytest.fixture(autouse=True)
def folder(caches):
    """Where this process keeps templates: nothing yet, on disk or in memory."""
    templates._environment.cache_clear()
    yield caches / "templates"
    templates._environment.cache_clear()


def filled(name=NAME):
    """A template, as a process fills it that has read none before."""
    templates._environment.cache_clear()
    return templates.template(name).render(printed="a stamp")


def test_the_next_process_compiles_nothing_and_fills_the_same(folder, monkeypatch):
    first = filled()
    assert [*folder.iterdir()]
    monkeypatch.setattr(templates.jinja2.Environment, "compile", None)
    assert filled() == first


def test_a_damaged_file_is_replaced_and_said_once(folder, capfd, monkeypatch):
    whole = filled()
    kept = max(folder.iterdir())
    kept.write_bytes(kept.read_bytes()[:-1])
    assert filled() == whole
    assert "is damaged" in capfd.readouterr().err
    monkeypatch.delenv(private._REPORTED)  # a note would be printed again
    assert filled() == whole and not capfd.readouterr().err
