"""What all tests share: `--bless`, `--sweep`, the verifier on every pass, a table of refusals.

pytest tests/test_golden.py --bless       writes what comes out now as what is expected
pytest --sweep                            runs every case of the long sweeps, not only their share
"""

from __future__ import annotations

import importlib
import os
import zlib
from collections.abc import Iterator

import pytest

os.environ.setdefault("NUMBA_OPT", "0")  # the tests compile much and run little


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="write what comes out as what is expected (read the diff!)",
    )
    parser.addoption(
        "--sweep", action="store_true", help="every case of the sweeps over all programs"
    )


# Sweeps over all programs, each with the share of its cases (one in so many) that an ordinary run takes.
SWEEPS = {
    "tests/analysis/test_soundness.py": 9,
    "tests/analysis/test_kinds_soundness.py": 7,
    "tests/transforms/test_front_end.py": 5,
    "tests/transforms/test_forward.py": 5,
    "tests/recipes/test_linalg.py": 2,
    "tests/recipes/test_scipy_second_order.py": 120,
    "tests/test_programs.py::test_each_pass": 7,
    "tests/test_programs.py::test_split_motion": 5,
    "tests/test_programs.py::test_preserve_result": 5,
    "tests/test_programs.py::test_a_seed": 5,
    "tests/test_programs.py::test_examples_of": 4,
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases that are not in an ordinary run's share: by name, so that it is always the same ones."""
    if config.getoption("--sweep") or any("::" in argument for argument in config.args):
        return
    kept, left_out = [], []
    for item in items:
        share = next((n for name, n in SWEEPS.items() if item.nodeid.startswith(name)), 1)
        parametrised = "[" in item.nodeid
        taken = not parametrised or zlib.crc32(item.nodeid.encode()) % share == 0
        (kept if taken else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


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
