"""The hard line: nothing in the core could reach, see or read a real person."""

import ast
import tomllib
from pathlib import Path

import underwatch

ROOT = Path(__file__).parents[2]
# What could bring somebody in: networks, faces, pictures, voices, texts, models of language.
FORBIDDEN = {
    "requests", "httpx", "aiohttp", "urllib3", "websockets", "scrapy", "selenium", "tweepy",
    "playwright",
    "boto3", "socket", "urllib", "http", "ftplib", "smtplib", "paramiko", "face_recognition",
    "dlib", "cv2", "opencv-python", "insightface", "deepface", "mediapipe", "pillow", "PIL",
    "torch", "tensorflow", "keras", "jax", "onnxruntime", "transformers", "openai", "anthropic",
    "spacy", "nltk", "gensim", "sklearn", "scikit-learn", "speech_recognition",
}  # fmt: skip


def test_no_package_for_networks_faces_or_language_is_a_dependency_of_the_core():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {d.split(">")[0].split("=")[0].split("[")[0].strip() for d in project["dependencies"]}
    assert names and not names & FORBIDDEN


def test_no_module_of_the_core_imports_one():
    for file in Path(underwatch.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found = [node.module]
            assert not {name.split(".")[0] for name in found} & FORBIDDEN, (file.name, found)


def test_a_scenario_has_no_place_for_rows_about_people():
    from underwatch.scenario import Scenario

    words = str(Scenario.model_json_schema()).lower()
    for word in ("csv", "path", "url", "photo", "passport", "e-mail", "phone"):
        assert word not in words, word
