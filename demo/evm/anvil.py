"""The command that runs anvil."""

from collections.abc import Sequence
from pathlib import Path
import subprocess

CHAIN_ID = 31337
"""anvil's own; no public chain has it."""

RICH_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
"""The key of the first account that anvil gives money to: known to everybody, so worth nothing."""

ROOT = Path(__file__).parents[2]


class NoAnvilError(Exception):
    """anvil cannot be had on this machine; `str()` tells why."""


def find() -> Path:
    """Return where the program is; sets it up if need be. Raises NoAnvilError."""
    try:
        done = subprocess.run(
            [ROOT / "scripts" / "setup", "anvil"],
            check=True,
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise NoAnvilError(error.stderr.strip()[-500:]) from error
    folder = Path(done.stdout.strip(), "node_modules", "@foundry-rs")
    for program in folder.glob("anvil-*/bin/anvil*"):
        return program
    raise NoAnvilError(f"There is no anvil for this machine in {folder}")


def command(
    program: Path,
    port: int,
    *,
    chain_id: int = CHAIN_ID,
    block_time: int | None = None,
    state: Path | None = None,
) -> Sequence[str | Path]:
    """Return the command that runs it; without a block time blocks come on command only.

    Two blocks on top make a block final. What is in `state` is gone on with, and written
    there at the end.
    """
    options: list[str | Path] = [
        *("--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)),
        *("--slots-in-an-epoch", "1"),
    ]
    options += ["--block-time", str(block_time)] if block_time else ["--no-mining"]
    if state:
        options += ["--state", state]
    return [program, *options]
