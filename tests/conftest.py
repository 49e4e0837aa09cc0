"""Settings and fixtures that all test files share."""

import numba
import pytest
from hypothesis import settings

from helpers.nation import build

# The first example compiles; a deadline would time the compiler.
settings.register_profile("claims", deadline=None, max_examples=40)
settings.load_profile("claims")
# Small nations, on machines that do other work too; what claims something of threads sets them.
numba.set_num_threads(1)


@pytest.fixture(scope="session")
def nation():
    return build(70_001)  # one whole district and a small odd one
