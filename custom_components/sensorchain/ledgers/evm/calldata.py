r"""What a transaction carries: a line with the version, then the text of the anchor.

    sensorchain/v1
    {"checkpoint":"f3a…\n42\n…","readings":[…]}

All of it is ASCII, so that an explorer that shows data as text shows it as it is.
"""

from collections.abc import Sequence

from ...transparency.errors import MalformedError
from ...transparency.log import LoggedReading
from ..message import Message, compose

PREFIX = b"sensorchain/v1\n"


def write(note: str, public: Sequence[LoggedReading], most: int) -> bytes:
    """Return a checkpoint's data, with as many of the newest readings as `most` bytes hold.

    The checkpoint is there in any case.
    """
    return PREFIX + compose(note, public, most - len(PREFIX)).to_text().encode()


def read(data: bytes) -> Message:
    """Return what data says; raise MalformedError unless it is in its one form."""
    if not data.startswith(PREFIX) or not data.isascii():
        raise MalformedError("Not the data of an anchor")
    return Message.parse(data[len(PREFIX) :].decode())
