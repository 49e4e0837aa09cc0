"""Studies of several worlds: `compare`, `attribute`, `frontier` and `diffusion`; replicates."""
