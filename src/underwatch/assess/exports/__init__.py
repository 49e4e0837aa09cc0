"""Files for other forms and tools, from the same answers as the document."""
