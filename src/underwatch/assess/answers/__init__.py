"""Answers to the fields of impact assessments, each from the run, from the file or the author's."""
