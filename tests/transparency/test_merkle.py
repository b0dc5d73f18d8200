"""Roots and proofs are those of RFC 6962."""

from itertools import pairwise

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.sensorchain.transparency.errors import ProofError
from custom_components.sensorchain.transparency.merkle import (
    EMPTY_ROOT,
    HashReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

from .common import hashes, naive_path, naive_proof, naive_root

# The leaves, roots and proofs that implementations of Certificate Transparency have
# tested themselves with since 2012.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = {
    (0, 1): [],
    (0, 8): hashes(
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ),
    (5, 8): hashes(
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ),
    (2, 3): hashes("+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU="),
    (1, 5): hashes(
        "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    ),
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): CT_INCLUSION[0, 8],
    (6, 8): hashes(
        "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ),
    (2, 5): hashes(
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    ),
}

# What the public log Argon 2020 answered for its entry 10000 and its size 3654490.
ARGON_SIZE = 961984013
(ARGON_ROOT, ARGON_LEAF, ARGON_OLD_ROOT) = hashes(
    "dwlueapdd7LaOEnX2W2Wp9v2XE+KzejHRQGHwEx0oaM=",
    "nCs3mfIydh9x4CKyQ+u2xtmpxmFggA5MLymHwNQSlLg=",
    "AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=",
)
ARGON_INCLUSION = hashes(
    "T46AmJsuOM/gFiGlUp+IJJebp+1Z5qratFNW7U0JyOQ=",
    "9Jj1Feodn42uRYEfffkV4HF/EIPFQ5Zo9IwkxbQ2uhk=",
    "D53/1oCNebF4J59HHgioovKZxrmrKcVuCVhy3Izg8Ck=",
    "wSFDgGSrsXRPA+1c8WHoAFCsWeUv8NDyP/Q/SgsyVyY=",
    "516/RcwsgdwdzHn18v1dJHqBkgFUbNhmCIWOGjsMJaE=",
    "naTFY2ajLFgrgs5XUl+zJYZnnlJksLGsA1VYwpLfqbY=",
    "mKBRJo6qao+0Kdh/rhGkZUbHUAxMhrtrclrTpIbNjIg=",
    "Co4ueOFE7lpifLio94irxxsv1wFMMaK3tPu2ZQkHlro=",
    "yRgy800K6JMYCC05sWfqF2kvCg2riT/pVM+nEa6V5+0=",
    "n2O38XJZC8/Wpbwi9HhgVizlUyeUHVZvYyQB1607MRc=",
    "go3tAjuNfNSCj87y2Rg1xOroDknGN1eaf3cgvzObf7Q=",
    "8D0Mj3/J7ySSnFb0afIHYXv6rlOhECnsebY6XKi1IR8=",
    "6rcez46ZU8M5vPiWVMAUfJfAOV0pPP/mch/lYzZhj/M=",
    "2rtIeXrPvSdUyHc5maIgSAVB2BzaKaupWxSAiVayDE4=",
    "nniW/IMFQPN5xw8UsHFn7CRStYbm1gLu7NNa6kkRqJQ=",
    "mRPPi7sQS22MduIEyvcNzCNFqIt6kLwYPkNKrVtIcu8=",
    "JvTivzESNS9wHI8aph5a7uieVmtS/p9PciMZ5D6GyOo=",
    "UTyQd+Ym0wY4zG+qK806bBORwi1CSVvFQ/KknnqoZj8=",
    "hXODrqN+ff+U6zPqRQ+ZQKs6im1fPcxIerDSfNwflhE=",
    "II6GE+WY/DrpZzfHztLwkR46o37zVkNLCyPYlf68zA0=",
    "d609kWWcNBllbA8Jb/ad4XAVVGnScLRmtP8FYyr+Dck=",
    "rikBsP0G0gioXRpBFED2CzQdSLrGPvRd0bEcbEZw1rI=",
    "GXIElfmnRuWfbA4z7ubV/UwlpSRUbUeec7oL5HDDnh0=",
    "pR0SH/NYP6s9+8azWwaeUXA4Ze/3WCIgMfh5YW6wvcE=",
    "f3GuAKYVrF8RBg3s15jvA/YvV9oAliWtzP/imwPhQVA=",
    "WHn8zDxlVgkV+lSlmzaOdfSBrTHoRr5nT3d76q0KKWE=",
    "f2uV2ZxVgULzLPKuZcowRY3ZY7fRlX59iDBjV1R8kNQ=",
    "NzQVjJsvQwbi7WStMr9oFkh9VbHfK7LB6o7WwAqwNTs=",
    "C0LttBeYHZHgL+032JIcJC3CTBIyza/hsbmJUgJfmDI=",
    "nixU5CWTFVDlF4BGdcU6kA7WSYurEpe9jRWc+F/7sOc=",
)
ARGON_CONSISTENCY = hashes(
    "80Sfbj6UQEdVSZCSIgh9NMPj3vCBzcc1A48B2crJSWg=",
    "FZcrgAHUk6nNPviJZq8kEK6jCG1d18pJOFE45ZDc1TQ=",
    "Q67reWXmPBo1UfmwBap4Xi9PMPfFdUSSw3WGlRZdG7k=",
    "eJ7CyhR4PxzBxDIsWgrVYW1eFUb9ndgf46tFmiqVrxA=",
    "QrDwp062Grm5WY8KdrhFsBuuNjGzRox2Jb8PmVL5OYw=",
    "XM4YMjMEdLH/XJam/ZWyaP14k3cmsOtnPsOWQ54lW1s=",
    "SGiBh+jOTGccXU48ZzgQ88lRcBmtB4wz4oSDndv2QTg=",
    "WAS6txqNLYKGL1GdBdpqmV42TTfn6cJsuDsqLXuTCNI=",
    "QFmRS0rirUA7ZN3lxFjDncV+E1OCrn3NUB4RCp+5fzc=",
    "Hdbp7It2XBNZmNDBpCN/KPd7vfVqxgzwOosqVIaEA9E=",
    "mxvHL0ZiblBdD7j7pIa1jlfB0gSqfJ6oX0UGo7L0VsU=",
    "q5hjyvoW6TL/PThgcitpDcSTrnKX2p1+aqscqH2euRA=",
    "jTOWDqt3IHj2NVFeezyBz2ofpru+ztEywqKUAfFclKI=",
    "GIRn0w3HqJdvU9j1WVD//eR6lk2AaTVjyzjsJNP8U88=",
    "x52GJvxG81fnQBrgOTbll1A5tz95/LXK0Ag1NhB0r1I=",
    "6/0OqrcTgc3o5dD5PymmoC96lB9yLPFuTHVvLy8fSGk=",
    "Gf+iKLfcXO5l4JEFmsZvSdG5q1uEeWPfYLrds6pmjz0=",
    "DGuaco+McyM3AfRSF6qX7RwSetwe2ieYJmxw5e9rVx0=",
    "2tQJ9V32hnYp+fdpP6TcjmgJmLeNVOMKM0Ml1kk4cNU=",
    "3PapK+IkyJr8I9yAErAmzuZezzLMzsg+PfeRCgNW8NQ=",
    "s6xiYeejb+wtqHA+URJZ2I/SCPyIW8coP6aB00FJbMY=",
    "z9lSpmdTcr5M5ZzKlc4EPh3SrSypKFdk6JUF/UccaZU=",
    "GXIElfmnRuWfbA4z7ubV/UwlpSRUbUeec7oL5HDDnh0=",
    "pR0SH/NYP6s9+8azWwaeUXA4Ze/3WCIgMfh5YW6wvcE=",
    "f3GuAKYVrF8RBg3s15jvA/YvV9oAliWtzP/imwPhQVA=",
    "WHn8zDxlVgkV+lSlmzaOdfSBrTHoRr5nT3d76q0KKWE=",
    "f2uV2ZxVgULzLPKuZcowRY3ZY7fRlX59iDBjV1R8kNQ=",
    "NzQVjJsvQwbi7WStMr9oFkh9VbHfK7LB6o7WwAqwNTs=",
    "C0LttBeYHZHgL+032JIcJC3CTBIyza/hsbmJUgJfmDI=",
    "nixU5CWTFVDlF4BGdcU6kA7WSYurEpe9jRWc+F/7sOc=",
)


def reader(leaves: list[bytes]) -> HashReader:
    """Return a reader that works every hash out anew."""

    def read(level: int, index: int) -> bytes:
        width = 1 << level
        subtree = leaves[index * width : (index + 1) * width]
        assert len(subtree) == width, "only complete subtrees are ever read"
        return naive_root(subtree)

    return read


def leaves_of(size: int) -> list[bytes]:
    """Return different leaves."""
    return [b"%d" % number for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    """The roots of the first leaves are the known ones."""
    assert root(size, reader(CT_LEAVES[:size])).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("index", "size"), CT_INCLUSION)
def test_known_inclusion_proofs(index: int, size: int) -> None:
    """The known proofs are made, and hold."""
    proof = inclusion_proof(index, size, reader(CT_LEAVES[:size]))
    assert proof == CT_INCLUSION[index, size]
    verify_inclusion(
        index, size, leaf_hash(CT_LEAVES[index]), proof, bytes.fromhex(CT_ROOTS[size])
    )


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_known_consistency_proofs(old: int, new: int) -> None:
    """The known proofs are made, and hold."""
    proof = consistency_proof(old, new, reader(CT_LEAVES[:new]))
    assert proof == CT_CONSISTENCY[old, new]
    roots = bytes.fromhex(CT_ROOTS[old]), bytes.fromhex(CT_ROOTS[new])
    verify_consistency(old, new, *roots, proof)


def test_proofs_of_a_public_log() -> None:
    """What a log of nearly a thousand million leaves answered holds."""
    verify_inclusion(10000, ARGON_SIZE, ARGON_LEAF, ARGON_INCLUSION, ARGON_ROOT)
    verify_consistency(
        3654490, ARGON_SIZE, ARGON_OLD_ROOT, ARGON_ROOT, ARGON_CONSISTENCY
    )


@given(st.data())
def test_inclusion_proofs_are_those_of_the_rfc(data: st.DataObject) -> None:
    """For any leaf of any log the proof is the RFC's, and holds."""
    leaves = leaves_of(data.draw(st.integers(1, 300)))
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(index, len(leaves), reader(leaves))
    assert proof == naive_path(index, leaves)
    verify_inclusion(
        index, len(leaves), leaf_hash(leaves[index]), proof, naive_root(leaves)
    )


@given(st.data())
def test_consistency_proofs_are_those_of_the_rfc(data: st.DataObject) -> None:
    """For any two sizes of any log the proof is the RFC's, and holds."""
    leaves = leaves_of(data.draw(st.integers(1, 300)))
    old = data.draw(st.integers(1, len(leaves)))
    proof = consistency_proof(old, len(leaves), reader(leaves))
    assert proof == naive_proof(old, leaves)
    verify_consistency(
        old, len(leaves), naive_root(leaves[:old]), naive_root(leaves), proof
    )


@given(st.data())
def test_tampered_inclusion_proofs_are_refused(data: st.DataObject) -> None:
    """Another index, leaf, hash, order, length or root is found out."""
    leaves = leaves_of(data.draw(st.integers(2, 100)))
    index = data.draw(st.integers(0, len(leaves) - 1))
    genuine = [
        leaf_hash(leaves[index]),
        naive_root(leaves),
        *naive_path(index, leaves),
    ]
    tampered = data.draw(st.sampled_from(TAMPERINGS))(genuine, data)
    assume(tampered != genuine)
    leaf, top, *proof = tampered
    with pytest.raises(ProofError):
        verify_inclusion(index, len(leaves), leaf, proof, top)


@given(st.data())
def test_tampered_consistency_proofs_are_refused(data: st.DataObject) -> None:
    """Another root, hash, order or length is found out."""
    leaves = leaves_of(data.draw(st.integers(2, 100)))
    old = data.draw(st.integers(1, len(leaves)))
    genuine = [
        naive_root(leaves[:old]),
        naive_root(leaves),
        *naive_proof(old, leaves),
    ]
    tampered = data.draw(st.sampled_from(TAMPERINGS))(genuine, data)
    assume(tampered != genuine)
    old_root, new_root, *proof = tampered
    with pytest.raises(ProofError):
        verify_consistency(old, len(leaves), old_root, new_root, proof)


@given(st.data())
def test_a_proof_is_of_one_leaf_and_one_size(data: st.DataObject) -> None:
    """It does not hold for another index, nor in a log of another size."""
    leaves = leaves_of(data.draw(st.integers(2, 100)))
    index, other = data.draw(
        st.lists(st.integers(0, len(leaves) - 1), min_size=2, max_size=2, unique=True)
    )
    proof, top = naive_path(index, leaves), naive_root(leaves)
    with pytest.raises(ProofError):
        verify_inclusion(other, len(leaves), leaf_hash(leaves[index]), proof, top)
    with pytest.raises(ProofError):
        verify_inclusion(index, len(leaves), leaf_hash(leaves[other]), proof, top)


def _flip(values: list[bytes], data: st.DataObject) -> list[bytes]:
    """Change one bit."""
    at = data.draw(st.integers(0, len(values) - 1))
    bit = data.draw(st.integers(0, 255))
    value = int.from_bytes(values[at]) ^ 1 << bit
    return [*values[:at], value.to_bytes(32), *values[at + 1 :]]


def _swap(values: list[bytes], data: st.DataObject) -> list[bytes]:
    """Change the order."""
    return data.draw(st.permutations(values))


def _cut(values: list[bytes], data: st.DataObject) -> list[bytes]:
    """Leave a hash of the proof out."""
    if len(values) == 2:
        return values
    at = data.draw(st.integers(2, len(values) - 1))
    return values[:at] + values[at + 1 :]


def _add(values: list[bytes], data: st.DataObject) -> list[bytes]:
    """Put a hash into the proof."""
    at = data.draw(st.integers(2, len(values)))
    return [*values[:at], data.draw(st.sampled_from(values)), *values[at:]]


def _shorten(values: list[bytes], data: st.DataObject) -> list[bytes]:
    """Cut a hash short."""
    at = data.draw(st.integers(0, len(values) - 1))
    return [*values[:at], values[at][:-1], *values[at + 1 :]]


TAMPERINGS = [_flip, _swap, _cut, _add, _shorten]


def test_an_empty_log() -> None:
    """It has a root, begins every log, and has no leaf."""
    assert root(0, reader([])) == EMPTY_ROOT
    assert consistency_proof(0, 3, reader(leaves_of(3))) == []
    verify_consistency(0, 3, EMPTY_ROOT, naive_root(leaves_of(3)), [])
    with pytest.raises(ProofError):
        verify_consistency(0, 3, bytes(32), naive_root(leaves_of(3)), [])
    with pytest.raises(IndexError):
        inclusion_proof(0, 0, reader([]))


@pytest.mark.parametrize(("index", "size"), pairwise([-1, 3, 3]))
def test_no_proof_for_what_is_not_there(index: int, size: int) -> None:
    """An index outside the log is neither proved nor believed."""
    with pytest.raises(IndexError):
        inclusion_proof(index, size, reader(leaves_of(3)))
    with pytest.raises(ProofError):
        verify_inclusion(index, size, bytes(32), [], bytes(32))


def test_no_log_shrinks() -> None:
    """A larger log never begins a smaller one."""
    with pytest.raises(IndexError):
        consistency_proof(4, 3, reader(leaves_of(3)))
    with pytest.raises(ProofError):
        verify_consistency(4, 3, bytes(32), bytes(32), [])


def test_nothing_is_no_proof() -> None:
    """Between two logs of different sizes there is always something to prove."""
    with pytest.raises(ProofError, match="too short"):
        verify_consistency(3, 5, bytes(32), bytes(32), [])
