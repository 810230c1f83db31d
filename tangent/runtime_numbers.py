"""Functions of numbers that derivatives of the module `math` need.

>>> round(digamma(1.0), 10)      # minus Euler's constant
-0.5772156649
"""

from __future__ import annotations

import math
from typing import Any

from tangent.runtime_values import like

__all__ = ["digamma", "dist_adjoint", "dist_tangent"]


def digamma(x: float) -> float:
    """The logarithmic derivative of the gamma function.

    Reflection below 1/2, recurrence up to 10, then the asymptotic series (Abramowitz & Stegun
    6.3.7, 6.3.5, 6.3.18); relative error below 1e-13 away from the roots and poles. Plain Python,
    so that it can itself be differentiated.

    >>> digamma(0.5) + 2 * math.log(2) - digamma(1.0) < 1e-12
    True
    """
    shift = 0.0
    if x < 0.5:
        shift = -math.pi / math.tan(math.pi * x)
        x = 1.0 - x
    while x < 10.0:
        shift = shift - 1.0 / x
        x = x + 1.0
    u = 1.0 / (x * x)
    series = u * (
        1 / 12
        - u
        * (
            1 / 120
            - u * (1 / 252 - u * (1 / 240 - u * (1 / 132 - u * (691 / 32760 - u * (1 / 12)))))
        )
    )
    return shift + math.log(x) - 0.5 / x - series


def dist_adjoint(g: float, p: Any, q: Any, y: float) -> Any:
    """Adjoint of `p` in `y = math.dist(p, q)`.

    >>> dist_adjoint(1.0, (3.0, 4.0), (0.0, 0.0), 5.0)
    array([0.6, 0.8])
    """
    return like([g * (a - b) / y for a, b in zip(p, q, strict=True)], p)


def dist_tangent(dp: Any, dq: Any, p: Any, q: Any, y: float) -> float:
    """Tangent of `y = math.dist(p, q)`.

    >>> dist_tangent((1.0, 0.0), (0.0, 0.0), (3.0, 4.0), (0.0, 0.0), 5.0)
    0.6
    """
    terms = [(da - db) * (a - b) for da, db, a, b in zip(dp, dq, p, q, strict=True)]
    return math.fsum(terms) / y
