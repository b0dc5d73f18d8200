"""Python's and TypeScript's verification say the same of everything, down to the line."""

from collections.abc import Callable, Iterator, Sequence
import hashlib
import json
from pathlib import Path
from random import Random
import re
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.evm.chains import CHAINS
from custom_components.sensorchain.ledgers.iota.networks import NETWORKS
from custom_components.sensorchain.ledgers.opentimestamps.bitcoin import BITCOIN
from custom_components.sensorchain.transparency.bundle import _value
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.errors import (
    InvalidError,
    MalformedError,
)
from custom_components.sensorchain.transparency.note import VerifierKey
from custom_components.sensorchain.transparency.reading import Leaf
from custom_components.sensorchain.verifier.anchors import unchecked
from custom_components.sensorchain.verifier.examination import examine
from custom_components.sensorchain.verifier.machine import to_json
from custom_components.sensorchain.verifier.verdict import decide, judge
from tests.transparency.test_ed25519 import VECTORS, torsion
from tests.verifier.vectors import FOLDER, KEY, OTHER_KEY, resigned

from .conftest import ROOT, Ask

MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
TAMPERINGS = 30
"""Of each sort and bundle; each is seen by both verifiers."""

TEXTS = {"file", "reasons", "contradictions"}
"""Sentences for people, which are in one language here and in five there."""

ONLINE = {"problem", "asked", "asked_at_own_choice", "existed_before", "noted"}
"""What is known only once a ledger was asked, in anchors and periods."""


def said_in_python(files: Sequence[Path], key: str | None = None) -> Any:
    """Return what the verifier says of files, offline, without its sentences."""
    examinations, comparison = examine([str(each) for each in files], lambda _: None)
    verdicts = [
        decide(
            each,
            unchecked(each.findings.anchors, each.receipts) if each.findings else (),
            key,
            is_offline=True,
        )
        for each in examinations
    ]
    judgement = judge(verdicts, comparison, is_offline=True, is_key_demanded=False)
    said = to_json(judgement)
    return {
        "outcome": said["outcome"],
        "bundles": [_comparable(each) for each in said["bundles"]],
        "comparison": said["comparison"] and _without(said["comparison"], TEXTS),
    }


def _comparable(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a bundle in words that both know."""
    told = _without(bundle, TEXTS)
    for name, gone in (
        ("anchors", ONLINE - {"noted", "existed_before"}),
        ("periods", ONLINE),
    ):
        if name in told:
            told[name] = [_without(each, gone) for each in told[name]]
    return told


def _without(value: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return an object without some of its fields."""
    return {name: value[name] for name in value if name not in names}


def agreed(ask: Ask, *files: Path, **options: Any) -> Any:
    """Return what is said of files, once both have said the same."""
    ours = said_in_python(files, **options)
    theirs = ask("bundles", files=[str(each) for each in files], **options)
    assert theirs == {"is": ours}
    return ours


@pytest.mark.parametrize(
    "case", MANIFEST["bundles"], ids=lambda case: Path(case["file"]).stem
)
def test_bundles(ask: Ask, case: dict[str, Any]) -> None:
    """Both judge each bundle of the vectors as the manifest says."""
    said = agreed(ask, FOLDER / case["file"])
    assert said["outcome"] == case["outcome"]


@pytest.mark.parametrize(
    "case", MANIFEST["pairs"], ids=lambda case: case["description"]
)
def test_pairs(ask: Ask, case: dict[str, Any]) -> None:
    """Both judge two bundles together as the manifest says."""
    said = agreed(ask, *(FOLDER / each for each in case["files"]))
    assert said["outcome"] == case["outcome"]


def test_a_demanded_key(ask: Ask) -> None:
    """Both want the key that is demanded."""
    small = FOLDER / "bundles" / "small.json"
    assert agreed(ask, small, key=str(KEY.verifier))["outcome"] == "genuine"
    assert agreed(ask, small, key=str(OTHER_KEY.verifier))["outcome"] == "not_genuine"


# Tampering, always with the same random numbers


def flip(data: bytes, random: Random) -> bytes:
    """Change a byte."""
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ random.randint(1, 255)]) + data[at + 1 :]


def retype(data: bytes, random: Random) -> bytes:
    """Put another character of the same sort in the place of one."""
    at = random.randrange(len(data))
    sorts = (
        b"0123456789",
        b"abcdef",
        b"ghijklmnopqrstuvwxyz",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        b'{}[],:"\\',
    )
    sort = next((each for each in sorts if data[at] in each), b" \n\0\x7f\xff")
    return data[:at] + bytes([random.choice(sort)]) + data[at + 1 :]


def splice(data: bytes, random: Random) -> bytes:
    """Put a piece of it in the place of another."""
    at, source = random.randrange(len(data)), random.randrange(len(data))
    piece = data[source : source + random.randrange(60)]
    return data[:at] + piece + data[at + random.randrange(60) :]


def shuffle(data: bytes, random: Random) -> bytes:
    """Exchange two lines, or leave one out, or have it twice."""
    lines = data.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    pieces = {
        0: [*lines[:one], *lines[one + 1 :]],
        1: [*lines[:one], lines[one], *lines[one:]],
        2: [
            lines[other] if n == one else lines[one] if n == other else line
            for n, line in enumerate(lines)
        ],
    }
    return b"".join(pieces[random.randrange(3)])


VALUES = (
    b"null", b"true", b"0", b"-1", b"-0", b"1.0", b"1e3", b"9007199254740991", b"9007199254740992",
    b'""', b'"\\u0000"', b'"\\ud800"', b'"\xf0\x9f\x90\x9d"', b'"\xed\xa0\x80"', b"[]", b"{}", b'{"__proto__":1}', b'{"1":0,"02":0}',
    b'{"10":0,"9":0}', b'{"\xef\xbf\xbf":0,"\xf0\x9f\x90\x9d":0}', b'{"\xf0\x9f\x90\x9d":0,"\xef\xbf\xbf":0}',
    b'"2026-11-22T24:00:00.000000Z"', b'"2024-02-29T00:00:00.000000Z"', b'"2025-02-29T00:00:00.000000Z"',
    b'"0000-01-01T00:00:00.000000Z"', b'"0001-01-01T00:00:00.000000Z"', b'"2026-11-22T10:03:30.000000+00:00"',
    b'"2026-11-22T10:03:30.100000+00:00"', b'"2026-11-22T10:03:30Z"', b'"2026-11-22T10:03:30+01:00"',
    b'"20261122T100330+00:00"', b'"2026-W47-7T10:03:30+00:00"', b'"lost"', b'"submitted"', b'"confirmed "',
)  # fmt: skip


def replace_value(data: bytes, random: Random) -> bytes:
    """Put another JSON value in the place of one."""
    starts = [
        at
        for at in range(len(data) - 1)
        if data[at : at + 1] == b":" and data[at - 1 : at] == b'"'
    ]
    start = random.choice(starts) + 1
    stop = start + 1
    if data[start : start + 1] == b'"':
        while data[stop : stop + 1] != b'"':
            stop += 2 if data[stop : stop + 1] == b"\\" else 1
        stop += 1
    else:
        while stop < len(data) and data[stop : stop + 1] not in b",}]\n":
            stop += 1
    return data[:start] + random.choice(VALUES) + data[stop:]


def tampered(
    change: Callable[[bytes, Random], bytes], *, again: bool
) -> Iterator[bytes]:
    """Yield changed bundles; the log's key has signed them again if they still have a signature."""
    for name in ("smallest", "small", "partial", "later-with-earlier"):
        data = (FOLDER / "bundles" / f"{name}.json").read_bytes()
        random = Random(f"{change.__name__} {name} {again}")
        for _ in range(TAMPERINGS):
            changed = change(data, random)
            yield resigned(changed) if again and b'"signature":' in changed else changed


@pytest.mark.parametrize("again", [False, True], ids=["as it is", "signed again"])
@pytest.mark.parametrize(
    "change",
    [flip, retype, splice, shuffle, replace_value],
    ids=lambda each: each.__name__,
)
def test_tampered(
    ask: Ask, tmp_path: Path, change: Callable[[bytes, Random], bytes], again: bool
) -> None:
    """Whatever is changed, both say the same of it, and name the same line."""
    outcomes = set()
    for number, data in enumerate(tampered(change, again=again)):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        outcomes.add(agreed(ask, path)["outcome"])
    assert "not_genuine" in outcomes


@pytest.mark.parametrize(
    "names",
    [("small", "later"), ("small", "fork"), ("partial", "later-without-anchors")],
)
def test_tampered_pairs(ask: Ask, tmp_path: Path, names: tuple[str, str]) -> None:
    """So it is with one that was changed against one that was not."""
    one, other = ((FOLDER / "bundles" / f"{name}.json").read_bytes() for name in names)
    random = Random(" ".join(names))
    paths = tmp_path / "one.json", tmp_path / "other.json"
    paths[1].write_bytes(other)
    for _ in range(TAMPERINGS):
        body, signature = one[: one.rindex(b'"signature":')], b'"signature":'
        paths[0].write_bytes(resigned(shuffle(body, random) + signature))
        agreed(ask, *paths)


def test_every_byte_of_the_smallest_bundle(ask: Ask, tmp_path: Path) -> None:
    """No byte can be changed, and both find the same line."""
    data = (FOLDER / "bundles" / "smallest.json").read_bytes()
    path = tmp_path / "bundle.json"
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        assert agreed(ask, path)["outcome"] != "genuine"


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T24:00:00+00:00",
        "2026-11-22T10:03:30Z",
        "2026-11-22T10:03:30.000000+00:00",
        "2026-11-22T11:03:30+01:00",
        "2026-W47-7T10:03:30+00:00",
        "2026-11-22T10:03:30",
        "2026-11-22",
    ],
)
def test_a_time_in_another_spelling(ask: Ask, tmp_path: Path, value: str) -> None:
    """Times in receipts and captions have one spelling, on every Python and in every browser."""
    data = (FOLDER / "bundles" / "small.json").read_bytes()
    times = {
        b"2026-11-22T10:03:30+00:00": value.encode(),
        b"2026-11-22T12:00:00.000000Z": value.replace("+00:00", ".000000Z").encode(),
    }
    for number, (ours, other) in enumerate(times.items()):
        assert ours in data
        path = tmp_path / f"{number}.json"
        path.write_bytes(resigned(data.replace(ours, other, 1)))
        said = agreed(ask, path)
        assert said["outcome"] == "not_genuine"
        assert said["bundles"][0]["codes"] == ["malformed"]


# The parts


def test_hashes(ask: Ask) -> None:
    """SHA-256 and SHA-512 are those of the library, at every length around a block's end."""
    random = Random(2)
    for length in [*range(140), 1000, 100_000]:
        data = random.randbytes(length)
        expected = [hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest()]
        assert ask("sha", data=data.hex()) == {"is": expected}
    for _ in range(50):
        pieces = [
            random.randbytes(random.randrange(200)) for _ in range(random.randrange(9))
        ]
        expected_hash = hashlib.sha256(b"".join(pieces)).hexdigest()
        assert ask("pieces", pieces=[each.hex() for each in pieces]) == {
            "is": expected_hash
        }


def test_signatures(ask: Ask) -> None:
    """The vectors of RFC 8032 are signatures, and with any bit changed they are none."""
    random = Random(3)
    for key, message, signature in VECTORS:
        assert ask("signature", key=key, message=message, signature=signature) == {
            "is": [True, True]
        }
        fields = {"key": key, "message": message + "00", "signature": signature}
        assert ask("signature", **fields) == {"is": [False, False]}
        for name in ("key", "signature"):
            changed = bytearray.fromhex(fields[name])
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
            assert ask(
                "signature", **{**fields, "message": message, name: changed.hex()}
            ) == {"is": [False, False]}


def test_points_of_small_order(ask: Ask) -> None:
    """In plain TypeScript they are taken for what plain Python takes them for."""
    from custom_components.sensorchain.transparency.ed25519 import is_signature

    for key in torsion():
        for commitment in torsion():
            signature = commitment + bytes(32)
            fields = {"key": key.hex(), "message": "", "signature": signature.hex()}
            assert ask("signature", **fields)["is"][0] is is_signature(
                key, b"", signature
            )


def test_parts_of_the_vectors(ask: Ask) -> None:
    """Leaves, checkpoints and proofs are read as the vectors say."""
    key = MANIFEST["verifier_key"]
    for case in _load("leaves.json"):
        answer = ask("leaf", data=case["bytes"].encode().hex())
        assert answer == {"is": {"leaf": case["leaf"], "hash": case["hash"]}}
    for case in _load("checkpoints.json"):
        assert ask("open", note=case["note"], key=key) == {"is": case["size"]}
    proofs = _load("proofs.json")
    for case in proofs["inclusion"]:
        answer = ask("reading", leaf=case["leaf"], proof=case["text"], key=key)["is"]
        assert answer["ok"]
        assert [step["name"] for step in answer["steps"]] == [
            "leaf",
            "key",
            "signature",
            "inclusion",
        ]
    for case in proofs["consistency"]:
        assert ask("consistency", **case) == {"is": None}
        wrong = {**case, "new_root": case["new_root"][::-1]}
        assert ask("consistency", **wrong) == (
            {"is": None} if not case["old"] else {"error": "proof"}
        )


def test_a_reading_step_by_step(ask: Ask) -> None:
    """The steps end with the first that fails."""
    key = MANIFEST["verifier_key"]
    one, other = _load("proofs.json")["inclusion"][1:3]
    cases = [
        ({"leaf": one["leaf"][:-1]}, "leaf"),
        ({"key": key[:-1]}, "key"),
        ({"proof": one["text"] + "\n"}, "signature"),
        ({"proof": "nothing"}, "signature"),
        ({"key": str(OTHER_KEY.verifier)}, "signature"),
        ({"leaf": other["leaf"]}, "inclusion"),
    ]
    for change, failing in cases:
        given = {"leaf": one["leaf"], "proof": one["text"], "key": key} | change
        answer = ask("reading", **given)["is"]
        *before, last = answer["steps"]
        assert not answer["ok"]
        assert (last["name"], last["ok"]) == (failing, False)
        assert all(step["ok"] for step in before)


def test_canonical_json(ask: Ask) -> None:
    """Both take the same texts for canonical JSON."""
    random = Random(4)
    for value in [
        *VALUES,
        *(retype(random.choice(VALUES), random) for _ in range(300)),
    ]:
        answer = ask("canonical", data=value.hex())
        try:
            _value(value)
        except MalformedError:
            assert answer == {"error": "malformed"}
        else:
            assert answer == {"is": value.decode()}


def test_trial_networks(ask: Ask) -> None:
    """Both take the same networks for trials."""
    chains = [*CHAINS.values()]
    ids = [each.chain_id for each in chains]
    genesis = BITCOIN.genesis
    iota = [each.chain for each in NETWORKS.values()]
    for kind, setting, values in (
        ("evm", "chain_id", [*range(200), *ids, 42161, 31337, 2**53 - 1, True, "1"]),
        ("opentimestamps", "network", [genesis, genesis[::-1], 1]),
        ("iota", "chain", [*iota, "00000000", "", 1, []]),
        ("tangle", "nodes", [[]]),
        ("none", "nodes", [[]]),
    ):
        for given in ({setting: value} for value in [*values, None]):
            ours = _is_trial(kind, given)
            assert ask("trial", kind=kind, settings=given) == {"is": ours}, given
        assert ask("trial", kind=kind, settings={}) == {"is": _is_trial(kind, {})}
    assert [each.key for each in chains if not _is_trial("evm", {"chain_id": each.chain_id})] == [
        "base", "gnosis", "polygon", "iota_evm", "ethereum",
    ]  # fmt: skip


def test_networks_of_iota() -> None:
    """The page looks for the packages where the Python program does."""
    source = (ROOT / "frontend" / "src" / "page" / "ledgers" / "iota.ts").read_text()
    rows = re.findall(
        r"'(\w{8})',\s*\{\s*trails: '(\w{64})',\s*trails_origin: '(\w{64})',"
        r"\s*notarization: '(\w{64})'",
        source,
    )
    known = [(each.chain, each.packages) for each in NETWORKS.values()]
    assert rows == [
        (
            chain,
            *(at.hex() for at in (the.trails, the.trails_origin, the.notarization)),
        )
        for chain, the in known
    ]


def _is_trial(kind: str, settings: dict[str, Any]) -> bool:
    """Whether settings are of a trial network."""
    return kind in CATALOG and CATALOG[kind].is_trial(settings)


def test_notes(ask: Ask) -> None:
    """Both refuse the same notes, for the same reason."""
    random = Random(5)
    key = MANIFEST["verifier_key"]
    for case in _load("checkpoints.json"):
        for change in (flip, retype, splice):
            for _ in range(8):
                note = change(case["note"].encode(), random).decode(errors="replace")
                assert ask("open", note=note, key=key) == _opened(note, key)
        changed = retype(key.encode(), random).decode(errors="replace")
        assert ask("open", note=case["note"], key=changed) == _opened(
            case["note"], changed
        )


def _opened(note: str, key: str) -> dict[str, Any]:
    """Return the size in a checkpoint, or the code of what is wrong with it."""
    try:
        return {
            "is": SignedCheckpoint.open(note, VerifierKey.parse(key)).checkpoint.size
        }
    except InvalidError as error:
        return {"error": error.code}


def test_leaves(ask: Ask) -> None:
    """Both refuse the same leaves."""
    random = Random(6)
    for case in _load("leaves.json"):
        for change in (flip, retype, splice, replace_value):
            for _ in range(12):
                data = change(case["bytes"].encode(), random)
                answer = ask("leaf", data=data.hex())
                try:
                    leaf = Leaf.from_bytes(data)
                except MalformedError:
                    assert answer == {"error": "malformed"}
                else:
                    assert answer["is"]["leaf"] == leaf.to_json()


def _load(name: str) -> Any:
    """Return a file of vectors."""
    return json.loads((FOLDER / name).read_text())
