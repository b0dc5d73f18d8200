"""The frontend's verification, to be asked from Python."""

from collections.abc import Callable, Iterator
import json
from pathlib import Path
import shutil
import subprocess
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

type Ask = Callable[..., Any]
"""Asks a question; returns {"is": answer}, or {"error": code}."""


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the verification alone."""
    if not shutil.which("node"):
        pytest.skip("node is missing")
    folder = tmp_path_factory.mktemp("core")
    build = [str(ROOT / "scripts" / "build-frontend"), "core", str(folder)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    return folder / "core.mjs"


@pytest.fixture(scope="session", params=["webcrypto", "plain"])
def ask(core: Path, request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Run the verification, once with WebCrypto and once without, and ask it things."""
    program = str(Path(__file__).with_name("core.mjs"))
    with subprocess.Popen(
        ["node", program, str(core), request.param],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout
        stdin, stdout = process.stdin, process.stdout

        def asked(question: str, **fields: Any) -> Any:
            stdin.write(json.dumps({"ask": question, **fields}) + "\n")
            stdin.flush()
            return json.loads(stdout.readline())

        yield asked
        stdin.close()
