"""What can go wrong between a reading and its proof, one class a cause."""

from __future__ import annotations


class InvalidError(Exception):
    """Something does not hold; machines are told the code.

    `line` is the line of a bundle, counted from 1, where there is one.
    """

    code: str
    line: int | None = None


class MalformedError(InvalidError, ValueError):
    """The text or bytes are not in the one canonical form of their format."""

    code = "malformed"


class SignatureError(InvalidError):
    """A note is not signed by the key it should be signed by."""

    code = "signature"


class ProofError(InvalidError):
    """A proof does not lead to the root it claims to lead to."""

    code = "proof"


class StorageError(Exception):
    """The database could not be read or written; the message says what SQLite answered."""


class StorageFullError(StorageError):
    """The disk is full: nothing was written, the log goes on when there is room."""


class StorageReadOnlyError(StorageError):
    """The file, its folder or its file system cannot be written."""


class StorageBusyError(StorageError):
    """Another process is writing to the database."""


class StorageConflictError(StorageError):
    """Another writer has written since: to the log, or a row that was to be new."""


class MissingDatabaseError(StorageError):
    """There is no database, or an empty file, where a log should be."""


class ForeignDatabaseError(StorageError):
    """The file is not a SensorChain database."""


class NewerDatabaseError(StorageError):
    """The database was made by a newer version of SensorChain."""


class WrongKeyError(StorageError):
    """The database holds the log of another key."""


class CorruptDatabaseError(StorageError):
    """The database is damaged: SQLite says so, or leaves and tiles disagree."""
