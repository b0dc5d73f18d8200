r"""What an anchor says on a ledger that carries text: JSON.

The checkpoint as a signed note, and the newest public readings with their index in the
log, oldest first. In one line, in ASCII (all else as \u escapes), keys sorted:

    {"checkpoint":"f3a…\n42\n…\n\n\u2014 f3a… …\n",
     "readings":[{"entity_id":"sensor.cold_room_temperature","index":41,
                  "last_updated":"2026-11-22T10:00:00.123456Z",
                  "salt":"000102030405060708090a0b0c0d0e0f","sequence":7,
                  "state":"4.5","unit":"\u00b0C"}]}
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
import json

from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.errors import MalformedError, SignatureError
from ..transparency.jcs import JsonValue
from ..transparency.log import LoggedReading
from ..transparency.note import VerifierKey
from ..transparency.reading import Leaf

_FIELDS = {"checkpoint", "readings"}


@dataclass(frozen=True, slots=True)
class Message:
    """A checkpoint (a signed note), and public readings with their indexes."""

    checkpoint: str
    readings: tuple[tuple[int, Leaf], ...]

    def to_text(self) -> str:
        """Return the JSON text, pure ASCII."""
        readings = [{"index": index, **leaf.to_json()} for index, leaf in self.readings]
        return _dump({"checkpoint": self.checkpoint, "readings": list(readings)})

    @classmethod
    def parse(cls, text: str) -> "Message":
        """Return the message of a text; raise MalformedError unless it is its own."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise MalformedError(f"Not JSON: {error}") from error
        message = cls._from_json(value)
        if message.to_text() != text:
            raise MalformedError("A message that is not in canonical form")
        return message

    @classmethod
    def _from_json(cls, value: JsonValue) -> "Message":
        """Return the message of a JSON value."""
        if not isinstance(value, dict) or value.keys() != _FIELDS:
            raise MalformedError(f"Not a message with the fields {sorted(_FIELDS)}")
        checkpoint, readings = value["checkpoint"], value["readings"]
        if not isinstance(checkpoint, str) or not isinstance(readings, list):
            raise MalformedError("Not a checkpoint and a list of readings")
        return cls(checkpoint, tuple(_reading(reading) for reading in readings))


def _reading(value: JsonValue) -> tuple[int, Leaf]:
    """Return the index and the leaf of a public reading."""
    if not isinstance(value, dict):
        raise MalformedError("Not a reading")
    fields = dict(value)
    index = fields.pop("index", None)
    if type(index) is not int or index < 0:
        raise MalformedError("A reading without its index")
    return index, Leaf.from_json(fields)


def _dump(value: JsonValue) -> str:
    """Return the one text of a JSON value."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def problem_of(
    read: Callable[[], Message], checkpoint: SignedCheckpoint, key: VerifierKey
) -> str | None:
    """Return what is wrong with what was read as an anchor of a checkpoint, None for nothing.

    `read` raises MalformedError. The log's key must have signed it.
    """
    try:
        note = read().checkpoint
        SignedCheckpoint.open(note, key)
    except (MalformedError, SignatureError) as error:
        return f"The transaction does not hold an anchor: {error}"
    if note != checkpoint.note:
        return "The transaction holds another checkpoint"
    return None


def compose(checkpoint: str, public: Sequence[LoggedReading], most: int) -> Message:
    """Return the message with as many of the newest readings as fit `most` characters.

    The checkpoint is there in any case.
    """
    room = most - len(Message(checkpoint, ()).to_text())
    taken: list[tuple[int, Leaf]] = []
    for logged in reversed(public):
        entry: dict[str, JsonValue] = {"index": logged.index, **logged.leaf.to_json()}
        room -= len(_dump(entry)) + (1 if taken else 0)
        if room < 0:
            break
        taken.append((logged.index, logged.leaf))
    return Message(checkpoint, tuple(reversed(taken)))
