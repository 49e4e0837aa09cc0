"""Charts, tables and pages from tables and datasets; this layer knows no result."""
