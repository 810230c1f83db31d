"""What all tests share: `--bless`, the verifier on every pass, a table of refusals.

pytest tests/test_golden.py --bless       writes what comes out now as what is expected
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("NUMBA_OPT", "0")  # the tests compile much and run little


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="write what comes out as what is expected (read the diff!)",
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be rewritten."""
    return bool(request.config.getoption("--bless"))


@pytest.fixture(scope="session", autouse=True)
def verify_every_pass() -> Iterator[None]:
    """Check the invariants of trees after every pass that a test runs."""
    try:
        verify = importlib.import_module("tangent.verify")
    except ImportError:
        yield
        return
    with verify.verifying():
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of programs that may be refused, with what came of them.

    Only with -v, or where an outcome is not settled: a test records it as the property "outcome".
    """
    rows: dict[str, set[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", ()):
                if key == "outcome" and getattr(report, "when", "") == "call":
                    program, outcome = value
                    rows.setdefault(program, set()).add(outcome)
    if rows and terminalreporter.verbosity > 0:
        terminalreporter.section("programs that may be refused")
        width = max(map(len, rows))
        for program in sorted(rows):
            terminalreporter.line(f"{program:{width}}  {', '.join(sorted(rows[program]))}")
