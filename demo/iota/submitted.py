"""A transaction that was sent, read and verified with IOTA's own library."""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import json
from typing import Any, Self

import iota_sdk as sdk

from .kinds import STRING, MalformedValueError, decode


class UndecodableError(Exception):
    """Bytes that are not a transaction, or not a signature; `str()` tells the library's words."""


class SignatureError(Exception):
    """A signature is not of the transaction, or somebody's is missing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An object in one version, as a transaction names it."""

    object_id: str
    version: int
    digest: str

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """Read it as the library writes it."""
        return cls(form["object_id"], int(form["version"]), form["digest"])


@dataclass(frozen=True, slots=True)
class SharedInput:
    """An object of everybody's, as a transaction names it."""

    object_id: str
    initial_version: int
    is_mutable: bool


@dataclass(frozen=True)
class Submitted:
    """A transaction."""

    data: bytes
    """Its form in BCS."""
    digest: str
    signing_digest: bytes
    form: Mapping[str, Any]
    """What it says, as the library writes it in JSON."""

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Return the transaction of a form; raises UndecodableError."""
        try:
            read = sdk.Transaction.from_bcs(data)
            if read.to_bcs() != data:
                raise UndecodableError("remaining input")
            form = json.loads(read.to_json())["V1"]
            digest = read.digest().to_base58()
        except sdk.SdkFfiError as error:
            raise UndecodableError(str(error)) from error
        return cls(data, digest, read.signing_digest(), form)

    @property
    def is_program(self) -> bool:
        """Whether it is what an account may send, and none of the network's own."""
        return "Programmable" in self.form["kind"]

    @property
    def inputs(self) -> Sequence[Mapping[str, Any]]:
        """What its commands work on."""
        return list(self.form["kind"]["Programmable"]["inputs"])

    @property
    def commands(self) -> Sequence[Mapping[str, Any]]:
        """What it does."""
        return list(self.form["kind"]["Programmable"]["commands"])

    @property
    def sender(self) -> str:
        """Whose it is."""
        return str(self.form["sender"])

    @property
    def sponsor(self) -> str:
        """Who pays."""
        return str(self.form["gas_payment"]["owner"])

    @property
    def payment(self) -> list[Reference]:
        """The coins that pay."""
        return [Reference.read(each) for each in self.form["gas_payment"]["objects"]]

    @property
    def price(self) -> int:
        """Of a unit of computation, in NANOS."""
        return int(self.form["gas_payment"]["price"])

    @property
    def budget(self) -> int:
        """What it may cost at the most, in NANOS."""
        return int(self.form["gas_payment"]["budget"])

    @property
    def last_epoch(self) -> int | None:
        """The last epoch in which it may be executed."""
        expiration = self.form["expiration"]
        return int(expiration["Epoch"]) if isinstance(expiration, dict) else None

    @property
    def owned(self) -> list[Reference]:
        """The objects of the sender's that it works on."""
        return list(self._named("ImmutableOrOwned"))

    @property
    def received(self) -> list[Reference]:
        """The objects of objects that it works on."""
        return list(self._named("Receiving"))

    def _named(self, form: str) -> Iterator[Reference]:
        for each in self.inputs:
            if form in each:
                yield Reference.read(each[form])

    @property
    def shared(self) -> list[SharedInput]:
        """The objects of everybody's that it works on."""
        found = (each["Shared"] for each in self.inputs if "Shared" in each)
        return [
            SharedInput(
                each["object_id"], int(each["initial_shared_version"]), each["mutable"]
            )
            for each in found
        ]

    @property
    def texts(self) -> list[str]:
        """The inputs that are texts."""
        found = (b64decode(each["Pure"]) for each in self.inputs if "Pure" in each)
        return [text for each in found if (text := _text(each))]

    def verify(self, signatures: Sequence[sdk.UserSignature]) -> None:
        """Refuse it unless its sender, and who pays, have signed; raises SignatureError."""
        needed = {self.sender, self.sponsor}
        if len(signatures) != len(needed):
            raise SignatureError(
                f"Expect {len(needed)} signer signatures but got {len(signatures)}"
            )
        signers = {self._signer(each) for each in signatures}
        for address in sorted(needed - signers):
            raise SignatureError(
                f"Required Signature from {address} is absent {sorted(signers)!r}"
            )

    def _signer(self, signature: sdk.UserSignature) -> str:
        """Return the address whose key has signed; raises SignatureError."""
        try:
            sdk.UserSignatureVerifier().verify(self.signing_digest, signature)
        except sdk.SdkFfiError as error:
            raise SignatureError(
                f"Signature is not valid: Fail to verify user sig {error}"
            ) from error
        simple = signature.as_opt_simple()
        key = simple and simple.opt_ed25519_public_key()
        if key is None:
            raise SignatureError("Signature is not valid: only Ed25519 keys here")
        return str(key.derive_address().to_canonical_string(True))


def _text(data: bytes) -> str | None:
    """Return the text of an input, None where it is something else."""
    try:
        text: str = decode(STRING, data)
    except MalformedValueError:
        return None
    return text if text.isprintable() or "\n" in text else None


def read_signature(text: str) -> sdk.UserSignature:
    """Return a signature of Base64; raises UndecodableError."""
    try:
        return sdk.UserSignature.from_base64(text)
    except sdk.SdkFfiError as error:
        raise UndecodableError(str(error)) from error
