"""An SSH agent with one Ed25519 key, so that a witness has its key without any SSH programs.

Its messages are those of draft-ietf-sshm-ssh-agent: each is a string, in SSH's sense, that
begins with a byte for its kind.
"""

from asyncio import AbstractServer, StreamReader, StreamWriter, start_unix_server
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from custom_components.sensorchain.transparency.note import SigningKey

_FAILURE = b"\x05"
_REQUEST_IDENTITIES = b"\x0b"
_IDENTITIES_ANSWER = b"\x0c"
_SIGN_REQUEST = b"\x0d"
_SIGN_RESPONSE = b"\x0e"


async def start_ssh_agent(socket: Path, key: SigningKey) -> AbstractServer:
    """Start an agent at a socket, whose path may have 107 bytes."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with closing(writer):
            while length := await reader.read(4):
                message = await reader.readexactly(int.from_bytes(length))
                writer.write(_string(_answer(message, key)))

    return await start_unix_server(serve, socket)


def fingerprint(key: SigningKey) -> str:
    """Return what SSH calls the key."""
    digest = sha256(_public(key)).digest()
    return f"SHA256:{b64encode(digest).decode().rstrip('=')}"


def _answer(message: bytes, key: SigningKey) -> bytes:
    """Return the answer to a message: the one key there is, or a signature by it."""
    kind, rest = message[:1], message[1:]
    if kind == _REQUEST_IDENTITIES:
        comment = _string(b"")
        return _IDENTITIES_ANSWER + (1).to_bytes(4) + _string(_public(key)) + comment
    if kind == _SIGN_REQUEST:
        _, rest = _cut(rest)
        data, _ = _cut(rest)
        return _SIGN_RESPONSE + _string(_typed(key.sign(data)))
    return _FAILURE


def _public(key: SigningKey) -> bytes:
    """Return the public key as SSH writes it."""
    return _typed(key.verifier.public_key)


def _typed(data: bytes) -> bytes:
    """Return an Ed25519 key or signature as SSH writes it (RFC 8709 sections 4 and 6)."""
    return _string(b"ssh-ed25519") + _string(data)


def _string(data: bytes) -> bytes:
    """Return a string with its length before it (RFC 4251 section 5)."""
    return len(data).to_bytes(4) + data


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return the first string of some data, and what follows it."""
    end = 4 + int.from_bytes(data[:4])
    return data[4:end], data[end:]
