"""Numba kernels: they only count. One function over a group of persons; nothing compiles at import.

Every kernel has a slow, obvious twin in the tests. Kernels release the GIL, so threads share the work.
"""
