"""The tables of several benchmarks share one document."""

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
