"""The demonstration runs from beginning to end, and learns."""

import re

import numpy as np
import pytest
from click.testing import CliRunner

from examples import lifetimes
from examples.demo import main


def test_demo_learns():
    pytest.importorskip("sklearn")
    result = CliRunner().invoke(main, ["--epochs", "3"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "DIFFER" not in result.output
    final = re.search(r"Final held-out accuracy: ([0-9.]+)%", result.output)
    assert final is not None and float(final[1]) > 90


def test_lifetimes_of_ball_bearings():
    """The published estimates (Lieblein & Zelen 1956): shape 2.1, scale 81.9 million revolutions."""
    pytest.importorskip("scipy")
    estimates, errors, _ = lifetimes.fit(lifetimes.weibull, lifetimes.LIFETIMES, np.empty(0))
    np.testing.assert_allclose(estimates, [2.102, 81.88], rtol=1e-3)
    np.testing.assert_allclose(errors, [0.328, 8.60], rtol=1e-2)
    result = CliRunner().invoke(lifetimes.main, ["--source"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "20 failures, 3 censored at 110" in result.output
    assert "lognormal" in result.output
