"""The digest of the code changes with each file that shapes a number, and with no other."""

import pytest

from underwatch.kernel import identity


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package in place of this one."""
    for name in ("errors.py", "model/__init__.py", "model/society/ties.py", "cli/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(identity, "_PACKAGE", tmp_path)
    yield tmp_path
    forget()


def forget():
    identity.code_digest.cache_clear()
    identity.sources_digest.cache_clear()


def digest():
    forget()
    return identity.code_digest()


@pytest.mark.parametrize("name", ["errors.py", "model/__init__.py", "model/society/ties.py"])
def test_each_changed_file_changes_the_digest(package, name):
    before = digest()
    (package / name).write_text("other")
    assert digest() != before


@pytest.mark.parametrize("name", ["new.py", "model/new.py", "model/society/new.py"])
def test_a_new_file_changes_the_digest(package, name):
    before = digest()
    (package / name).write_text("")
    assert digest() != before


def test_a_file_that_moves_changes_the_digest(package):
    before = digest()
    (package / "model" / "society" / "ties.py").rename(package / "model" / "ties.py")
    assert digest() != before


@pytest.mark.parametrize(
    "name", ["cli/__init__.py", "cli/run.py", "model/table.toml", "model/__pycache__/ties.pyc"]
)
def test_pages_data_and_compiled_files_do_not(package, name):
    before = digest()
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("other")
    assert digest() == before


def test_the_same_code_elsewhere_has_the_same_digest(package, tmp_path_factory, monkeypatch):
    before, there = digest(), tmp_path_factory.mktemp("elsewhere") / "package"
    package.rename(there)
    monkeypatch.setattr(identity, "_PACKAGE", there)
    assert digest() == before
    there.rename(package)
