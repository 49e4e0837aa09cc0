"""Exact answers beside the runs, each a function of the figures of a deployment file."""
