"""What can go wrong in the demo world."""


class WorldError(Exception):
    """The world cannot go on; `str()` tells a person why."""
