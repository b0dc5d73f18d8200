"""Notes and keys are those of C2SP signed-note."""

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.transparency.errors import (
    MalformedError,
    SignatureError,
)
from custom_components.sensorchain.transparency.note import (
    MAX_NOTE,
    SigningKey,
    VerifierKey,
    encode_base64,
    open_note,
    sign_note,
)

from .common import KEY

# The example of the specification.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_NOTE = (
    f"{EXAMPLE_TEXT}\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1"
    "Yu72IneyaQM=\n"
)

# Ours.
VKEY = "log.example/home+57fc3e9f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
TEXT = "Ognuno sta solo\n\ned è subito sera.\n"
NOTE = (
    "Ognuno sta solo\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— log.example/home "
    "V/w+n0fwcGVviUZyh/+7Nt7dx8gNuBSsNSD+wfA8sZxCRkVbp1d2aDp7G7n0yExuSaPswo"
    "J+1szqlKMuaZHMLPZC/ww=\n"
)
VERIFIER = VerifierKey.parse(VKEY)


def test_the_example_of_the_specification() -> None:
    """What another implementation signed is opened."""
    key = VerifierKey.parse(EXAMPLE_KEY)
    assert (key.name, key.key_id.hex()) == ("example.com/foo", "530d903a")
    assert str(key) == EXAMPLE_KEY
    assert open_note(EXAMPLE_NOTE, key) == EXAMPLE_TEXT


def test_bytes_of_a_key_and_a_note() -> None:
    """A seed gives one verifier key, a text one note."""
    assert str(KEY.verifier) == VKEY
    assert KEY.verifier == VERIFIER
    assert sign_note(TEXT, KEY) == NOTE
    assert open_note(NOTE, VERIFIER) == TEXT


def test_a_generated_key_can_be_kept_as_its_seed() -> None:
    """Two keys differ, and a seed brings the key back."""
    key = SigningKey.generate("log.example/a")
    assert key.seed != SigningKey.generate("log.example/a").seed
    assert SigningKey.from_seed(key.name, key.seed) == key


def test_the_seed_is_never_shown() -> None:
    """A key in a log line gives nothing away."""
    for shown in (repr(KEY), str(KEY), f"{KEY}"):
        assert KEY.seed.hex() not in shown
        assert repr(KEY.seed) not in shown


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"])), st.data())
def test_a_changed_note_is_refused(text: str, data: st.DataObject) -> None:
    """No character of a note can be changed."""
    note = sign_note(f"{text}\n", KEY)
    assert open_note(note, VERIFIER) == f"{text}\n"
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters().filter(lambda character: character != note[at]))
    with pytest.raises((MalformedError, SignatureError)):
        open_note(note[:at] + other + note[at + 1 :], VERIFIER)


def test_signatures_of_others_are_ignored() -> None:
    """Witnesses may add theirs, before or after, even by our name."""
    head, ours = NOTE.rsplit("\n\n", 1)
    other = "— witness.example " + encode_base64(b"1234" + bytes(72)) + "\n"
    namesake = f"— {VERIFIER.name} " + encode_base64(b"1234" + bytes(64)) + "\n"
    for lines in (other + ours, ours + other, namesake + ours, other * 16 + ours):
        assert open_note(f"{head}\n\n{lines}", VERIFIER) == TEXT
    with pytest.raises(SignatureError):
        open_note(f"{head}\n\n{other}{namesake}", VERIFIER)


def test_the_note_of_another_key_is_refused() -> None:
    """Neither another name nor another key of the same name will do."""
    for key in (
        SigningKey.from_seed("log.example/other", KEY.seed),
        SigningKey.from_seed(KEY.name, bytes(32)),
    ):
        with pytest.raises(SignatureError):
            open_note(sign_note(TEXT, key), VERIFIER)


SIGNATURE_LINE = NOTE.rsplit("\n\n", 1)[1]

NO_NOTES = {
    "nothing": "",
    "text alone": TEXT,
    "no signature": f"{TEXT}\n",
    "no gap": NOTE.replace("\n\n—", "\n—"),
    "no last newline": NOTE[:-1],
    "another newline": NOTE + "\n",
    "carriage returns": NOTE.replace("\n", "\r\n"),
    "control character": NOTE.replace("solo", "so\tlo"),
    "half a pair": NOTE.replace("solo", "so\ud800lo"),
    "hyphen": NOTE.replace("—", "-"),
    "two spaces": NOTE.replace("— ", "—  "),
    "space at the end": NOTE[:-1] + " \n",
    "no padding": NOTE.replace("=\n", "\n"),
    "base64 with other spare bits": NOTE[:-3] + chr(ord(NOTE[-3]) + 1) + "=\n",
    "base64url": NOTE.replace("+", "-").replace("/", "_"),
    "key id alone": f"{TEXT}\n— {VERIFIER.name} {encode_base64(VERIFIER.key_id)}\n",
    "signed twice": NOTE + SIGNATURE_LINE,
    "junk among signatures": NOTE + "junk\n",
    "large": "x" * MAX_NOTE + NOTE,
}


@pytest.mark.parametrize("case", NO_NOTES)
def test_refuses_what_is_no_note(case: str) -> None:
    """Only the canonical form is opened."""
    assert NO_NOTES[case] != NOTE
    with pytest.raises((MalformedError, SignatureError)):
        open_note(NO_NOTES[case], VERIFIER)


@pytest.mark.parametrize("text", ["", "no newline", "\ttab\n", "half \ud800\n"])
def test_signs_only_what_can_be_opened(text: str) -> None:
    """No note is made that nobody could open."""
    with pytest.raises(MalformedError):
        sign_note(text, KEY)


NO_KEYS = {
    "nothing": "",
    "name alone": "log.example/home",
    "two parts": VKEY.rpartition("+")[0],
    "no name": VKEY[VKEY.index("+") :],
    "another name": VKEY.replace("home", "hame"),
    "another key id": VKEY.replace("+", "+0", 1),
    "upper-case key id": "+".join(
        part.upper() if number == 1 else part
        for number, part in enumerate(VKEY.split("+", 2))
    ),
    "space": VKEY.replace("home", "h me"),
    "wide space": VKEY.replace("home", "h\u3000me"),
    "newline": VKEY + "\n",
    "no base64": VKEY[:-1] + "!",
    "short": VKEY[:-4],
    "another type": VKEY.replace("+A", "+B"),
}


@pytest.mark.parametrize("case", NO_KEYS)
def test_refuses_what_is_no_verifier_key(case: str) -> None:
    """Only the canonical form is a verifier key."""
    assert NO_KEYS[case] != VKEY
    with pytest.raises(MalformedError):
        VerifierKey.parse(NO_KEYS[case])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "\ud800"])
def test_refuses_names_that_cannot_stand_in_a_note(name: str) -> None:
    """Names have neither spaces nor plus signs."""
    with pytest.raises(MalformedError):
        SigningKey.generate(name)


def test_refuses_keys_of_another_length() -> None:
    """A seed and a public key have 32 bytes."""
    with pytest.raises(MalformedError):
        SigningKey.from_seed("log.example/home", bytes(31))
    with pytest.raises(MalformedError):
        VerifierKey("log.example/home", bytes(33))
