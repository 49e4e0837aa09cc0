"""One invented person, replayed: what they did, what the file says, and why each decision fell."""
