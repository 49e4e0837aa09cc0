"""The deployment file: its sections by kind, read strictly, with file and line for every fault."""

from underwatch.assessments.declaration.reading import read_deployment as read_deployment

__all__ = ["read_deployment"]
