"""Verification: published figures and exact results, run against the organs of the model."""
