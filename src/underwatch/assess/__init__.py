"""Impact assessments: a deployment file, its closed forms and its runs, and what follows.

`result` holds what every part speaks of; `declaration` reads the file. From the bottom up:
result, declaration, closed_forms and organs, worlds, answers, document and exports, assessment.

`underwatch.assess` is this folder and the function `assess` at once: once anything below has been
imported, Python gives the package its folder under that name, so the folder can be called.
"""

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, *args: Any, **options: Any) -> Any:
        from underwatch.assess.assessing import assess

        return assess(*args, **options)


sys.modules[__name__].__class__ = _Callable
