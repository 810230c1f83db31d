"""The benchmark's tables, targets and measurements, on numbers that are made up."""

import json
from itertools import pairwise

import pytest
from click.testing import CliRunner

from benchmarks import measure, report, run


def results(tangent=1.2, like=1.0, memory=1.1, generation=0.010):
    return {
        "machine": "2 cores",
        "versions": {"Python": "3.11", "numpy": "2"},
        "failures": [],
        "generation": {"min": generation, "median": generation},
        "cases": [
            {
                "label": "straight line",
                "program": "straight_line",
                "seconds": {"by hand": {"min": 2e-5, "median": 3e-5}},
                "ratios": {"by hand": 1.0, "tangent": tangent, "tangent like": like},
                "refusals": {"autograd": "an array written in place", "jax": "not installed"},
                "memory": {"tangent": memory},
            }
        ],
    }


def test_markdown_shows_ratios_and_refusals():
    assert report.markdown(results()) == (
        "| program | by hand | tangent | tangent, `like=` | autograd | JAX | JAX, jit | memory |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|\n"
        "| straight line | 20 µs | 1.20 | 1.00 | refuses | n/a |  | 1.10 |\n"
        "| geometric mean |  | 1.20 | 1.00 |  |  |  |  |\n"
        "\n"
        "Measured with Python 3.11, numpy 2 on 2 cores.\n"
        "Writing the gradient of a ten-line function takes 10 ms once warm.\n"
    )


def test_targets():
    assert report.misses(results()) == []
    assert report.misses(results(tangent=1.8, like=1.2, memory=2.0, generation=0.02)) == [
        "tangent: geometric mean 1.80, to reach 1.25",
        "tangent like: geometric mean 1.20, to reach 1.1",
        "straight line: tangent 1.80, at most 1.7",
        "straight line: tangent memory 2.00, at most 1.5",
        "writing a gradient takes 20 ms, at most 15 ms",
    ]


def test_in_place_loops_have_a_mean_and_limits_of_their_own():
    found = results(tangent=1.8)
    case = {**found["cases"][0], "in_place": True, "label": "stencil"}
    found["cases"] = [results(tangent=0.8)["cases"][0], case]
    assert report.misses(found) == ["tangent: in-place loops 1.80, to reach 1.3"]
    case["ratios"] = {"by hand": 1.0, "tangent": 2.1}
    assert "stencil: tangent 2.10, at most 2.0" in report.misses(found)
    assert "| of in-place loops |  | 2.10 |" in report.markdown(found)


def test_readme_is_rewritten_between_its_markers_only(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.update_readme(readme, results())
    report.update_readme(readme, results())
    text = readme.read_text(encoding="utf-8")
    table = report.markdown(results())
    assert text == f"before\n{report.BEGIN}\n{table}{report.END}\nafter\n"


def test_readme_without_markers_is_an_error(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="bench:begin"):
        report.update_readme(readme, results())


def test_strict_fails_where_a_target_is_missed(tmp_path):
    output = tmp_path / "results.json"
    arguments = ["--from-results", "--output", str(output)]
    output.write_text(json.dumps(results(tangent=1.8)), encoding="utf-8")
    assert CliRunner().invoke(run.main, arguments).exit_code == 0
    assert CliRunner().invoke(run.main, [*arguments, "--strict"]).exit_code == 1
    output.write_text(json.dumps(results()), encoding="utf-8")
    assert CliRunner().invoke(run.main, [*arguments, "--strict"]).exit_code == 0


def test_a_wrong_gradient_fails(tmp_path, monkeypatch):
    from benchmarks.programs import straight_line

    right = straight_line.gradient
    monkeypatch.setattr("benchmarks.cases.ours", lambda case, like: lambda *a: 2 * right(*a))
    arguments = ["--no-peers", "--only", "straight_line", "--output", str(tmp_path / "r.json")]
    result = CliRunner().invoke(run.main, arguments)
    assert result.exit_code == 1
    assert "tangent: part 0 is off by 1.0e+00" in result.output


def test_unknown_program_is_one_clear_line():
    result = CliRunner().invoke(run.main, ["--only", "nonsense"])
    assert result.exit_code == 2
    assert "no such program: nonsense" in result.output


def test_repeats_are_interleaved():
    order = []
    calls = {name: (order.append, (name,)) for name in "ab"}
    found = measure.times(calls, repeats=3)
    assert [len(found[name]) for name in "ab"] == [3, 3]
    changes = sum(x != y for x, y in pairwise(order))
    assert changes >= 5


def test_peak_memory_counts_what_a_call_allocates():
    assert measure.peak_memory((bytearray, (1_000_000,))) >= 1_000_000
    assert measure.peak_memory((abs, (-1,))) < 10_000
