"""The test vectors in tests/vectors: `python -m tests.verifier.vectors` writes them anew.

They are made from nothing but what is in this file, so that the same bytes come out every
time; a test compares them. tests/vectors/README.md says what they are for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_128
from io import BytesIO
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from custom_components.standalone import leave_out_home_assistant

leave_out_home_assistant()

from custom_components.sensorchain.transparency import log as log_module  # noqa: E402
from custom_components.sensorchain.transparency.bundle import (  # noqa: E402
    AnchorRecord,
    Caption,
    write_bundle,
    write_readings,
)
from custom_components.sensorchain.transparency.database import open_database  # noqa: E402
from custom_components.sensorchain.transparency.jcs import canonical_json  # noqa: E402
from custom_components.sensorchain.transparency.log import Log  # noqa: E402
from custom_components.sensorchain.transparency.merkle import leaf_hash  # noqa: E402
from custom_components.sensorchain.transparency.note import (  # noqa: E402
    SigningKey,
    encode_base64,
    sign_note,
)
from custom_components.sensorchain.transparency.reading import SALT_SIZE, Reading  # noqa: E402

FOLDER = Path(__file__).parents[1] / "vectors"
KEY = SigningKey.from_seed(
    "sensorchain/000102030405060708090a0b0c0d0e0f", bytes(range(32))
)
OTHER_KEY = SigningKey.from_seed(
    "sensorchain/f0e0d0c0b0a090807060504030201000", bytes(range(32, 64))
)
START = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
CREATED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FRIDGE, DOOR = "sensor.fridge_temperature", "binary_sensor.fridge_door"
SMALL, LATER, LARGE = 12, 20, 1200

_FORMAT = "sensorchain-bundle/v1"


def readings(count: int, seed: int = 0) -> list[tuple[Reading, bool]]:
    """Return what a fridge and its door say, one reading a minute."""
    return [(_reading(number, seed), False) for number in range(count)]


def _reading(number: int, seed: int) -> Reading:
    """Return a reading: every fourth is of the door, every eleventh fell silent."""
    time = START + timedelta(minutes=number, microseconds=number)
    if number % 4 == 3:
        return Reading(DOOR, "on" if number % 8 == 3 else "off", None, time)
    state = f"{4 + (number * 7 + seed) % 13 / 10:.1f}"
    return Reading(
        FRIDGE, state if number % 11 else "unavailable", "\N{DEGREE SIGN}C", time
    )


@contextmanager
def log_of(count: int, key: SigningKey = KEY, seed: int = 0) -> Iterator[Log]:
    """Have a log with salts that are the same every time."""
    salts = BytesIO(shake_128(f"salts {seed}".encode()).digest(SALT_SIZE * count))
    with (
        TemporaryDirectory() as folder,
        patch.object(log_module, "token_bytes", salts.read),
    ):
        connection = open_database(Path(folder, "log.db"))
        try:
            log = Log(connection, key)
            log.append(readings(count, seed))
            yield log
        finally:
            connection.close()


def anchor(log: Log, size: int) -> AnchorRecord:
    """Return an anchor as it would be on a Tangle on this machine."""
    transaction = "".join(chr(ord("A") + (size * 3 + each) % 26) for each in range(81))
    return AnchorRecord(
        note=log.checkpoint(size).note,
        kind="tangle",
        name="Private Tangle",
        settings={"nodes": ["http://127.0.0.1:14265"], "minimum_weight_magnitude": 9},
        receipt={
            "status": "confirmed",
            "transaction": transaction,
            "confirmed_at": f"2026-11-22T10:{size % 60:02}:30+00:00",
            "place": f"milestone {size}",
            "details": {"attached_at": 1795341600000 + size},
        },
    )


def caption(**changes: Any) -> Caption:
    """Return a caption; its names need escapes and more than ASCII."""
    names = {
        FRIDGE: 'The "K\N{LATIN SMALL LETTER U WITH DIAERESIS}hlschrank"',
        DOOR: "",
    }
    fields = {"log": "Evidence \N{SNOWFLAKE}", "created": CREATED, "entities": names}
    return Caption(**fields | changes)


def bundle(log: Log, said: Caption | None = None, *sizes: int, **options: Any) -> bytes:
    """Return a bundle of a log with anchors of these sizes."""
    file = BytesIO()
    anchors = [anchor(log, size) for size in sizes]
    for _ in write_bundle(file, log, said or caption(), anchors, **options):
        pass
    return file.getvalue()


def bundle_without(log: Log, said: Caption, *left_out: int) -> bytes:
    """Return a bundle in which the log's owner has left readings out."""
    kept = [each for each in log.readings() if each.index not in left_out]
    file = BytesIO()
    for _ in write_readings(file, log, said, [anchor(log, 8)], kept, len(kept)):
        pass
    return file.getvalue()


def resigned(data: bytes, key: SigningKey = KEY) -> bytes:
    """Return a bundle signed again, after it was changed."""
    body = data[: data.rindex(b'"signature":')]
    digest = encode_base64(sha256(body).digest())
    note = sign_note(f"{_FORMAT}\n{digest}\n", key)
    return body + b'"signature":' + canonical_json(note) + b"}\n"


def genuine() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Return the genuine bundles by name, with what is said of each."""
    vectors = {}
    with log_of(1) as log:
        vectors["smallest"] = (
            bundle(log, caption(entities={FRIDGE: ""})),
            _told("One reading in a log of one, without anchors", 1),
        )
    with log_of(SMALL) as log:
        vectors["small"] = (
            bundle(log, None, 3, 8),
            _told("Two entities, two anchors", SMALL),
        )
        vectors["without-readings"] = (
            bundle(log, caption(entities={"sensor.none": "None"})),
            _told("The log has nothing of what was asked for", 0),
        )
        vectors["ten-minutes"] = (
            bundle(
                log,
                caption(start=START, stop=START + timedelta(minutes=10)),
                8,
                size=11,
            ),
            _told("A range of time, of a former size of the log", 10),
        )
        vectors["partial"] = (
            bundle_without(log, caption(is_partial=True), 4, 5, 7),
            _told("Readings were left out, and it says so", SMALL - 3, missing=3),
        )
    with log_of(LATER) as log:
        vectors["later"] = (
            bundle(log, None, 3, 8, 15),
            _told("The log of `small`, grown; they share anchors", LATER),
        )
        vectors["later-with-earlier"] = (
            bundle(log, None, 15, earlier=[SMALL]),
            _told("As `later`; it proves the checkpoint of `small`", LATER),
        )
        vectors["later-without-anchors"] = (
            bundle(log, caption(start=START + timedelta(minutes=9))),
            _told(
                "As `later`; nothing in it is shared with `small` but 3 readings", 11
            ),
        )
    with log_of(LATER, seed=1) as log:
        vectors["fork"] = (
            bundle(log, None, 3, 8),
            _told("Another history signed with the key of `small`", LATER),
        )
        vectors["fork-without-anchors"] = (
            bundle(log, caption(stop=START + timedelta(minutes=5))),
            _told("As `fork`; only its readings can show it", 5),
        )
    with log_of(SMALL, OTHER_KEY) as log:
        vectors["other-log"] = (
            bundle(log, None, 3, 8),
            _told("A log of another key", SMALL),
        )
    with log_of(LARGE) as log:
        vectors["large"] = (
            bundle(log, None, *range(100, LARGE + 1, 100)),
            _told("Many readings and anchors", LARGE),
        )
    return vectors


def _told(description: str, count: int, **more: Any) -> dict[str, Any]:
    """Return what is said of a genuine bundle."""
    return {
        "description": description,
        "outcome": "genuine",
        "readings": count,
        "missing": 0,
    } | more


type Change = Callable[[bytes], bytes]


def _replaced(old: bytes, new: bytes) -> Change:
    """Return the change of one place, which must be there once or comes first."""

    def change(data: bytes) -> bytes:
        assert old in data, old
        return data.replace(old, new, 1)

    return change


def _lines(change: Callable[[list[bytes]], None]) -> Change:
    """Return a change of the list of lines."""

    def changed(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        change(lines)
        return b"".join(lines)

    return changed


def _first_reading(lines: list[bytes]) -> int:
    """Return the number of the line with the first reading."""
    return lines.index(b'"readings":[\n') + 1


def _swap_readings(lines: list[bytes]) -> None:
    """Have two readings in the wrong order."""
    at = _first_reading(lines)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]


def _swap_proofs(lines: list[bytes]) -> None:
    """Give two readings each other's proofs."""
    at = _first_reading(lines)
    (one, _, first), (two, _, second) = (
        lines[number].rpartition(b',"proof":') for number in (at, at + 1)
    )
    lines[at : at + 2] = [
        one + b',"proof":' + second,
        two + b',"proof":' + first,
    ]


def _remove_reading(lines: list[bytes]) -> None:
    """Leave a reading out."""
    del lines[_first_reading(lines) + 4]


def _repeat_reading(lines: list[bytes]) -> None:
    """Have a reading twice."""
    at = _first_reading(lines)
    lines.insert(at, lines[at])


def _swap_anchors(lines: list[bytes]) -> None:
    """Have two anchors in the wrong order."""
    at = lines.index(b'"anchors":[\n') + 1
    lines[at], lines[at + 1] = (
        lines[at + 1].rstrip(b"\n") + b",\n",
        lines[at].replace(b"},\n", b"}\n"),
    )


def _deep(lines: list[bytes]) -> None:
    """Nest a caption twenty thousand times."""
    lines[1] = b'"caption":' + b"[" * 20_000 + b"]" * 20_000 + b",\n"


def _loose_base64(data: bytes) -> bytes:
    """Change the unused bits in the last digit of a proof's hash."""
    at = data.index(b'="]}')
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = digits[digits.index(data[at - 1]) + 1]
    return data[: at - 1] + bytes([other]) + data[at:]


def _without_receipt(data: bytes) -> bytes:
    """Empty a receipt."""
    start = data.index(b'"receipt":{') + len(b'"receipt":')
    return data[:start] + b"{}}" + data[data.index(b",\n", start) :]


TAMPERED: dict[str, tuple[str, Change]] = {
    "value": ("A state was changed", _replaced(b'"state":"4.7"', b'"state":"4.6"')),
    "time": ("A time was changed", _replaced(b"T10:01:00.", b"T10:01:01.")),
    "unit": ("A unit was changed", _replaced("°C".encode(), "°F".encode())),
    "sequence": (
        "A sequence number was changed",
        _replaced(b'"sequence":1,', b'"sequence":2,'),
    ),
    "index": ("An index was changed", _replaced(b'{"index":3,', b'{"index":4,')),
    "order": ("Two readings were exchanged", _lines(_swap_readings)),
    "proofs": ("Two readings have each other's proofs", _lines(_swap_proofs)),
    "removed": ("A reading was removed", _lines(_remove_reading)),
    "repeated": ("A reading is there twice", _lines(_repeat_reading)),
    "caption": ("The name of the log was changed", _replaced(b"Evidence", b"evidence")),
    "claim": (
        "It was made to say that it is partial",
        _replaced(b'"partial":false', b'"partial":true'),
    ),
    "receipt": (
        "The time in a receipt was changed",
        _replaced(b"T10:03:30+", b"T09:03:30+"),
    ),
    "node": ("The node to ask was changed", _replaced(b"127.0.0.1", b"127.0.0.2")),
    "anchors": ("Two anchors were exchanged", _lines(_swap_anchors)),
    "size": (
        "The size in the checkpoint was changed",
        _replaced(b"\\n12\\n", b"\\n13\\n"),
    ),
    "origin": ("The name of the key was changed", _replaced(b"/0001", b"/0002")),
    "cut-off": ("The end is missing", lambda data: data[:-40]),
    "without-signature": (
        "The last line is missing",
        _lines(lambda lines: lines.pop() and None),
    ),
    "longer": ("Something follows the end", lambda data: data + b"\n"),
    "crlf": (
        "The ends of the lines are those of Windows",
        lambda data: data.replace(b"\n", b"\r\n"),
    ),
    "byte-order-mark": (
        "It begins with a byte order mark",
        lambda data: b"\xef\xbb\xbf" + data,
    ),
    "no-utf-8": ("It is no UTF-8", _replaced(b"Evidence", b"Evid\xffnce")),
    "empty": ("It is empty", lambda _: b""),
}
"""Changes of `small` by somebody who has not its key."""

RESIGNED: dict[str, tuple[str, Change]] = {
    "resigned-value": TAMPERED["value"],
    "resigned-proofs": TAMPERED["proofs"],
    "resigned-order": TAMPERED["order"],
    "resigned-index": TAMPERED["index"],
    "resigned-repeated": TAMPERED["repeated"],
    "resigned-removed": (
        "A reading was left out, and it does not say so",
        TAMPERED["removed"][1],
    ),
    "resigned-unnamed": (
        "The caption does not name an entity",
        _replaced(b'"binary_sensor.fridge_door":"",', b""),
    ),
    "space": (
        "A space that canonical JSON has not",
        _replaced(b'"partial":false', b'"partial": false'),
    ),
    "duplicate-key": (
        "A key is there twice",
        _replaced(b'"partial":false', b'"partial":false,"partial":false'),
    ),
    "escape": (
        "A letter is escaped that needs it not",
        _replaced(b"Evidence", b"\\u0045vidence"),
    ),
    "nan": ("Not a number", _replaced(b'"partial":false', b'"partial":NaN')),
    "fraction": (
        "A number with a fraction",
        _replaced(b'"minimum_weight_magnitude":9', b'"minimum_weight_magnitude":9.0'),
    ),
    "huge-number": (
        "A number of ten thousand digits",
        _replaced(
            b'"minimum_weight_magnitude":9',
            b'"minimum_weight_magnitude":' + b"9" * 10_000,
        ),
    ),
    "deep": ("Nested twenty thousand times", _lines(_deep)),
    "too-deep": (
        "Nested once more than may be",
        _replaced(
            b'"minimum_weight_magnitude":9',
            b'"minimum_weight_magnitude":' + b"[" * 30 + b"]" * 30,
        ),
    ),
    "surrogate": ("Half of a surrogate pair", _replaced(b"Evidence", b"\\ud800")),
    "base64": (
        "Base64 with bits that decode to nothing",
        _loose_base64,
    ),
    "empty-receipt": ("A receipt without fields", _without_receipt),
}
"""Changes of `small` by somebody who has its key, or has signed with it once more."""


def tampered() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Return the bundles that are not genuine by name, with what is said of each."""
    vectors = {}
    with log_of(SMALL) as log:
        small = bundle(log, None, 3, 8)
    for name, (description, change) in TAMPERED.items():
        vectors[name] = (change(small), _false(description))
    for name, (description, change) in RESIGNED.items():
        vectors[name] = (
            resigned(change(small)),
            _false(f"{description}; signed again"),
        )
    with log_of(SMALL, OTHER_KEY) as log:
        other = bundle(log, None, 3, 8)
    vectors["signed-by-another"] = (
        resigned(small, OTHER_KEY),
        _false("The signature is of another key than the bundle names"),
    )
    vectors["key-of-another"] = (
        resigned(_with_line(small, other, b'"verifier_key"'), OTHER_KEY),
        _false(
            "The key is another one, and has signed it; the checkpoints are not its own"
        ),
    )
    vectors["anchor-of-another"] = (
        resigned(_with_line(small, other, b'{"checkpoint"')),
        _false("An anchor is of another log; signed again"),
    )
    vectors["checkpoint-of-another"] = (
        resigned(_with_line(small, other, b'"checkpoint"')),
        _false("The checkpoint is of another log; signed again"),
    )
    with log_of(LATER) as log:
        later = bundle(log, None, 3, 8, 15)
    vectors["checkpoint-of-later"] = (
        resigned(_with_line(small, later, b'"checkpoint"')),
        _false("The checkpoint is of a larger size of the log; signed again"),
    )
    vectors["signature-of-later"] = (
        _with_line(small, later, b'"signature"'),
        _false("The signature is that of another bundle of this log"),
    )
    vectors["version-2"] = (
        _replaced(b"bundle/v1", b"bundle/v2")(small),
        _false("Another version of the format") | {"outcome": "undecided"},
    )
    return vectors


def _with_line(data: bytes, other: bytes, start: bytes) -> bytes:
    """Return a bundle with a line of another one in the place of its own."""
    lines, others = data.splitlines(keepends=True), other.splitlines(keepends=True)
    [at, *_] = [n for n, line in enumerate(lines) if line.startswith(start)]
    [there, *_] = [n for n, line in enumerate(others) if line.startswith(start)]
    return b"".join([*lines[:at], others[there], *lines[at + 1 :]])


def _false(description: str) -> dict[str, Any]:
    """Return what is said of a bundle that is not genuine."""
    return {"description": description, "outcome": "not_genuine"}


PAIRS = [
    (["small", "small"], "genuine", "The same bundle twice"),
    (["small", "later"], "genuine", "All readings are shared"),
    (["later", "small"], "genuine", "The other way round"),
    (["small", "later-with-earlier"], "genuine", "One proves the other's checkpoint"),
    (
        ["small", "later-without-anchors"],
        "undecided",
        "No checkpoint is shared: nothing tells of most readings",
    ),
    (["small", "fork"], "not_genuine", "Two histories of one log"),
    (
        ["small", "fork-without-anchors"],
        "not_genuine",
        "Two histories, shown by their readings alone",
    ),
    (["small", "other-log"], "not_genuine", "Two logs"),
    (["small", "tampered/value"], "not_genuine", "One is not genuine by itself"),
]
"""What is said of two bundles together."""


def _leaves() -> list[dict[str, Any]]:
    """Return leaves, their bytes and their hashes."""
    with log_of(SMALL) as log:
        leaves = [each.leaf for each in log.readings()]
    return [
        {
            "leaf": leaf.to_json(),
            "bytes": leaf.to_bytes().decode(),
            "hash": leaf_hash(leaf.to_bytes()).hex(),
        }
        for leaf in leaves
    ]


def _checkpoints() -> list[dict[str, Any]]:
    """Return checkpoints and what signs them."""
    with log_of(SMALL) as log:
        return [
            {
                "seed": KEY.seed.hex(),
                "verifier_key": str(KEY.verifier),
                "size": size,
                "root": log.root(size).hex(),
                "note": log.checkpoint(size).note,
            }
            for size in range(SMALL + 1)
        ]


def _proofs() -> dict[str, list[dict[str, Any]]]:
    """Return every inclusion and consistency proof of a small log."""
    with log_of(SMALL) as log:
        inclusion = [
            {
                "size": size,
                "index": index,
                "leaf": log.leaf(index).leaf.to_bytes().decode(),
                "root": log.root(size).hex(),
                "text": log.inclusion_proof(index, size).to_text(),
            }
            for size in (1, 2, 7, 8, SMALL)
            for index in range(size)
        ]
        consistency = [
            {
                "old": old,
                "new": new,
                "old_root": log.root(old).hex(),
                "new_root": log.root(new).hex(),
                "proof": [each.hex() for each in log.consistency_proof(old, new)],
            }
            for new in (1, 2, 7, 8, SMALL)
            for old in range(new + 1)
        ]
    return {"inclusion": inclusion, "consistency": consistency}


def files() -> dict[str, bytes]:
    """Return all vectors by their path in the folder."""
    good, bad = genuine(), tampered()
    bundles = good | {f"tampered/{name}": entry for name, entry in bad.items()}
    manifest = {
        "verifier_key": str(KEY.verifier),
        "bundles": [
            {"file": f"bundles/{name}.json", **told}
            for name, (_, told) in bundles.items()
        ],
        "pairs": [
            {
                "files": [f"bundles/{name}.json" for name in names],
                "description": description,
                "outcome": outcome,
            }
            for names, outcome, description in PAIRS
        ],
    }
    return {f"bundles/{name}.json": data for name, (data, _) in bundles.items()} | {
        "manifest.json": _pretty(manifest),
        "leaves.json": _pretty(_leaves()),
        "checkpoints.json": _pretty(_checkpoints()),
        "proofs.json": _pretty(_proofs()),
    }


def _pretty(value: object) -> bytes:
    """Return JSON for people."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def main() -> None:
    """Write the vectors."""
    for name, data in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
