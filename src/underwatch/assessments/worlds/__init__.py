"""A deployment as worlds of the same invented people: absent, as declared, safeguarded."""
