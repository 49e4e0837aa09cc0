"""Exact answers beside the runs of an assessment."""
