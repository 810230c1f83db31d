"""The module `math`: functions of Python numbers, all of which return Python numbers.

y = math.exp(x)      x̄ += ȳ · y
"""

from __future__ import annotations

import math

import numpy

from tangent import runtime
from tangent.recipes.kinds import BOOL, Kind
from tangent.recipes.python.builtins import PYTHON_FLOAT, PYTHON_INT
from tangent.recipes.registry import adjoint, d, elementwise, linear, multilinear, nondifferentiable
from tangent.recipes.results import constantly

FLOAT = constantly(PYTHON_FLOAT)


@elementwise(math.exp, result=FLOAT)
def exp(y, x):
    return y


@elementwise(math.exp2, result=FLOAT)
def exp2(y, x):
    return y * math.log(2)


@elementwise(math.expm1, result=FLOAT)
def expm1(y, x):
    return y + 1


@elementwise(math.log, result=FLOAT)
def log(y, x):
    return 1 / x


@elementwise(math.log, result=FLOAT)
def log_to_base(y, x, base):
    return 1 / (x * math.log(base)), -y / (base * math.log(base))


@elementwise(math.log2, result=FLOAT)
def log2(y, x):
    return 1 / (x * math.log(2))


@elementwise(math.log10, result=FLOAT)
def log10(y, x):
    return 1 / (x * math.log(10))


@elementwise(math.log1p, result=FLOAT)
def log1p(y, x):
    return 1 / (1 + x)


@elementwise(math.sqrt, result=FLOAT)
def sqrt(y, x):
    return 0.5 / y


@elementwise(math.cbrt, result=FLOAT)
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(math.pow, result=FLOAT)
def pow(y, x, z):
    return runtime.power_partial(x, z), y * runtime.safe_log(x)


@elementwise(math.sin, result=FLOAT)
def sin(y, x):
    return math.cos(x)


@elementwise(math.cos, result=FLOAT)
def cos(y, x):
    return -math.sin(x)


@elementwise(math.tan, result=FLOAT)
def tan(y, x):
    return 1 + y**2


@elementwise(math.asin, result=FLOAT)
def asin(y, x):
    return 1 / math.sqrt(1 - x**2)


@elementwise(math.acos, result=FLOAT)
def acos(y, x):
    return -1 / math.sqrt(1 - x**2)


@elementwise(math.atan, result=FLOAT)
def atan(y, x):
    return 1 / (1 + x**2)


@elementwise(math.atan2, result=FLOAT)
def atan2(result, y, x):
    return x / (x**2 + y**2), -y / (x**2 + y**2)


@elementwise(math.sinh, result=FLOAT)
def sinh(y, x):
    return math.cosh(x)


@elementwise(math.cosh, result=FLOAT)
def cosh(y, x):
    return math.sinh(x)


@elementwise(math.tanh, result=FLOAT)
def tanh(y, x):
    return 1 - y**2


@elementwise(math.asinh, result=FLOAT)
def asinh(y, x):
    return 1 / math.sqrt(x**2 + 1)


@elementwise(math.acosh, result=FLOAT)
def acosh(y, x):
    return 1 / math.sqrt(x**2 - 1)


@elementwise(math.atanh, result=FLOAT)
def atanh(y, x):
    return 1 / (1 - x**2)


@elementwise(math.erf, result=FLOAT)
def erf(y, x):
    return 2 / math.sqrt(math.pi) * math.exp(-(x**2))


@elementwise(math.erfc, result=FLOAT)
def erfc(y, x):
    return -2 / math.sqrt(math.pi) * math.exp(-(x**2))


@elementwise(math.gamma, result=FLOAT)
def gamma(y, x):
    return y * runtime.digamma(x)


@elementwise(math.lgamma, result=FLOAT)
def lgamma(y, x):
    return runtime.digamma(x)


@elementwise(math.fabs, result=FLOAT)
def fabs(y, x):
    """At zero the derivative is taken as that from the right."""
    return math.copysign(1.0, x)


@elementwise(math.copysign, result=FLOAT)
def copysign(result, x, y):
    return math.copysign(1.0, x) * math.copysign(1.0, y), None


@elementwise(math.fmod, result=FLOAT)
def fmod(result, x, y):
    return 1, -math.trunc(x / y)


@elementwise(math.remainder, result=FLOAT)
def remainder(result, x, y):
    return 1, -round((x - result) / y)


@elementwise(math.nextafter, result=FLOAT)
def nextafter(result, x, y):
    return 1, None


@elementwise(math.ldexp, result=FLOAT)
def ldexp(y, x, i):
    return 2.0**i, None


@elementwise(math.degrees, result=FLOAT)
def degrees(y, x):
    return 180 / math.pi


@elementwise(math.radians, result=FLOAT)
def radians(y, x):
    return math.pi / 180


@elementwise(math.hypot, result=FLOAT)
def hypot(result, x, y):
    return x / result, y / result


@elementwise(math.hypot, result=FLOAT)
def hypot_of_three(result, x, y, z):
    return x / result, y / result, z / result


@elementwise(math.hypot, result=FLOAT)
def hypot_of_one(result, x):
    return math.copysign(1.0, x)


@adjoint(math.dist, result=FLOAT)
def dist(y, p, q):
    d[p] = runtime.dist_adjoint(d[y], p, q, y)
    d[q] = runtime.dist_adjoint(d[y], q, p, y)


@dist.tangent
def dist_tangent(y, p, q):
    d[y] = runtime.dist_tangent(d[p], d[q], p, q, y)


@linear(math.fsum, result=FLOAT)
def fsum(y, seq):
    d[seq] = runtime.spread(d[y], seq)


@adjoint(math.prod)
def prod(y, iterable, *, start=1):
    d[iterable] = runtime.like(d[y] * start * runtime.product_of_others(iterable), iterable)
    d[start] = runtime.unbroadcast(d[y] * math.prod(iterable), start)


@prod.tangent
def prod_tangent(y, iterable, *, start=1):
    d[y] = d[start] * math.prod(iterable) + start * numpy.dot(
        d[iterable], runtime.product_of_others(iterable)
    )


@adjoint(math.modf, result=constantly(Kind("tuple")))
def modf(y, x):
    d[x] = d[y][0]


@modf.tangent
def modf_tangent(y, x):
    d[y] = (d[x], 0.0)


@adjoint(math.frexp, result=constantly(Kind("tuple")))
def frexp(y, x):
    d[x] = d[y][0] * 2.0 ** -y[1]


@frexp.tangent
def frexp_tangent(y, x):
    d[y] = (d[x] * 2.0 ** -y[1], 0.0)


if hasattr(math, "sumprod"):  # Python 3.12

    @multilinear(math.sumprod)
    def sumprod(y, p, q):
        d[p] = runtime.dot_adjoint_a(d[y], p, q)
        d[q] = runtime.dot_adjoint_b(d[y], p, q)


if hasattr(math, "fma"):  # Python 3.13

    @elementwise(math.fma, result=FLOAT)
    def fma(result, x, y, z):
        return y, x, 1


nondifferentiable(
    math.ceil,
    math.comb,
    math.factorial,
    math.floor,
    math.gcd,
    math.isqrt,
    math.lcm,
    math.perm,
    math.trunc,
    result=constantly(PYTHON_INT),
)
nondifferentiable(
    math.isclose, math.isfinite, math.isinf, math.isnan, result=constantly(BOOL), cheap=True
)
nondifferentiable(math.ulp, result=FLOAT)
