"""What runs on this machine."""

from pathlib import Path


def is_running(number: int) -> bool:
    """Return whether a process runs; one that ended and was not yet waited for does not."""
    try:
        # proc_pid_stat(5): number, (name), state
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def command_lines_with(text: str) -> list[str]:
    """Return the command lines of processes that have a text in them."""
    return [
        line
        for line in map(_command_line, Path("/proc").glob("[0-9]*"))
        if text in line
    ]


def _command_line(process: Path) -> str:
    """Return a process's command line, nothing when it has just ended."""
    try:
        return (process / "cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
