"""Recipes for NumPy, one family of functions a file; and what has none, with the reason."""

import numpy

from tangent import runtime
from tangent.recipes.numpy import (
    creation,
    fft,
    joining,
    linalg,
    linalg_decompositions,
    linalg_norms,
    nan_functions,
    polynomials,
    products,
    random,
    rearranging,
    reductions,
    scans,
    selection,
    shape,
    statistics,
    ufunc_methods,
    ufuncs,
)
from tangent.recipes.registry import unsupported

__all__ = [
    "creation",
    "fft",
    "joining",
    "linalg",
    "linalg_decompositions",
    "linalg_norms",
    "nan_functions",
    "polynomials",
    "products",
    "random",
    "rearranging",
    "reductions",
    "scans",
    "selection",
    "shape",
    "statistics",
    "ufunc_methods",
    "ufuncs",
]

unsupported(
    *(numpy.matrix, numpy.asmatrix, numpy.bmat),
    reason="`*` and `**` of `numpy.matrix` mean something else than those of arrays; use arrays",
)
unsupported(
    *(numpy.vectorize, numpy.frompyfunc),
    reason="what it returns calls Python for each element; loop over the elements, or write the "
    "function for whole arrays",
)
unsupported(
    numpy.fromfunction,
    reason="call the function with what `numpy.indices(shape)` gives, which is all that it does",
)
unsupported(
    numpy.ndarray.resize,
    reason="an array that changes its size in place has no adjoint of one shape; use `numpy.resize`",
)
if "row_stack" in vars(numpy):
    unsupported(
        numpy.row_stack, reason="it is an old name of `numpy.vstack`, which NumPy deprecates"
    )
unsupported(
    *(runtime.dense_grid, runtime.open_grid, runtime.ranged),
    reason="the ends of slices in `numpy.mgrid`, `ogrid` and `r_` are not differentiated; `numpy.linspace` and "
    "`numpy.meshgrid` are",
)
