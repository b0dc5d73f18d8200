"""The built files are those that the sources make."""

from pathlib import Path
import shutil
import subprocess

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not shutil.which("node"), reason="node is missing")
def test_it_is_formatted_typed_and_built_from_the_sources() -> None:
    """The command that builds them has nothing to complain of."""
    command = [str(ROOT / "scripts" / "build-frontend"), "check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
