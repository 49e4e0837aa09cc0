"""What several test files need: an invented nation, harsh parameters, the plain-Python twin."""
