"""Answers to the fields of impact assessments, each from the run, from the file or the author's."""

from underwatch.assessments.answers.answer import answer as answer
from underwatch.assessments.answers.forms import NAMES as FORMS

__all__ = ["FORMS", "answer"]
