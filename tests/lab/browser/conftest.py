"""The lab that all tests in a browser read: its worlds are simulated once."""

import pytest

from helpers.served_lab import served


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("lab")) as found:
        yield found
