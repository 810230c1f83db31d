"""Cases for the recipes of `scipy.special`: each at a number, arrays, broadcast, a list, float32."""

from __future__ import annotations

from typing import Any

import numpy
from scipy import special

from tangent.recipes.scipy import incomplete, limits
from tests.recipes.cases import CASES, array, case, complexes, mixed


def each(function: Any, *domains: tuple[float, float], lead: tuple = (), **kwargs: Any) -> None:
    """At values in these intervals, after leading arguments that are not differentiated."""

    def of(*shape: int, dtype: str = "float64") -> list[Any]:
        return [array(*shape, low=low, high=high, dtype=dtype) for low, high in domains]

    case(function, *lead, *(float(v) for v in of()), **kwargs)
    case(function, *lead, *of(2, 3), **kwargs)
    case(function, *lead, *of(0), **kwargs)
    case(function, *lead, *of(), **kwargs)
    case(function, *lead, *(v.tolist() for v in of(2)), **kwargs)
    case(function, *lead, *of(2, dtype="float32"), **kwargs)
    if len(domains) > 1:
        for k in range(len(domains)):  # each argument by itself wide, the others narrow
            shapes = [(2, 3) if n == k else (3,) if n == k - 1 else () for n in range(len(domains))]
            values = [
                array(*shape, low=low, high=high)
                for shape, (low, high) in zip(shapes, domains, strict=True)
            ]
            case(function, *lead, *values, **kwargs)


SPECIAL = frozenset(f for f in vars(special).values() if isinstance(f, numpy.ufunc))
POSITIVE = (0.4, 3.0)
UNIT = (0.1, 0.9)
REAL = (-1.5, 1.7)

# ---- of one argument ------------------------------------------------------------------------

for f in (
    *(special.gamma, special.gammaln, special.rgamma, special.digamma, special.loggamma),
    *(special.entr, special.k0, special.k1, special.k0e, special.k1e, special.y0, special.y1),
    *(special.exp1, special.expi, special.ker, special.kei, special.kerp, special.keip),
    *(special.berp, special.beip, special.it2struve0, special.spence, special.log1p),
    *(special.factorial, special.kolmogorov, special.cbrt, special.wrightomega),
):
    each(f, POSITIVE)
for f in (
    *(special.erf, special.erfc, special.erfcx, special.erfi, special.dawsn, special.ndtr),
    *(special.log_ndtr, special.expit, special.log_expit, special.softplus, special.exprel),
    *(special.exp2, special.exp10, special.expm1, special.j0, special.j1, special.i0, special.i1),
    *(special.sindg, special.cosdg, special.tandg, special.cosm1, special.ber, special.bei),
    *(special.itstruve0, special.itmodstruve0, special.i0e, special.i1e, special.cotdg),
):
    each(f, REAL)
for f in (special.ndtri, special.logit, special.ellipk, special.ellipe, special.ellipkm1):
    each(f, UNIT)
each(special.erfinv, (-0.8, 0.9))
each(special.erfcinv, (0.2, 1.7))
each(special.ndtri_exp, (-3.0, -0.2))
each(special.kolmogi, (0.2, 0.9))
each(special.zeta, (1.3, 4.0))
each(special.zetac, (1.3, 4.0))
for f in (
    *(special.gamma, special.rgamma, special.loggamma, special.erf, special.erfc, special.erfcx),
    *(special.erfi, special.dawsn, special.wofz, special.exp1, special.expi, special.spence),
    *(special.log_ndtr, special.ndtr, special.expm1, special.log1p, special.wrightomega),
):
    case(f, complexes(2, 3))
    case(f, 0.3 + 0.4j)
case(special.wofz, array(2))
case(special.lambertw, array(2, 3))
case(special.lambertw, 0.4)
case(special.lambertw, complexes(3), -1)
case(special.lambertw, 0.3, k=1, tol=1e-9)
case(special.lambertw, [0.3, 0.4])
case(special.exprel, 0.0)
case(special.spence, numpy.array([1.0, 1.0 + 1e-3]))
case(special.ellipk, numpy.array([0.0, -2.0]))
case(special.ellipe, numpy.array([0.0, -2.0]))
case(special.gamma, numpy.array([-0.5, -1.5]))
case(special.gammaln, numpy.array([-0.5, -1.5]))
case(special.digamma, numpy.array([-0.5, 30.0]))
case(special.kolmogorov, numpy.array([0.3, 0.9, 1.1, 2.0]))
for f in (special.j1, special.i1):
    case(f, 0.0)

# ---- of several -----------------------------------------------------------------------------

for f in (special.beta, special.betaln, special.poch, special.boxcox, special.boxcox1p):
    each(f, POSITIVE, (0.3, 2.0))
for f in (special.xlogy, special.xlog1py, special.rel_entr, special.kl_div, special.powm1):
    each(f, POSITIVE, (0.3, 2.0))
for f in (special.gammainc, special.gammaincc, special.chdtr, special.chdtrc):
    each(f, POSITIVE, (0.3, 5.0))
for f in (special.binom, special.comb, special.perm):
    each(f, (4.1, 6.0), (1.1, 2.5))
each(special.gammaincinv, POSITIVE, UNIT)
each(special.gammainccinv, POSITIVE, UNIT)
each(special.chdtri, POSITIVE, UNIT)
each(special.chdtriv, UNIT, POSITIVE)
each(special.huber, (0.5, 0.9), (-2.0, 2.3))
each(special.pseudo_huber, (0.5, 0.9), (-2.0, 2.3))
each(special.inv_boxcox, POSITIVE, (0.3, 2.0))
each(special.inv_boxcox1p, POSITIVE, (0.3, 2.0))
each(special.zeta, (1.4, 3.0), POSITIVE)
each(special.agm, POSITIVE, (3.3, 4.0))
each(special.owens_t, REAL, POSITIVE)
each(special.ellipkinc, (0.3, 1.2), UNIT)
each(special.ellipeinc, (0.3, 1.2), UNIT)
each(special.elliprc, POSITIVE, (3.5, 4.0))
each(special.elliprf, POSITIVE, (3.5, 4.0), UNIT)
each(special.elliprg, POSITIVE, (3.5, 4.0), UNIT)
each(special.elliprd, POSITIVE, (3.5, 4.0), (5.0, 6.0))
each(special.elliprj, POSITIVE, (3.5, 4.0), UNIT, (5.0, 6.0))
each(special.radian, REAL, REAL, REAL)
each(special.voigt_profile, REAL, (0.4, 1.0), (0.4, 1.0))
each(special.stdtr, (1.0, 4.0), REAL)
each(special.stdtrit, (1.0, 4.0), UNIT)
for f in (special.betainc, special.betaincc, special.betaincinv, special.betainccinv):
    each(f, POSITIVE, (0.5, 2.0), UNIT)
each(special.btdtria, UNIT, POSITIVE, UNIT)
each(special.btdtrib, POSITIVE, UNIT, UNIT)
for f in (special.fdtr, special.fdtrc):
    each(f, (1.0, 4.0), (2.0, 5.0), POSITIVE)
each(special.fdtri, (1.0, 4.0), (2.0, 5.0), UNIT)
for f in (special.gdtr, special.gdtrc):
    each(f, POSITIVE, POSITIVE, POSITIVE)
each(special.gdtria, (0.3, 0.7), POSITIVE, POSITIVE)
each(special.gdtrib, (0.5, 1.0), (0.3, 0.7), POSITIVE)
each(special.gdtrix, POSITIVE, POSITIVE, UNIT)
each(special.nrdtrimn, (0.6, 0.9), POSITIVE, REAL)
each(special.nrdtrisd, (-2.0, -1.0), (0.6, 0.9), REAL)
case(special.boxcox, 1.7, 0.0)
case(special.inv_boxcox, 0.4, 0.0)
case(special.huber, numpy.array([0.5, 2.0]), numpy.array([1.0, 1.0]))
case(special.ellipkinc, numpy.array([2.0, -4.0, 0.4]), numpy.array([0.3, -0.5, 0.0]))
case(special.ellipeinc, numpy.array([2.0, -4.0, 0.4]), numpy.array([0.3, -0.5, 0.0]))
case(special.fdtridfd, 2.0, 0.6, 1.3)
case(
    special.fdtridfd,
    array(2, low=1, high=3),
    array(2, low=0.55, high=0.65),
    array(2, low=1, high=2),
)
case(special.stdtridf, 0.2, -1.3)
case(special.stdtridf, array(2, low=0.11, high=0.19), array(2, low=-1.8, high=-1.6))
for f in (special.xlogy, special.xlog1py, special.elliprf, special.elliprc, special.elliprd):
    case(f, *(complexes(2) + 2 * n for n in range({"elliprf": 3, "elliprd": 3}.get(f.__name__, 2))))
case(special.tklmbda, mixed(3), 0.4)
case(special.tklmbda, array(2), array(2))
case(special.chndtr, POSITIVE[1], 3.5, 1.3, wrt=("x", "nc"))
case(special.chndtr, array(2, 3), 2.5, array(3), wrt=("x", "nc"))
case(special.chndtrix, 0.4, 3.5, 1.3, wrt=("p", "nc"))
case(special.chndtrinc, 3.0, 2.5, 0.4, wrt=("x", "p"))
for f in (special.bdtr, special.bdtrc):
    case(f, numpy.array([2.0, 4.0]), 6, UNIT[1], wrt="p")
    case(f, 2.0, 6, array(2, 3), wrt="p")
case(special.bdtri, 2.0, 6, array(3), wrt="y")
case(special.bdtrik, array(2), 6.0, array(2))
case(special.bdtrin, 2.0, array(2), array(2, low=0.2, high=0.4))
for f in (special.nbdtr, special.nbdtrc):
    case(f, 2, 6, array(2, 3))
case(special.nbdtri, 2, 6, array(3))
case(special.nbdtrik, array(2), 6.0, array(2))
case(special.nbdtrin, 2.0, array(2), array(2))
for f in (special.pdtr, special.pdtrc):
    case(f, 2.0, array(2, 3), wrt="m")
    case(f, numpy.array([0, 1]), array(2, 1))
case(special.pdtri, 2.0, array(3), wrt="y")
case(special.pdtrik, array(2), array(2, low=2, high=4))

# ---- orders are integers, or are not differentiated ----------------------------------------

for f in (special.jv, special.yv, special.iv, special.kv, special.ive, special.kve):
    each(f, POSITIVE, lead=(2,))
    case(f, 0.5, array(2, 3), wrt="z")
    case(f, numpy.array([0, 1, 2]), array(2, 3))
for f in (special.jv, special.yv, special.iv, special.kv, special.kve):
    case(f, 1, complexes(2))
for f in (special.hankel1, special.hankel2, special.hankel1e, special.hankel2e):
    case(f, 1, complexes(2))
    case(f, 0.5, array(2, 3), wrt="z")
for f in (special.jve, special.yve):
    case(f, 1, array(3))
for f in (special.kn, special.yn):
    each(f, POSITIVE, lead=(2,))
    case(f, 0, array(3))
for f in (special.jvp, special.yvp, special.ivp, special.kvp, special.h1vp, special.h2vp):
    case(f, 1, array(2, 3))
    case(f, 1, 0.7, n=2)
    case(f, 0.5, complexes(2), 0, wrt="z")
for f in (
    *(special.spherical_jn, special.spherical_yn, special.spherical_in, special.spherical_kn),
):
    each(f, POSITIVE, lead=(2,))
    case(f, 1, array(2, 3), True)
    case(f, numpy.array([0, 1, 2]), array(2, 3), derivative=True)
    case(f, 1, complexes(2))
for f in (special.struve, special.modstruve):
    each(f, POSITIVE, lead=(1,))
    case(f, 0.5, array(3), wrt="x")
case(special.besselpoly, array(3), 1, 2)
case(special.besselpoly, 0.8, 0.5, 1.5, wrt="a")
case(special.polygamma, 1, array(2, 3))
case(special.polygamma, 2, 0.7)
case(special.polygamma, numpy.array([0, 1]), array(2))
case(special.multigammaln, 3.4, 3)
case(special.multigammaln, array(2, 3, low=2, high=4), 2)
for f in (special.expn,):
    each(f, POSITIVE, lead=(2,))
    case(f, 0, array(3))
    case(f, numpy.array([0, 1, 3]), array(3))
case(special.expn, 2, array(3), wrt="x")
case(special.diric, array(2, 3), 5)
case(special.diric, numpy.array([0.0, 2 * numpy.pi, 1.0]), 4)
case(special.diric, 0.3, 3)
each(special.hyp0f1, POSITIVE, lead=(2,))
case(special.hyp0f1, 1.5, complexes(2), wrt="z")
each(special.hyp1f1, POSITIVE, lead=(2, 3))
case(special.hyp1f1, array(2), array(2), array(2), wrt="x")
case(special.hyp1f1, 1.5, 2.5, complexes(2), wrt="x")
each(special.hyp2f1, UNIT, lead=(2, 1, 3))
case(special.hyp2f1, 0.5, 1.5, 2.5, complexes(2) / 2, wrt="z")
each(special.hyperu, POSITIVE, lead=(2, 3))
each(special.wright_bessel, POSITIVE, lead=(2, 3))
each(special.log_wright_bessel, POSITIVE, lead=(2, 3))

# ---- several results ------------------------------------------------------------------------

for f in (
    *(special.sici, special.shichi, special.fresnel, special.airy, special.airye, special.itairy),
    *(special.itj0y0, special.it2j0y0, special.iti0k0, special.it2i0k0, special.kelvin),
    *(special.modfresnelp, special.modfresnelm),
):
    case(f, array(2, 3))
    case(f, 0.7)
for f in (special.sici, special.shichi, special.fresnel, special.airy):
    case(f, complexes(2))
case(special.ellipj, 0.7, 0.4)
case(special.ellipj, array(2, 3), array(2, 3))
case(special.ellipj, array(2, 3, low=3, high=9), 0.3, wrt="u")
for f in (special.pbdv, special.pbvv, special.pbwa):
    case(f, 1.5, array(2, 3), wrt="x")
    case(f, 1.5, 0.7, wrt="x")
for f in (special.mathieu_cem, special.mathieu_sem):
    case(f, 2, 1.5, array(3, low=20, high=60), wrt="x")
for f in (
    *(special.mathieu_modcem1, special.mathieu_modcem2),
    *(special.mathieu_modsem1, special.mathieu_modsem2),
):
    case(f, 2, 1.5, array(3), wrt="x")
for f in (special.pro_ang1, special.obl_ang1):
    case(f, 1, 2, 0.8, array(3), wrt="x")
for f in (special.pro_rad1,):
    case(f, 1, 2, 0.8, array(3, low=1.3, high=2.0), wrt="x")
for f in (special.obl_rad1,):
    case(f, 1, 2, 0.8, array(3), wrt="x")
for f in (special.pro_ang1_cv, special.pro_rad1_cv):
    x = array(3) if f is special.pro_ang1_cv else array(3, low=1.3, high=2.0)
    case(f, 1, 2, 0.8, float(special.pro_cv(1, 2, 0.8)), x, wrt="x")
for f in (special.obl_ang1_cv, special.obl_rad1_cv):
    case(f, 1, 2, 0.8, float(special.obl_cv(1, 2, 0.8)), array(3), wrt="x")

# ---- polynomials ----------------------------------------------------------------------------

for f in (
    *(special.eval_legendre, special.eval_sh_legendre, special.eval_chebyt, special.eval_chebyu),
    *(special.eval_chebyc, special.eval_chebys, special.eval_sh_chebyt, special.eval_sh_chebyu),
    *(special.eval_laguerre, special.eval_hermite, special.eval_hermitenorm),
):
    case(f, 3, array(2, 3))
    case(f, 0, 0.4)
    case(f, 4, [0.4, 0.5])
    case(f, numpy.array([0, 1, 2]), numpy.array([-1.0, 0.4, 1.0]))
for f in (special.eval_gegenbauer, special.eval_genlaguerre):
    case(f, 3, 1, array(2, 3))
    case(f, 2, 0.5, 0.3, wrt="x")
    case(f, 2, array(2), array(2), wrt="x")
case(special.assoc_laguerre, array(2, 3), 3, 1.5, wrt="x")
case(special.assoc_laguerre, 0.4, 3)
for f in (special.eval_jacobi, special.eval_sh_jacobi):
    case(f, 3, 2, 1, array(2, 3))
    case(f, 2, 2.5, 0.5, 0.3, wrt="x")
case(special.lpmv, 1, 2.5, array(3), wrt="x")
case(special.lpmv, 0, 2, 0.4)
case(special.legendre_p, 3, array(2, 3))
case(special.legendre_p, 3, 0.4, diff_n=1)
case(special.legendre_p, numpy.array([[1], [2]]), array(3))
case(special.assoc_legendre_p, 3, 1, array(2, 3))
case(special.assoc_legendre_p, 3, 1, array(3), norm=True, diff_n=1)
case(special.sph_legendre_p, 3, 1, array(2, 3))
case(special.sph_legendre_p, 3, 1, 0.4, diff_n=1)
case(special.sph_harm_y, 3, 1, array(2, 3), array(3))
case(special.sph_harm_y, 3, -2, 0.4, 0.7)

# ---- along axes -----------------------------------------------------------------------------

for f in (special.softmax, special.log_softmax):
    case(f, array(2, 3))
    case(f, array(2, 3), axis=1)
    case(f, array(2, 3, 2), (0, -1))
    case(f, array(4, dtype="float32"), 0)
    case(f, [0.4, 0.5])
    case(f, 0.4)
for x in (array(2, 3), array(3), array(1), array(), array(2, 3, dtype="float32")):
    case(special.logsumexp, x)
case(special.logsumexp, 0.4)
case(special.logsumexp, [0.4, 0.7])
case(special.logsumexp, [[0.4, 0.7]], axis=0)
case(special.logsumexp, array(2, 3), 1)
case(special.logsumexp, array(2, 3, 2), axis=(0, -1))
case(special.logsumexp, array(2, 3), axis=0, keepdims=True)
case(special.logsumexp, array(2, 3), keepdims=True)
case(special.logsumexp, complexes(3))
case(special.logsumexp, numpy.array([-900.0, 0.3, 900.0]))
case(special.logsumexp, array(2, 3), b=array(2, 3))
case(special.logsumexp, array(2, 3), 1, array(3))
case(special.logsumexp, array(3), b=array(2, 1), axis=0, keepdims=True)
case(special.logsumexp, array(2, 3), b=2)
case(special.logsumexp, array(2, 3), 1, mixed(3), return_sign=True)
case(special.logsumexp, array(2, 3), return_sign=True)

# ---- what derivatives are made of ----------------------------------------------------------

case(incomplete.gammainc_by_a, array(2, 3), array(2, 3, low=0.3, high=5))
case(incomplete.gammainc_by_a_twice, 1.7, array(2, 3, low=0.3, high=5), wrt="x")
case(incomplete.betainc_by_a, 1.7, 0.6, array(2, 3), wrt="x")
case(incomplete.betainc_by_b, 1.7, 0.6, array(2, 3), wrt="x")
case(incomplete.betainc_by_x, array(3), array(2, 3), array(2, 3))
case(incomplete.zeta_by_exponent, 1.7, array(2, 3), wrt="q")
case(incomplete.student_density, 2.5, mixed(3))
case(incomplete.student_density, array(3), array(2, 3))
case(incomplete.student_by_df, 2.5, mixed(3), wrt="t")
case(incomplete.noncentral_chi2_density, array(3), 2.5, array(2, 3), wrt=("x", "nc"))

# ---- options of ufuncs ----------------------------------------------------------------------

first: dict[Any, Any] = {}
for one in CASES:
    if isinstance(one.function, numpy.ufunc) and one.function in SPECIAL and not one.kwargs:
        first.setdefault(one.function, one)
for f, one in first.items():
    if f.nout == 1:
        case(f, *one.args, wrt=one.wrt, where=True)
for near in (1.0, 1.005, 0.9, 2.5):  # by its series, by its formula
    case(limits.spence_slope, numpy.array([near]))
    case(limits.sinhc, numpy.array([near - 1.0]))
case(limits.real, array(3))
case(limits.weights_or_one, array(3))
case(limits.pair, (array(3), array(3)))
