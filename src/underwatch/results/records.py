"""Values of Python and arrays as bytes, without pickle: JSON beside arrays of NumPy, in a zip.

Reading such bytes runs no code, wherever they come from.
"""

import io
import json
import math
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

_VALUE, _KIND = "value.json", "!"
_FAST = 1  # level of compression
_MOST = 1 << 34  # bytes of a record, unpacked


def encode(value: Any) -> bytes:
    """A value as bytes: numbers, texts, lists, tuples, mappings, arrays and xarray Datasets.

    Raises TypeError for anything else.

    Examples
    --------
    >>> decode(encode({"a": (1, None, float("inf")), "b": np.arange(3)}))
    {'a': (1, None, inf), 'b': array([0, 1, 2])}
    """
    arrays: list[np.ndarray] = []
    text = json.dumps(_plain(value, arrays), allow_nan=False)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as packed:
        packed.writestr(_VALUE, text)
        for k, array in enumerate(arrays):
            with packed.open(f"{k}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return buffer.getvalue()


def decode(data: bytes) -> Any:
    """The value of such bytes. Raises ValueError if they are no record."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST:
                raise ValueError("the record is too large")

            def array(k: int) -> np.ndarray:
                with packed.open(f"{int(k)}.npy") as file:
                    return np.lib.format.read_array(file, allow_pickle=False)

            return _value(json.loads(packed.read(_VALUE)), array)
    except (zipfile.BadZipFile, KeyError, TypeError, RecursionError, EOFError) as error:
        raise ValueError(f"not a record ({error})") from None


def _plain(value: Any, arrays: list[np.ndarray]) -> Any:
    """A value in the terms of JSON; arrays are put beside it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {_KIND: "float", "is": repr(float(value))}
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return _plain(value.item(), arrays)
    if isinstance(value, list):
        return [_plain(one, arrays) for one in value]
    if isinstance(value, tuple):
        return {_KIND: "tuple", "is": [_plain(one, arrays) for one in value]}
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "O" and all(isinstance(one, str) for one in value.flat):
            value = value.astype(str)
        if value.dtype.kind not in "biufcUSMmV":
            raise TypeError(f"an array of {value.dtype} cannot be kept")
        arrays.append(np.asarray(value))
        return {_KIND: "array", "is": len(arrays) - 1}
    if isinstance(value, dict):
        pairs = [[_plain(k, arrays), _plain(v, arrays)] for k, v in value.items()]
        if all(isinstance(key, str) and key != _KIND for key in value):
            return dict(pairs)
        return {_KIND: "dict", "is": pairs}
    if type(value).__name__ == "Dataset":
        parts = [
            [[str(name), list(map(str, v.dims)), v.values, dict(v.attrs)] for name, v in some]
            for some in (value.data_vars.items(), value.coords.items())
        ]
        return {_KIND: "dataset", "is": _plain([*parts, dict(value.attrs)], arrays)}
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def _value(plain: Any, array: Callable[[int], np.ndarray]) -> Any:
    """The inverse of `_plain`."""
    if isinstance(plain, list):
        return [_value(one, array) for one in plain]
    if not isinstance(plain, dict):
        return plain
    if _KIND not in plain:
        return {key: _value(one, array) for key, one in plain.items()}
    kind, inner = plain[_KIND], plain["is"]
    if kind == "float":
        return float(inner)
    if kind == "array":
        return array(inner)
    found = _value(inner, array)
    if kind == "tuple":
        return tuple(found)
    if kind == "dict":
        return dict(found)
    if kind == "dataset":
        import xarray as xr

        variables, coordinates, about = found
        made = [{name: (dims, values, attrs) for name, dims, values, attrs in some}
                for some in (variables, coordinates)]  # fmt: skip
        return xr.Dataset(made[0], made[1], about)
    raise ValueError(f"a record has no kind {kind!r}")
