"""Cases for the recipes of `scipy.signal`."""

from __future__ import annotations

import numpy
from scipy import signal

from tests.recipes.cases import array, case, complexes

for f in (signal.convolve, signal.correlate, signal.fftconvolve, signal.oaconvolve):
    for mode in ("full", "same", "valid"):
        for m, n in ((5, 3), (5, 2), (4, 3), (4, 4), (2, 5), (1, 1)):
            case(f, array(m), array(n), mode)
        case(f, array(4, 5), array(2, 3), mode=mode)
        case(f, complexes(4), complexes(2), mode)
        case(f, array(4), complexes(2), mode)
    case(f, array(3), array(2))
    case(f, array(3), [0.4, 0.7])
    case(f, array(3, dtype="float32"), array(2, dtype="float32"))
    case(f, numpy.array([1, 2, 3]), array(2))
    case(f, array(2, 3, 2), array(1, 2, 2))
for f in (signal.convolve, signal.correlate):
    case(f, array(4), array(3), method="fft")
    case(f, array(3), array(5), "same", "direct")
for f in (signal.fftconvolve, signal.oaconvolve):
    case(f, array(3, 4), array(3, 2), axes=1)
    case(f, array(3, 4), array(1, 2), "same", axes=-1)
    case(f, array(2, 4), array(1, 2), mode="valid", axes=[1])
for f in (signal.convolve2d, signal.correlate2d):
    for mode in ("full", "same", "valid"):
        case(f, array(4, 5), array(2, 3), mode)
        case(f, array(2, 2), array(3, 3), mode)
    case(f, complexes(2, 3), complexes(2, 2))
b, a = numpy.array([0.4, 0.3, 0.2]), numpy.array([1.5, -0.4])
case(signal.lfilter, b, a, array(6))
case(signal.lfilter, b, a, array(2, 5, 3), axis=1)
case(signal.lfilter, [0.4, 0.3], [1.5], array(3))
case(signal.lfilter, b, a, array(1))
sos = signal.butter(3, 0.3, output="sos")
case(signal.sosfilt, sos, array(6), wrt="x")
case(signal.sosfilt, sos, array(2, 5, 3), axis=1, wrt="x")
case(signal.detrend, array(6))
case(signal.detrend, array(2, 5), type="constant")
case(signal.detrend, array(6, 2), axis=0, bp=[3])
