"""Canada's Algorithmic Impact Assessment: its questions, its score, and the file its tool loads."""
