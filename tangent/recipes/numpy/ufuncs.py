"""Ufuncs: functions that act on each element and broadcast their operands.

    y = np.exp(x)          x̄ += ȳ · y
    y = np.maximum(a, b)   ā += ȳ · (a ≥ b)      b̄ += ȳ · (a < b)

Where operands tie, `maximum` and `minimum` give the derivative to the first. Constants are Python's
floats, so that float32 stays float32. Complex arguments: the formulas are those of holomorphic
functions, without conjugation.
"""

from __future__ import annotations

import math

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, elementwise, linear, nondifferentiable
from tangent.recipes.results import boolean, broadcast, constantly, is_real, precision


def _result(ufunc):
    return broadcast(ufunc)


# --- arithmetic ---------------------------------------------------------------------------------


@elementwise(numpy.add, result=_result(numpy.add), cheap=True)
def add(y, x1, x2):
    return 1, 1


@elementwise(numpy.subtract, result=_result(numpy.subtract), cheap=True)
def subtract(y, x1, x2):
    return 1, -1


@elementwise(numpy.multiply, result=_result(numpy.multiply), cheap=True)
def multiply(y, x1, x2):
    return x2, x1


@elementwise(numpy.divide, result=_result(numpy.divide), cheap=True)
def divide(y, x1, x2):
    return 1 / x2, -y / x2


@elementwise(numpy.negative, result=_result(numpy.negative), cheap=True)
def negative(y, x):
    return -1


@elementwise(numpy.positive, result=_result(numpy.positive), cheap=True)
def positive(y, x):
    return 1


@elementwise(numpy.power, result=_result(numpy.power))
def power(y, x1, x2):
    """The partial by `x1` is zero where `x2` is zero; that by `x2` is zero where `x1` is zero."""
    return runtime.power_partial(x1, x2), y * runtime.safe_log(x1)


@power.when(lambda k: k.x2.is_constant and k.x2.value == 2)
def power_two(y, x1, x2):
    return 2 * x1, y * runtime.safe_log(x1)


@power.when(lambda k: k.x2.is_constant and k.x2.value not in (0, 1))
def power_constant(y, x1, x2):
    return x2 * numpy.power(x1, x2 - 1), y * runtime.safe_log(x1)


@elementwise(numpy.float_power, result=_result(numpy.float_power))
def float_power(y, x1, x2):
    return runtime.power_partial(x1, x2), y * runtime.safe_log(x1)


@elementwise(numpy.remainder, result=_result(numpy.remainder))
def remainder(y, x1, x2):
    return 1, -numpy.floor_divide(x1, x2)


@elementwise(numpy.fmod, result=_result(numpy.fmod))
def fmod(y, x1, x2):
    return 1, -numpy.trunc(numpy.divide(x1, x2))


@elementwise(numpy.reciprocal, result=_result(numpy.reciprocal))
def reciprocal(y, x):
    return -(y**2)


@elementwise(numpy.square, result=_result(numpy.square), cheap=True)
def square(y, x):
    return 2 * x


@elementwise(numpy.sqrt, result=_result(numpy.sqrt))
def sqrt(y, x):
    return 0.5 / y


@elementwise(numpy.cbrt, result=_result(numpy.cbrt))
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(numpy.fabs, result=_result(numpy.fabs))
def fabs(y, x):
    """At zero the derivative is taken as zero."""
    return numpy.sign(x)


@adjoint(numpy.absolute, result=_result(numpy.absolute))
def absolute(y, x):
    """At zero the derivative is taken as zero."""
    d[x] = runtime.like(d[y] * numpy.conj(numpy.sign(x)), x)


@absolute.when(lambda k: is_real(k.x) and (k.x.is_array or k.x.is_number))
def absolute_real(y, x):
    d[x] = d[y] * numpy.sign(x)


@absolute.tangent
def absolute_tangent(y, x):
    d[y] = numpy.real(numpy.multiply(d[x], numpy.conj(numpy.sign(x))))


@elementwise(numpy.hypot, result=_result(numpy.hypot))
def hypot(y, x1, x2):
    return x1 / y, x2 / y


@elementwise(numpy.copysign, result=_result(numpy.copysign))
def copysign(y, x1, x2):
    return numpy.sign(x1) * numpy.sign(y), None


# --- exponentials and logarithms ----------------------------------------------------------------


@elementwise(numpy.exp, result=_result(numpy.exp))
def exp(y, x):
    return y


@elementwise(numpy.exp2, result=_result(numpy.exp2))
def exp2(y, x):
    return y * math.log(2)


@elementwise(numpy.expm1, result=_result(numpy.expm1))
def expm1(y, x):
    return y + 1


@elementwise(numpy.log, result=_result(numpy.log))
def log(y, x):
    return 1 / x


@elementwise(numpy.log2, result=_result(numpy.log2))
def log2(y, x):
    return 1 / x / math.log(2)


@elementwise(numpy.log10, result=_result(numpy.log10))
def log10(y, x):
    return 1 / x / math.log(10)


@elementwise(numpy.log1p, result=_result(numpy.log1p))
def log1p(y, x):
    return 1 / numpy.add(1, x)


@elementwise(numpy.logaddexp, result=_result(numpy.logaddexp))
def logaddexp(y, x1, x2):
    return numpy.exp(x1 - y), numpy.exp(x2 - y)


@elementwise(numpy.logaddexp2, result=_result(numpy.logaddexp2))
def logaddexp2(y, x1, x2):
    return numpy.exp2(x1 - y), numpy.exp2(x2 - y)


# --- trigonometric and hyperbolic ---------------------------------------------------------------


@elementwise(numpy.sin, result=_result(numpy.sin))
def sin(y, x):
    return numpy.cos(x)


@elementwise(numpy.cos, result=_result(numpy.cos))
def cos(y, x):
    return -numpy.sin(x)


@elementwise(numpy.tan, result=_result(numpy.tan))
def tan(y, x):
    return 1 + y**2


@elementwise(numpy.arcsin, result=_result(numpy.arcsin))
def arcsin(y, x):
    return 1 / numpy.sqrt(1 - numpy.square(x))


@elementwise(numpy.arccos, result=_result(numpy.arccos))
def arccos(y, x):
    return -1 / numpy.sqrt(1 - numpy.square(x))


@elementwise(numpy.arctan, result=_result(numpy.arctan))
def arctan(y, x):
    return 1 / (1 + numpy.square(x))


@elementwise(numpy.arctan2, result=_result(numpy.arctan2))
def arctan2(y, x1, x2):
    u = numpy.hypot(x1, x2) ** 2
    return x2 / u, -x1 / u


@elementwise(numpy.sinh, result=_result(numpy.sinh))
def sinh(y, x):
    return numpy.cosh(x)


@elementwise(numpy.cosh, result=_result(numpy.cosh))
def cosh(y, x):
    return numpy.sinh(x)


@elementwise(numpy.tanh, result=_result(numpy.tanh))
def tanh(y, x):
    return 1 - y**2


@elementwise(numpy.arcsinh, result=_result(numpy.arcsinh))
def arcsinh(y, x):
    return 1 / numpy.sqrt(numpy.square(x) + 1)


@elementwise(numpy.arccosh, result=_result(numpy.arccosh))
def arccosh(y, x):
    return 1 / numpy.sqrt(numpy.square(x) - 1)


@elementwise(numpy.arctanh, result=_result(numpy.arctanh))
def arctanh(y, x):
    return 1 / (1 - numpy.square(x))


@elementwise(numpy.deg2rad, numpy.radians, result=_result(numpy.deg2rad))
def deg2rad(y, x):
    return math.pi / 180


@elementwise(numpy.rad2deg, numpy.degrees, result=_result(numpy.rad2deg))
def rad2deg(y, x):
    return 180 / math.pi


@elementwise(numpy.sinc, result=_result(numpy.sin))
def sinc(y, x):
    return runtime.sinc_partial(x)


# --- choosing -----------------------------------------------------------------------------------


def _comparable(k):
    """Operators act on elements: not both operands can be lists."""
    return any(o.is_number or o.is_array for o in (k.x1, k.x2))


@elementwise(numpy.maximum, result=_result(numpy.maximum))
def maximum(y, x1, x2):
    return numpy.greater_equal(x1, x2), numpy.less(x1, x2)


@maximum.when(_comparable)
def maximum_of_arrays(y, x1, x2):
    return x1 >= x2, x1 < x2


@elementwise(numpy.minimum, result=_result(numpy.minimum))
def minimum(y, x1, x2):
    return numpy.less_equal(x1, x2), numpy.greater(x1, x2)


@minimum.when(_comparable)
def minimum_of_arrays(y, x1, x2):
    return x1 <= x2, x1 > x2


@elementwise(numpy.fmax, result=_result(numpy.fmax))
def fmax(y, x1, x2):
    return numpy.equal(x1, y), numpy.not_equal(x1, y)


@elementwise(numpy.fmin, result=_result(numpy.fmin))
def fmin(y, x1, x2):
    return numpy.equal(x1, y), numpy.not_equal(x1, y)


@elementwise(numpy.nextafter, result=_result(numpy.nextafter))
def nextafter(y, x1, x2):
    return 1, None


@elementwise(numpy.heaviside, result=_result(numpy.heaviside))
def heaviside(y, x1, x2):
    return None, numpy.equal(x1, 0)


# --- complex numbers ----------------------------------------------------------------------------


def _real_part(k):
    """The kind of `numpy.real(val)`: the argument itself where that is real."""
    val = k.val
    if is_real(val):
        return val.without_value()
    dtype = None if val.dtype is None else numpy.zeros(1, val.dtype).real.dtype.name
    kind = "float" if val.type == "complex" else val.type if val.is_array else "unknown"
    return Kind(kind, dtype, val.rank if val.is_array else None, val.shape, dtype)


@linear(numpy.real, numpy.ndarray.real, result=_real_part, alias=("val",), cheap=True)
def real(y, val):
    d[val] = runtime.like(d[y], val)


@real.when(lambda k: is_real(k.val) and k.val.is_array and precision(k.val) == k.val.dtype)
def real_of_real(y, val):
    d[val] = d[y]


@linear(numpy.imag, numpy.ndarray.imag, result=_real_part, alias=("val",), cheap=True)
def imag(y, val):
    """Of a real value the imaginary part is zero, and the cast to the real dtype gives a zero."""
    d[val] = runtime.like(-1j * numpy.asarray(d[y]), val)


@linear(
    numpy.conjugate,
    result=_result(numpy.conjugate),
    broadcasts=True,
)
def conjugate(y, x):
    d[x] = numpy.conjugate(d[y])


@linear(
    *(numpy.ndarray.conjugate, numpy.ndarray.conj),
    alias=("x",),  # a real array is its own
    result=_result(numpy.conjugate),
    broadcasts=True,
)
def conjugate_method(y, x):
    d[x] = numpy.conjugate(d[y])


@adjoint(numpy.angle)
def angle(y, z):
    """The adjoint of the imaginary part of the logarithm; zero for real values."""
    d[z] = runtime.like(-1j * numpy.asarray(d[y]) / z, z)


@angle.tangent
def angle_tangent(y, z):
    d[y] = numpy.imag(d[z] / z)


@adjoint(numpy.sign, result=_result(numpy.sign))
def sign(y, x):
    d[x] = runtime.sign_adjoint(d[y], x, y)


@sign.tangent
def sign_tangent(y, x):
    d[y] = runtime.sign_tangent(d[x], x, y)


@adjoint(numpy.divmod, result=constantly(Kind("tuple")))
def divmod(y, x1, x2):
    d[x1] = runtime.unbroadcast(d[y][1], x1)
    d[x2] = runtime.unbroadcast(-d[y][1] * y[0], x2)


@divmod.tangent
def divmod_tangent(y, x1, x2):
    d[y] = (
        runtime.zeros_like(y[0]),
        runtime.unbroadcast(d[x1] - y[0] * d[x2], y[1]),
    )


@adjoint(numpy.modf, result=constantly(Kind("tuple")))
def modf(y, x):
    d[x] = runtime.unbroadcast(d[y][0], x)


@modf.tangent
def modf_tangent(y, x):
    d[y] = (runtime.unbroadcast(d[x], y[0]), runtime.zeros_like(y[1]))


@adjoint(numpy.frexp, result=constantly(Kind("tuple")))
def frexp(y, x):
    d[x] = runtime.unbroadcast(numpy.ldexp(d[y][0], -y[1]), x)


@frexp.tangent
def frexp_tangent(y, x):
    d[y] = (runtime.unbroadcast(numpy.ldexp(d[x], -y[1]), y[0]), runtime.zeros_like(y[1]))


@elementwise(numpy.ldexp, result=_result(numpy.ldexp))
def ldexp(y, x1, x2):
    return numpy.ldexp(numpy.ones_like(x1), x2), None


@elementwise(numpy.i0)
def i0(y, x):
    return runtime.bessel_i1(x)


nondifferentiable(
    numpy.floor,
    numpy.ceil,
    numpy.rint,
    numpy.trunc,
    numpy.floor_divide,
    numpy.spacing,
    cheap=True,
)
nondifferentiable(numpy.round, numpy.around, numpy.fix, numpy.ndarray.round)
nondifferentiable(
    numpy.isnan,
    numpy.isinf,
    numpy.isfinite,
    numpy.signbit,
    numpy.equal,
    numpy.not_equal,
    numpy.less,
    numpy.less_equal,
    numpy.greater,
    numpy.greater_equal,
    numpy.logical_and,
    numpy.logical_or,
    numpy.logical_xor,
    numpy.logical_not,
    result=boolean,
    cheap=True,
)
nondifferentiable(
    numpy.bitwise_and,
    numpy.bitwise_or,
    numpy.bitwise_xor,
    numpy.invert,
    numpy.left_shift,
    numpy.right_shift,
    numpy.bitwise_count,
)
