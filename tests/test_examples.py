"""The demonstration runs from beginning to end, and learns."""

import re

import pytest
from click.testing import CliRunner

from examples.demo import main


def test_demo_learns():
    pytest.importorskip("sklearn")
    result = CliRunner().invoke(main, ["--epochs", "3"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "DIFFER" not in result.output
    final = re.search(r"Final held-out accuracy: ([0-9.]+)%", result.output)
    assert final is not None and float(final[1]) > 90
