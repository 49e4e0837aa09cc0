"""Jobs of the lab: a fair queue of processes, and the folders in which they are kept."""
