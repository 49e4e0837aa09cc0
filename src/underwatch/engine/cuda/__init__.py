"""A day on a graphics card (CUDA): the same kernels, one thread for each citizen."""
