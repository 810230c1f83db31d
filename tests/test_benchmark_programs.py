"""The programs of the benchmark: hand-written gradients are right, and refusals are real."""

import copy

import numpy as np
import pytest

from benchmarks.cases import (
    PEERS,
    Case,
    all_cases,
    all_programs,
    contenders,
    disagreement,
    disagreements,
    numeric_slope,
    peer,
    slope,
)

CASES = [Case(p.__name__, p, p.SMALL) for p in all_programs()]


def by_name(case):
    return case.name


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_hand_written_gradient_matches_finite_differences(case):
    assert slope(case, case.program.gradient) == pytest.approx(numeric_slope(case), rel=1e-6)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_hand_written_gradient_has_its_arguments_shapes_and_leaves_them(case):
    args = case.derivative_arguments()
    before = copy.deepcopy(args)
    result = case.program.gradient(*args)
    assert disagreement(before, args) == ""
    if not case.forward:
        result = result if isinstance(result, tuple) else (result,)
        assert [np.shape(g) for g in result] == [np.shape(args[i]) for i in case.positions]


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_tangent_agrees_with_the_hand_written_gradient(case):
    assert list(disagreements(contenders(case, peers=()))) == []


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_peers_agree(case):
    pytest.importorskip("autograd")
    pytest.importorskip("jax")
    assert list(disagreements(contenders(case, with_ours=False))) == []


REFUSALS = [(case, name) for case in CASES for name in PEERS if name in case.refuses]


@pytest.mark.parametrize(("case", "name"), REFUSALS, ids=lambda x: getattr(x, "name", x))
def test_a_refusal_is_real(case, name):
    pytest.importorskip(name.split()[0])
    with pytest.raises(Exception, match=r"assignment|immutable|[Tt]racer|sequence|VJP of copy"):
        peer(case, name)(*case.derivative_arguments())


def test_every_label_is_used_once():
    labels = [case.label for case in all_cases()]
    assert len(labels) == len(set(labels))
    assert all(case.small().label == case.label for case in all_cases())


def test_a_wrong_gradient_is_found():
    assert "shape" in disagreement(np.zeros(3), np.zeros(2))
    assert "off by" in disagreement(np.ones(3), np.array([1.0, 1.0, 1.1]))
    assert "parts" in disagreement((1.0, 2.0), 1.0)
    assert "off by" in disagreement(np.ones(2), np.array([1.0, np.nan]))
    assert disagreement((1.0, np.ones(2)), (1.0, np.ones(2))) == ""
