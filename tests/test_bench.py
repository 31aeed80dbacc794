"""The tables of several benchmarks share one document."""

import importlib.util

import pytest

from scripts import bench


def section(name, seconds):
    return bench.table(name, "Title", "somewhere", [{"what": "w", "seconds": seconds, "count": 4}])


def test_a_benchmark_replaces_its_own_section_and_no_other():
    text = bench.merged("", {"bench_b": section("bench_b", 2.0)})
    text = bench.merged(text, {"bench_a": section("bench_a", 1.0)})
    text = bench.merged(text, {"bench_b": section("bench_b", 4.0)})
    assert text.startswith("# Benchmarks\n")
    assert text.count("# Benchmarks") == 1
    assert text.index("## bench_a") < text.index("## bench_b")
    assert text.count("## bench_b") == 1
    assert "| w | 4.000 | 1 (of 4) |" in text
    assert "| w | 1.000 | 4 (of 4) |" in text
    assert "2.000" not in text


def test_writing_again_changes_nothing():
    text = bench.merged("", {"bench_a": section("bench_a", 1.0)})
    assert bench.merged(text, {}) == bench.merged(bench.merged(text, {}), {})
    assert text.split() == bench.merged(text, {}).split()


class Recorder:
    """A runner that only notes which module it is asked to run."""

    def module(self, name):
        self.name = name
        return []


@pytest.mark.parametrize("name", [name for name in bench.found() if "mqtt" in name])
def test_a_benchmark_of_the_bridge_runs_a_module_that_is_there(name):
    spec = importlib.util.spec_from_file_location(name, bench.found()[name])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    runner = Recorder()
    assert module.run(runner) == []
    assert importlib.util.find_spec(runner.name)
    assert module.__doc__
    assert "waits for the disk" in module.SERVER
