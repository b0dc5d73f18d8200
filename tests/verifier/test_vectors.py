"""The test vectors: what this version writes, and what the verifier says of them."""

import json
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from custom_components.sensorchain.transparency.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
)
from custom_components.sensorchain.transparency.merkle import (
    leaf_hash,
    verify_consistency,
)
from custom_components.sensorchain.transparency.note import SigningKey, VerifierKey
from custom_components.sensorchain.transparency.proof import InclusionProof
from custom_components.sensorchain.transparency.reading import Leaf
from custom_components.sensorchain.verifier.program import main

from .vectors import FOLDER, files

CODES = {"genuine": 0, "not_genuine": 1, "undecided": 2}
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())


def load(name: str) -> Any:
    """Return a file of vectors."""
    return json.loads((FOLDER / name).read_text())


def names(cases: list[dict[str, Any]]) -> list[str]:
    """Return a name for each case of the manifest."""
    return [
        " and ".join(Path(each).stem for each in case.get("files", [case.get("file")]))
        for case in cases
    ]


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Return the exit code and the JSON of a run offline."""
    code = main(["--offline", "--json", *arguments])
    output, errors = capsys.readouterr()
    assert not errors
    return code, json.loads(output)


def test_they_are_what_this_version_writes() -> None:
    """Nothing is missing, nothing is left over, and no byte differs."""
    written = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*.json")
    }
    made = files()
    assert written.keys() == made.keys()
    assert [name for name in made if made[name] != written[name]] == []


@pytest.mark.parametrize("case", MANIFEST["bundles"], ids=names(MANIFEST["bundles"]))
def test_bundles(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Each is judged as the manifest says."""
    code, said = verify(capsys, str(FOLDER / case["file"]))
    [bundle] = said["bundles"]
    assert bundle["outcome"] == said["outcome"] == case["outcome"], bundle["reasons"]
    assert code == said["exit_code"] == CODES[case["outcome"]]
    for field in ("readings", "missing"):
        if field in case:
            assert bundle[field] == case[field]


@pytest.mark.parametrize("case", MANIFEST["pairs"], ids=names(MANIFEST["pairs"]))
def test_pairs(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Two together are judged as the manifest says."""
    code, said = verify(capsys, *(str(FOLDER / each) for each in case["files"]))
    assert said["outcome"] == case["outcome"], said["comparison"]
    assert code == CODES[case["outcome"]]


def test_the_example_in_the_documentation() -> None:
    """What docs/formats.md shows is the smallest bundle."""
    smallest = (FOLDER / "bundles" / "smallest.json").read_text()
    formats = FOLDER.parents[1] / "docs" / "formats.md"
    assert indent(smallest, "    ") in formats.read_text()


def test_leaves() -> None:
    """A leaf has the bytes and the hash of its vector, both ways."""
    for case in load("leaves.json"):
        data = case["bytes"].encode()
        assert Leaf.from_json(case["leaf"]).to_bytes() == data
        assert Leaf.from_bytes(data).to_json() == case["leaf"]
        assert leaf_hash(data).hex() == case["hash"]


def test_checkpoints() -> None:
    """A seed signs the notes of the vectors, and the verifier key opens them."""
    for case in load("checkpoints.json"):
        key = VerifierKey.parse(case["verifier_key"])
        signing_key = SigningKey.from_seed(key.name, bytes.fromhex(case["seed"]))
        assert signing_key.verifier == key
        root = bytes.fromhex(case["root"])
        checkpoint = Checkpoint(key.name, case["size"], root)
        assert SignedCheckpoint.open(case["note"], key).checkpoint == checkpoint
        assert SignedCheckpoint.sign(checkpoint, signing_key).note == case["note"]


def test_proofs() -> None:
    """The proofs lead from the leaves and old roots to the roots."""
    key = VerifierKey.parse(MANIFEST["verifier_key"])
    proofs = load("proofs.json")
    for case in proofs["inclusion"]:
        proof = InclusionProof.parse(case["text"])
        signed = proof.verify(case["leaf"].encode(), key)
        assert proof.index == case["index"]
        assert signed.checkpoint.size == case["size"]
        assert signed.checkpoint.root.hex() == case["root"]
    for case in proofs["consistency"]:
        verify_consistency(
            case["old"],
            case["new"],
            bytes.fromhex(case["old_root"]),
            bytes.fromhex(case["new_root"]),
            [bytes.fromhex(each) for each in case["proof"]],
        )
