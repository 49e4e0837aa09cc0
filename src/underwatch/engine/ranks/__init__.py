"""One nation on several processes (MPI ranks), which may be on several machines.

A rank simulates whole districts. Everything that is kept for each citizen is indexed by the
citizen's number in the nation, on every rank; memory that a rank never touches costs nothing.
Before a day, a rank receives into the same places what its citizens read of others (halo.py,
lookalikes.py, files.py). So the kernels are those of a run in one process, and the results are the
same to the bit on any number of ranks.
"""
