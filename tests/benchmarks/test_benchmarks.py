"""What scripts/bench prints."""

import json
from pathlib import Path
import subprocess
import sys

import pytest

from benchmarks.figure import Figure

ROOT = Path(__file__).parents[2]


def test_a_quick_run_prints_every_figure(tmp_path: Path) -> None:
    """A list of objects, each with what was measured beside what it must be."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json"]
    done = subprocess.run(
        [*command, "--folder", tmp_path], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    figures = json.loads(done.stdout)
    assert len({figure["name"] for figure in figures}) == len(figures) == 14
    for figure in figures:
        assert figure.keys() == {"name", "value", "unit", "must", "ok"}
        assert isinstance(figure["value"], int | float)
        assert isinstance(figure["unit"], str)
        assert figure["ok"] is Figure(**without_ok(figure)).ok
    assert not list(tmp_path.iterdir())


def without_ok(figure: dict[str, object]) -> dict[str, object]:
    """Return what a figure is made of."""
    return {key: value for key, value in figure.items() if key != "ok"}


@pytest.mark.parametrize(
    ("must", "value", "ok"),
    [
        ("< 15", 14.9, True),
        ("< 15", 15.0, False),
        ("<= 1.2", 1.2, True),
        ("<= 1.2", 1.21, False),
        (">= 0.25", 0.25, True),
        (">= 0.25", 0.24, False),
    ],
)
def test_limits(must: str, value: float, ok: bool) -> None:
    """A figure is fine on the right side of its limit."""
    assert Figure("a figure", value, "s", must).ok is ok
