"""What has no derivative, and what has one that is not implemented, with the reason.

z = special.jn_zeros(n, 5)       of integers: nothing to differentiate by
"""

from __future__ import annotations

from scipy import special

from tangent.recipes.registry import nondifferentiable, unsupported

# --- of integers alone: zeros, nodes and weights of quadratures, coefficients -------------------

nondifferentiable(
    special.ai_zeros,
    special.bi_zeros,
    special.bei_zeros,
    special.beip_zeros,
    special.ber_zeros,
    special.berp_zeros,
    special.kei_zeros,
    special.keip_zeros,
    special.kelvin_zeros,
    special.ker_zeros,
    special.kerp_zeros,
    special.erf_zeros,
    special.fresnel_zeros,
    special.fresnelc_zeros,
    special.fresnels_zeros,
    special.jn_zeros,
    special.jnjnp_zeros,
    special.jnp_zeros,
    special.jnyn_zeros,
    special.yn_zeros,
    special.ynp_zeros,
    special.y0_zeros,
    special.y1_zeros,
    special.y1p_zeros,
    special.roots_chebyc,
    special.roots_chebys,
    special.roots_chebyt,
    special.roots_chebyu,
    special.roots_hermite,
    special.roots_hermitenorm,
    special.roots_laguerre,
    special.roots_legendre,
    special.roots_sh_chebyt,
    special.roots_sh_chebyu,
    special.roots_sh_legendre,
    special.chebyc,
    special.chebys,
    special.chebyt,
    special.chebyu,
    special.hermite,
    special.hermitenorm,
    special.laguerre,
    special.legendre,
    special.sh_chebyt,
    special.sh_chebyu,
    special.sh_legendre,
)

# --- not implemented ----------------------------------------------------------------------------

unsupported(
    special.jacobi,
    special.sh_jacobi,
    special.gegenbauer,
    special.genlaguerre,
    special.roots_jacobi,
    special.roots_sh_jacobi,
    special.roots_gegenbauer,
    special.roots_genlaguerre,
    reason="nodes, weights and coefficients are not differentiated by the parameters of the "
    "polynomials; the polynomial itself is, by its argument: `special.eval_jacobi` and its like",
)
unsupported(
    special.ncfdtr,
    special.ncfdtri,
    special.ncfdtridfd,
    special.ncfdtridfn,
    special.ncfdtrinc,
    special.nctdtr,
    special.nctdtridf,
    special.nctdtrinc,
    special.nctdtrit,
    special.chndtridf,
    reason="derivatives of noncentral distributions by their degrees of freedom, and the densities "
    "of noncentral t and F, are not in `scipy.special`",
)
unsupported(
    special.obl_cv,
    special.obl_cv_seq,
    special.pro_cv,
    special.pro_cv_seq,
    special.mathieu_a,
    special.mathieu_b,
    special.mathieu_even_coef,
    special.mathieu_odd_coef,
    special.ellip_harm,
    special.ellip_harm_2,
    special.ellip_normal,
    reason="derivatives of characteristic values of differential equations are not in SciPy",
)
unsupported(
    special.legendre_p_all,
    special.assoc_legendre_p_all,
    special.sph_legendre_p_all,
    special.sph_harm_y_all,
    special.lqmn,
    special.lqn,
    special.lmbda,
    special.pbdn_seq,
    special.pbdv_seq,
    special.pbvv_seq,
    special.riccati_jn,
    special.riccati_yn,
    reason="they return all orders up to one; call the function of a single order instead",
)
unsupported(
    special.smirnov,
    special.smirnovi,
    reason="the distribution of Kolmogorov's statistic for finite samples is a sum whose "
    "derivative is not in SciPy; `special.kolmogorov` is its limit",
)
unsupported(
    special.obl_rad2,
    special.obl_rad2_cv,
    special.pro_rad2,
    special.pro_rad2_cv,
    reason="SciPy's values of it are too far from a solution of the differential equation for a "
    "derivative by it",
)
