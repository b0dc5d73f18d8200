"""Files that are made to break the verifier or to deceive whoever reads what it says."""

from collections.abc import Callable
import json
from pathlib import Path
import re
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sensorchain.transparency import bundle as bundle_module
from custom_components.sensorchain.transparency.bundle import MAX_LINE
from custom_components.sensorchain.transparency.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
)
from custom_components.sensorchain.verifier.program import main
from custom_components.sensorchain.verifier.words import plain

from .vectors import FOLDER, KEY, bundle, caption, log_of, resigned

SMALL = (FOLDER / "bundles" / "small.json").read_bytes()
CONTROLS = "".join(map(chr, [*range(32), 127, 0x9B, 0x202E, 0x2028, 0x2066, 0xFEFF]))

type Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Say:
    """Return a function that runs the verifier on bytes; it returns the code and the words."""

    def run(data: bytes, *arguments: str) -> tuple[int, str]:
        path = tmp_path / "bundle.json"
        path.write_bytes(data)
        code = main(["--offline", *arguments, str(path)])
        output, errors = capsys.readouterr()
        assert not errors
        return code, output

    return run


def field(data: bytes, name: str, value: str) -> bytes:
    """Return a bundle with other JSON in a line of its head, signed again."""
    line = re.compile(rb'"%b":.*,\n' % name.encode())
    changed = line.sub(lambda _: f'"{name}":{value},\n'.encode(), data, count=1)
    return resigned(changed)


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        b"\n" * 100_000,
        b"[" * 3_000_000,
        b'{"format":"sensorchain-bundle/v1",' + b" " * 3_000_000,
        SMALL[: SMALL.index(b'"caption"')] + b'"caption":' + b"9" * 2 * MAX_LINE,
        SMALL.replace(b'"anchors":[', b'"anchors":{'),
        b"PK\x03\x04",
    ],
    ids=["zeros", "lines", "brackets", "spaces", "number", "object", "zip"],
)
def test_nonsense(say: Say, data: bytes) -> None:
    """It is not genuine, and that is all."""
    code, words = say(data)
    assert code == 1
    assert words.startswith("NOT GENUINE")


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "[]",
        "{}",
        "NaN",
        "1e999",
        "-0",
        "1" * 5000,
        "[" * 200_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '"\\ud800"',
        '"\\u0000"',
        '{"a":1,"a":1}',
        "tru",
        '"' + "x" * 100_000 + '"',
    ],
    ids=lambda value: value[:12],
)
@pytest.mark.parametrize("name", ["caption", "verifier_key", "checkpoint"])
def test_other_values(say: Say, name: str, value: str) -> None:
    """A field that is something else is refused, whatever it is."""
    code, words = say(field(SMALL, name, value))
    assert code == 1
    assert len(words) < 1000


SIGNED = SignedCheckpoint.sign(Checkpoint(KEY.name, 2**60, bytes(32)), KEY)
FALSE: dict[str, tuple[bytes, bytes, str]] = {
    "entities": (
        rb'"entities":\{.*?\}',
        b'"entities":[]',
        "The entities are not an object",
    ),
    "settings": (
        rb'"settings":\{.*?\}',
        b'"settings":[]',
        "Settings and receipt are not objects",
    ),
    "details": (
        rb'"details":\{.*?\}',
        b'"details":[]',
        "The receipt of the anchor of 3 readings is none",
    ),
    "consistency": (
        rb'"consistency":\[.*?\]',
        b'"consistency":null',
        "Not the hashes of a proof",
    ),
    "index": (rb'"index":3,', b'"index":9007199254740992,', "too large"),
    "size": (
        rb'\n"checkpoint":.*,\n',
        b'\n"checkpoint":%b,\n' % json.dumps(SIGNED.note, ensure_ascii=False).encode(),
        "more leaves than can be numbered",
    ),
}


@pytest.mark.parametrize("case", FALSE)
def test_signed_falsehoods(say: Say, case: str) -> None:
    """What the key's owner has signed is refused where it is nothing that can be."""
    pattern, replacement, problem = FALSE[case]
    changed, count = re.subn(pattern, lambda _: replacement, SMALL, count=1)
    assert count
    code, words = say(resigned(changed))
    assert (code, problem in words) == (1, True), words


def test_too_many_anchors(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are kept in memory are refused, as are more bytes."""
    with log_of(12) as log:
        data = bundle(log, None, *[3] * 30)
    assert say(data)[0] == 0
    monkeypatch.setattr(bundle_module, "MAX_HEAD", 10_000)
    assert say(data)[0] == 1
    monkeypatch.undo()
    monkeypatch.setattr(bundle_module, "MAX_CHECKPOINTS", 20)
    assert say(data)[0] == 1


def test_nothing_steers_the_terminal(say: Say) -> None:
    """What a bundle says is printed without control characters, and without disguise."""
    names = {"sensor.none": CONTROLS, CONTROLS: "\x1b[2J\x1b[1;1HGENUINE"}
    with log_of(3) as log:
        data = bundle(log, caption(log=f"\x1b]0;{CONTROLS}", entities=names), 2)
    code, words = say(data)
    assert code == 0
    assert all(each.isprintable() for each in words.split("\n"))
    said = json.loads(say(data, "--json")[1])
    assert said["bundles"][0]["caption"]["entities"] == names


@given(st.text())
def test_plain_text_is_printable(text: str) -> None:
    """Whatever the text, one printable line comes out, and ordinary text is left alone."""
    assert plain(text).isprintable()
    if text.isprintable() and len(text) <= 300:
        assert plain(text) == text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(SMALL)))
def test_the_program_never_fails(tmp_path_factory: Any, data: bytes, at: int) -> None:
    """Whatever is in a file, the exit code is 1 and there is no error but that."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(SMALL[:at] + data)
    if path.read_bytes() != SMALL:
        assert main(["--offline", "--json", str(path)]) == 1


def test_a_file_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nothing can be told of a file that is not there, or is none."""
    for path in (tmp_path / "missing.json", tmp_path):
        assert main(["--offline", str(path)]) == 2
        assert capsys.readouterr().out.startswith(
            f"COULD NOT TELL: {path}\n  It cannot be read"
        )
    genuine = str(FOLDER / "bundles" / "small.json")
    assert main(["--offline", genuine, str(tmp_path)]) == 2
    assert "were not compared" in capsys.readouterr().out
