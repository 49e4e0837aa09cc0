"""What the day is compiled with: the compiler's settings, packed columns, random draws.

Importing anything from here refuses an environment in which nothing can run.
"""

from underwatch.kernel.environment import check_environment

check_environment()  # before Numba is imported, which would fail on some settings
