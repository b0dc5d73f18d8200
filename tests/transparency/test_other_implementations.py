"""Another C2SP implementation accepts what the log says: torchwood, in Debian's package of that name."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
import socket
import subprocess

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import (
    SigningKey,
    decode_base64,
    encode_base64,
)
from demo.world.ports import HOST, free_ports
from tests.common import eventually

from .common import KEY, batch
from .ssh_agent import fingerprint, start_ssh_agent

ROOT = Path(__file__).parents[2]
WITNESS = SigningKey.from_seed("witness.example/one", bytes(range(32, 64)))


@pytest.fixture(scope="module")
def tools() -> Path:
    """Return the folder of torchwood's programs."""
    setup = [str(ROOT / "scripts" / "setup"), "torchwood"]
    done = subprocess.run(setup, capture_output=True, text=True, check=False)
    if done.returncode:
        # What apt had to say stands before the last line.
        pytest.skip(done.stderr.splitlines()[-1])
    return Path(done.stdout.strip(), "bin")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """Return a log of a thousand leaves."""
    with new_log(tmp_path / "log.db") as log:
        yield log


@contextmanager
def new_log(path: Path) -> Iterator[Log]:
    """Make a log of a thousand leaves; their salts make each log another one."""
    with closing(open_database(path)) as connection:
        log = Log(connection, KEY)
        log.append(batch(1000))
        yield log


# litewitness cosigns a checkpoint that follows the one it has cosigned before.


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of logs (C2SP tlog-witness)."""

    url: str
    session: ClientSession

    async def add(self, log: Log, size: int, *, since: int) -> tuple[int, str]:
        """Give it a log's checkpoint, with the proof that it follows an older one.

        Return the status of its answer, and the text.
        """
        proof = log.consistency_proof(since, size)
        hashes = "".join(f"{encode_base64(value)}\n" for value in proof)
        body = f"old {since}\n{hashes}\n{log.checkpoint(size).note}"
        async with self.session.post(f"{self.url}/add-checkpoint", data=body) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def witness(
    tools: Path, tmp_path_factory: pytest.TempPathFactory, socket_enabled: None
) -> AsyncIterator[Witness]:
    """Run a witness that knows the key of the log, and nothing else of it."""
    # The path of a socket has no room for the name of the test.
    folder = tmp_path_factory.mktemp("w")
    log = ["-db", "witness.db", "-origin", KEY.name]
    for command in (["add-log", *log], ["add-key", *log, "-key", str(KEY.verifier)]):
        subprocess.run([tools / "witnessctl", *command], cwd=folder, check=True)
    agent = await start_ssh_agent(folder / "agent", WITNESS)
    async with (
        agent,
        litewitness(tools, folder) as url,
        ClientSession() as session,
    ):
        yield Witness(url, session)


@asynccontextmanager
async def litewitness(tools: Path, folder: Path) -> AsyncIterator[str]:
    """Run litewitness in a folder, and return its address when it listens."""
    [port] = free_ports(1)
    options = {
        "-name": WITNESS.name,
        "-key": fingerprint(WITNESS),
        "-ssh-agent": "agent",
        "-db": "witness.db",
        "-listen": f"{HOST}:{port}",
    }
    words = [word for option in options.items() for word in option]
    process = await asyncio.create_subprocess_exec(
        tools / "litewitness", *words, cwd=folder
    )
    try:
        await eventually(lambda: process.returncode is not None or listens(port))
        assert process.returncode is None, "litewitness has ended"
        yield f"http://{HOST}:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def listens(port: int) -> bool:
    """Tell whether a program listens on a port."""
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def check_cosigned(signed: SignedCheckpoint, cosignature: str) -> None:
    """Check the line with the witness's signature (C2SP tlog-cosignature, "cosignature/v1")."""
    dash, name, value = cosignature.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", WITNESS.name)
    data = decode_base64(value)
    time, signature = int.from_bytes(data[4:12]), data[12:]
    message = f"cosignature/v1\ntime {time}\n{signed.checkpoint.body()}"
    WITNESS.verifier.verify(message.encode(), signature)


async def test_a_witness_cosigns_a_growing_log(log: Log, witness: Witness) -> None:
    """Each checkpoint follows the one before, and stays readable with the cosignature."""
    for since, size in ((0, 1), (1, 700), (700, 1000)):
        status, cosignature = await witness.add(log, size, since=since)
        assert status == HTTPStatus.OK, cosignature
        signed = log.checkpoint(size)
        check_cosigned(signed, cosignature)
        cosigned = SignedCheckpoint.open(signed.note + cosignature, log.verifier_key)
        assert cosigned.checkpoint == signed.checkpoint


async def test_a_witness_knows_the_size_it_has_cosigned(
    log: Log, witness: Witness
) -> None:
    """It tells that size to whoever believes in another one."""
    await witness.add(log, 700, since=0)
    answer = await witness.add(log, 1000, since=1)
    assert answer == (HTTPStatus.CONFLICT, "700\n")
    status, _ = await witness.add(log, 1000, since=700)
    assert status == HTTPStatus.OK


async def test_a_witness_refuses_a_forked_history(
    log: Log, witness: Witness, tmp_path: Path
) -> None:
    """A log that the same key signs, but in which other things have happened, is refused."""
    await witness.add(log, 700, since=0)
    with new_log(tmp_path / "fork.db") as fork:
        status, _ = await witness.add(fork, 1000, since=700)
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    status, _ = await witness.add(log, 1000, since=700)
    assert status == HTTPStatus.OK


# spicy-torchwood verifies the inclusion proof of a file that is a leaf.


@dataclass(slots=True)
class Spicy:
    """A leaf and its proof, in files."""

    tools: Path
    file: Path
    leaf: str
    proof: str

    def verify(self) -> str:
        """Return what the program has to say against the proof: nothing when it holds."""
        self.file.write_text(self.leaf)
        # In torchwood 0.9 the format had no header yet, which names its version now.
        text = self.proof.removeprefix("c2sp.org/tlog-proof@v1\n")
        self.file.with_name(f"{self.file.name}.spicy").write_text(text)
        program = self.tools / "spicy-torchwood"
        command = [str(program), "-verify", str(KEY.verifier), str(self.file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""


@pytest.fixture
def spicy(tools: Path, log: Log, tmp_path: Path) -> Spicy:
    """Return a leaf in the middle of the log, with its proof."""
    leaf = log.leaf(421).leaf.to_bytes().decode()
    proof = log.inclusion_proof(421).to_text()
    return Spicy(tools, tmp_path / "leaf", leaf, proof)


def test_an_inclusion_proof_is_verified(spicy: Spicy) -> None:
    """The proof of a leaf holds."""
    assert spicy.verify() == ""


@pytest.mark.parametrize("index", [0, 999])
def test_the_first_and_the_last_leaf_are_verified(
    spicy: Spicy, log: Log, index: int
) -> None:
    """The proofs at both ends have other lengths."""
    spicy.leaf = log.leaf(index).leaf.to_bytes().decode()
    spicy.proof = log.inclusion_proof(index).to_text()
    assert spicy.verify() == ""


def test_a_changed_leaf_is_refused(spicy: Spicy) -> None:
    """The proof holds for no other reading."""
    spicy.leaf = spicy.leaf.replace('"42.1"', '"42.2"')
    assert "could not verify inclusion" in spicy.verify()


def test_a_changed_index_is_refused(spicy: Spicy) -> None:
    """The leaf is in no other place."""
    spicy.proof = spicy.proof.replace("index 421\n", "index 420\n")
    assert "could not verify inclusion" in spicy.verify()


def test_a_changed_hash_is_refused(spicy: Spicy, log: Log) -> None:
    """The way to the root is no other one."""
    first = encode_base64(log.inclusion_proof(421).hashes[0])
    spicy.proof = spicy.proof.replace(first, encode_base64(bytes(32)))
    assert "could not verify inclusion" in spicy.verify()


def test_a_changed_checkpoint_is_refused(spicy: Spicy) -> None:
    """The log has signed no other size."""
    spicy.proof = spicy.proof.replace("\n1000\n", "\n1001\n")
    assert "could not verify checkpoint" in spicy.verify()
