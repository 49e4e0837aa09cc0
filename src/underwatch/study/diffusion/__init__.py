"""How organs spread over invented states (M24): `diffusion`, and its result `Diffusion`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from underwatch.study.diffusion.result import Diffusion as Diffusion
    from underwatch.study.diffusion.study import diffusion as diffusion

__all__ = ["Diffusion", "diffusion"]


def __getattr__(name: str) -> Any:
    if name == "diffusion":  # its module compiles; a declaration can be read without it
        from underwatch.study.diffusion.study import diffusion

        return diffusion
    if name == "Diffusion":
        from underwatch.study.diffusion.result import Diffusion

        return Diffusion
    raise AttributeError(f"{__name__} has no {name}")
