"""The hard line: nothing in the core could reach, see or read a real person."""

import ast
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import underwatch

ROOT = Path(__file__).parents[2]
# What could bring somebody in: networks, faces, pictures, voices, texts, models of language.
FORBIDDEN = {
    "requests", "httpx", "aiohttp", "urllib3", "websockets", "scrapy", "selenium", "tweepy",
    "tornado", "distributed", "twisted", "pyzmq", "zmq", "grpcio", "fsspec", "s3fs", "pycurl",
    "httpcore", "niquests", "websocket-client", "dnspython", "paho-mqtt", "gevent",
    "playwright",
    "boto3", "socket", "urllib", "http", "ftplib", "smtplib", "paramiko", "face_recognition",
    "dlib", "cv2", "opencv-python", "insightface", "deepface", "mediapipe", "pillow", "PIL",
    "torch", "tensorflow", "keras", "jax", "onnxruntime", "transformers", "openai", "anthropic",
    "spacy", "nltk", "gensim", "sklearn", "scikit-learn", "speech_recognition",
}  # fmt: skip


def resolved(roots):
    """Every package that is installed with some requirements, by name, without their extras."""
    found, open_ = {}, [Requirement(root) for root in roots]
    while open_:
        one = open_.pop()
        known = found.setdefault(canonicalize_name(one.name), set())
        extras = {"", *one.extras}
        if extras <= known:
            continue
        known |= extras
        for text in requires(one.name) or ():
            needed = Requirement(text)
            if not needed.marker or any(needed.marker.evaluate({"extra": e}) for e in extras):
                open_.append(needed)
    return set(found)


def test_no_package_for_networks_faces_or_language_is_installed_with_the_core():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    core = resolved(project["dependencies"])
    assert len(core) > len(project["dependencies"]) > 5
    assert not core & {canonicalize_name(name) for name in FORBIDDEN}
    # The guard sees what is further down: the cluster's network code is no part of the core.
    assert resolved(project["optional-dependencies"]["cluster"]) & {"tornado"}


# The extras: a cluster, and the emulator of a calibration, a Gaussian process of aggregates.
OWN_PLACE = {"cluster.py": {"distributed"}, "emulator.py": {"sklearn"}}


def test_no_module_of_the_core_imports_one_but_those_of_the_extras():
    for file in Path(underwatch.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found = [node.module]
            allowed = OWN_PLACE.get(file.name, set())
            imported = {name.split(".")[0] for name in found}
            assert not imported & FORBIDDEN - allowed, (file.name, found)


def test_a_scenario_has_no_place_for_rows_about_people():
    from underwatch.scenario import Scenario

    words = str(Scenario.model_json_schema()).lower()
    for word in ("csv", "path", "url", "photo", "passport", "e-mail", "phone"):
        assert word not in words, word
