"""Messages about keys that are unknown, were renamed, or name a section."""

from pydantic import BaseModel

from underwatch.errors import did_you_mean, nearest, shortened
from underwatch.scenario.loading.retired import renamed
from underwatch.scenario.loading.schema import Shape, key_name


def no_leaf(model: type[BaseModel], key: str, shape: Shape | None) -> str:
    """The sentence about a dotted key that is unknown (no shape) or a section."""
    known = _leaves(model)
    name = shortened(key)
    if key == "extends":
        return "extends stands in a file; name the other scenario itself."
    if shape is not None:
        inside = _inside(shape)
        return f"{name} is a section; set one of its values, for example {name}.{inside}."
    return renamed(key) or f"{name} is not known{_suggestion(model, key, known)}"


def _inside(shape: Shape) -> str:
    """The rest of a key that has a value within a section: value itself if that is one, as may be.

    An open section has any names; "name" stands for one of them.
    """
    if shape.entry is not None:
        return f"name.{_inside(shape.entry)}" if shape.entry.is_section else "name"
    leaves = [".".join(path) for path in shape.leaves()]
    valued = (leaf for leaf in leaves if f".{leaf}".endswith(".value"))
    return next(valued, leaves[0] if leaves else "name")


def unknown_key(model: type[BaseModel], name: str, shape: Shape, path: tuple[str, ...]) -> str:
    """The sentence about a name that a section (or the file itself) does not have."""
    if name == "source" and not path:
        return "source belongs to a section or to a value, not to the whole file."
    elsewhere = [key for key in _leaves(model) if key.rpartition(".")[2] == name]
    sentence = f"{key_name((*path, name))} is not known here"
    new = renamed(".".join((*path, name)))
    return new or sentence + did_you_mean(name, shape.names, elsewhere)


def _leaves(model: type[BaseModel]) -> list[str]:
    return [".".join(path) for path in Shape.of(model).leaves()]


def _suggestion(model: type[BaseModel], key: str, known: list[str]) -> str:
    """The end of the sentence: a key of the same level, the same name elsewhere, or any."""
    parts, shape, level = key.split("."), Shape.of(model), 0
    while level < len(parts) - 1 and (below := shape.child(parts[level])):
        shape, level = below, level + 1
    same = [name for name in known if name.endswith("." + parts[-1])]
    close = nearest(parts[level], shape.names)
    if close is None or len(same) == 1:
        return f"; did you mean {same[0]}?" if same else did_you_mean(key, known)
    meant, inner = [*parts[:level], close], shape.child(close)
    for part in parts[level + 1 :]:
        inner = inner and inner.child(part)
        if inner is None:
            break
        meant.append(part)
    name = ".".join(meant)
    found = inner if inner is not None and inner.is_section else None
    section = f" It is a section; set a value such as {name}.{_inside(found)}." if found else ""
    return f"; did you mean {name}?{section}"
