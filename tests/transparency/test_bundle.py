"""Proof bundles: written as a stream, read and checked line by line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.sensorchain.transparency.bundle import (
    STEP,
    BundleReader,
    Progress,
    UnknownFormatError,
    write_bundle,
    write_readings,
)
from custom_components.sensorchain.transparency.errors import (
    MalformedError,
    ProofError,
    SignatureError,
)
from custom_components.sensorchain.transparency.findings import (
    Findings,
    Gap,
    check_bundle,
)
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import SigningKey

from .bundles import NAMES, anchor, bundle_of, caption, log_of
from .common import KEY, START, batch

OTHER = SigningKey.from_seed("log.example/other", bytes(32))


def check(data: bytes) -> Findings:
    """Return the findings in the bytes of a bundle."""
    return check_bundle(BytesIO(data))


@pytest.fixture
def log() -> Iterator[Log]:
    """Return a log of seven rooms with ten readings each."""
    with log_of(batch(70)) as log:
        yield log


def test_every_reading_is_found_and_proved(log: Log) -> None:
    """What was logged comes out of the bundle, with the caption, the key and the checkpoint."""
    data = bundle_of(log, anchors=[anchor(log, 40), anchor(log, 10)])
    reader = BundleReader(BytesIO(data))
    readings = list(reader.readings())
    assert [(each.index, each.leaf) for each in readings] == [
        (each.index, each.leaf) for each in log.readings()
    ]
    assert reader.caption == caption()
    assert reader.key == KEY.verifier
    assert reader.checkpoint == log.checkpoint()
    assert [each.size for each in reader.anchors] == [10, 40]
    assert reader.anchors[1].record == anchor(log, 40)


def test_a_bundle_is_one_json_document(log: Log) -> None:
    """Any JSON reader gets the same out of it."""
    document = json.loads(bundle_of(log, anchors=[anchor(log, 40)], earlier=[3]))
    assert list(document) == [
        "format",
        "caption",
        "verifier_key",
        "checkpoint",
        "anchors",
        "earlier",
        "readings",
        "signature",
    ]
    assert document["format"] == "sensorchain-bundle/v1"
    assert [each["index"] for each in document["readings"]] == list(range(70))
    assert document["readings"][7]["leaf"] == log.leaf(7).leaf.to_json()


def test_the_same_bundle_is_written_every_time(log: Log) -> None:
    """There is one form, whoever writes it and however often."""
    assert bundle_of(log) == bundle_of(log)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 300])
def test_logs_of_any_size(count: int) -> None:
    """A bundle may be without readings, and a log without leaves."""
    with log_of(batch(count)) as log:
        findings = check(bundle_of(log, anchors=[anchor(log, count // 2)]))
    assert findings.count == count
    assert sum(period.count for period in findings.periods) == count


def test_chosen_entities_and_times(log: Log) -> None:
    """A bundle has the readings of its entities from one time until before another."""
    start, stop = START + timedelta(seconds=14), START + timedelta(seconds=49)
    said = caption(
        entities={"sensor.room_0": "", "sensor.room_3": "", "sensor.none": ""},
        start=start,
        stop=stop,
    )
    findings = check(bundle_of(log, said))
    series = findings.series["sensor.room_0"]
    assert (series.first.leaf.sequence, series.last.leaf.sequence) == (2, 6)
    assert findings.series["sensor.room_3"].count == 5
    assert findings.series["sensor.none"].count == 0
    assert findings.missing == 0


def test_an_older_size(log: Log) -> None:
    """A bundle may be of a size that the log had before, such as that of an anchor."""
    findings = check(bundle_of(log, anchors=[anchor(log, 33)], size=33))
    assert findings.count == findings.checkpoint.checkpoint.size == 33


def test_readings_are_counted_by_the_first_anchor_that_covers_them(log: Log) -> None:
    """The periods between anchors have the readings in between, and their times."""
    findings = check(bundle_of(log, anchors=[anchor(log, 40), anchor(log, 10)]))
    assert [(each.size, each.count) for each in findings.periods] == [
        (10, 10),
        (40, 30),
        (None, 30),
    ]
    assert findings.periods[1].earliest == START + timedelta(seconds=10)
    assert findings.periods[1].latest == START + timedelta(seconds=39)


def test_it_is_written_in_steps_while_the_log_grows(log: Log) -> None:
    """What is appended meanwhile changes nothing, and the progress tells how far it is."""
    log.append(batch(1000, 70))
    file = BytesIO()
    steps = []
    for step in write_bundle(file, log, caption(), [anchor(log, 40)]):
        log.append(batch(5, log.size))
        steps.append(step)
    findings = check(file.getvalue())
    assert findings.count == findings.checkpoint.checkpoint.size == 1070
    assert steps[0] == Progress(STEP, 1071)
    assert steps[-1] == Progress(1071, 1071)
    assert all(b.done - a.done <= STEP for a, b in pairwise(steps))


def test_gaps_are_found(log: Log) -> None:
    """A reading that was left out shows in the sequence numbers around it."""
    kept = [each for each in log.readings() if each.index not in (14, 21, 0)]
    data = bundle_of(
        log,
        caption(is_partial=True),
        write=lambda *args: write_readings(*args, kept, len(kept)),
    )
    findings = check(data)
    series = findings.series["sensor.room_0"]
    assert series.gaps == [
        Gap(2, 3, START + timedelta(seconds=7), START + timedelta(seconds=28))
    ]
    assert findings.missing == series.missing == 2
    assert series.first.leaf.sequence == 1


def test_an_anchor_of_another_log_is_not_written(log: Log) -> None:
    """Neither one of another key, nor one of other leaves under the same key."""
    with log_of(batch(70), OTHER) as other, pytest.raises(SignatureError):
        bundle_of(log, anchors=[anchor(other, 3)])
    with log_of(batch(70)) as fork, pytest.raises(ProofError):
        bundle_of(log, anchors=[anchor(fork, 3)])
    with pytest.raises(ProofError):
        bundle_of(log, anchors=[anchor(log, 40)], size=39)


def test_what_has_no_canonical_form_is_not_written(log: Log) -> None:
    """Fractions in a receipt, or a name that would not be read again."""
    broken = anchor(log, 3)
    broken.receipt["details"]["gas"] = 0.5  # type: ignore[index, call-overload]
    with pytest.raises(MalformedError):
        bundle_of(log, anchors=[broken])
    deep = anchor(log, 3)
    for _ in range(32):
        deep = replace(deep, settings={"deeper": dict(deep.settings)})
    with pytest.raises(MalformedError):
        bundle_of(log, anchors=[deep])
    with pytest.raises(MalformedError):
        bundle_of(log, caption(log="x" * 2**20))
    with pytest.raises(MalformedError):
        bundle_of(log, caption(created=datetime(2026, 11, 22, tzinfo=ZoneInfo("CET"))))


def test_another_version_is_told_from_nonsense(log: Log) -> None:
    """A bundle of a later version cannot be judged; anything else is no bundle."""
    data = bundle_of(log)
    with pytest.raises(UnknownFormatError):
        check(data.replace(b"bundle/v1", b"bundle/v2", 1))
    for nonsense in (b"", b"\n", b"{}", b'{"format":"sensorchain-bundle/v1",', b"\0"):
        with pytest.raises(MalformedError):
            check(nonsense)


def test_entities_are_named(log: Log) -> None:
    """A reading of an entity that the caption does not name is refused."""
    said = caption(entities=dict(list(NAMES.items())[1:]))
    with pytest.raises(MalformedError, match="does not name"):
        check(
            bundle_of(
                log, said, write=lambda *args: write_readings(*args, log.readings(), 70)
            )
        )


def test_what_would_not_be_read_again_is_not_written(log: Log) -> None:
    """Too many anchors, too long a line, too much before the readings."""
    with pytest.raises(MalformedError, match="More than 5000 checkpoints"):
        bundle_of(log, anchors=[anchor(log, 3)] * 5001)
    long = replace(anchor(log, 3), settings={"nodes": ["x" * 2**20]})
    with pytest.raises(MalformedError, match="A line of"):
        bundle_of(log, anchors=[long])
    large = replace(anchor(log, 3), settings={"nodes": ["x" * (2**20 - 4096)]})
    with pytest.raises(MalformedError, match="bytes before the readings"):
        bundle_of(log, anchors=[large] * 33)


def test_progress_of_a_check() -> None:
    """It is told after every thousand readings."""
    with log_of(batch(2001)) as log:
        data = bundle_of(log)
    told: list[int] = []
    check_bundle(BytesIO(data), told.append)
    assert told == [1000, 2000]
