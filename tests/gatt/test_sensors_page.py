"""The page on sensors, which is made of the table."""

from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    """docs/sensors.md says what the table says; scripts/list-sensors writes it anew."""
    made = subprocess.run(
        [sys.executable, ROOT / "scripts/list-sensors", "--here", "--print"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert made.stdout == (ROOT / "docs/sensors.md").read_text()
