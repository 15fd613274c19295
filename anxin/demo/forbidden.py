"""The names nobody in the demo city may carry.

The real people and places of the two source documents, and the counties around them, are kept as salted
hashes, so that the repository does not hold the names. A drawn name that turns out to be real is drawn again;
a written-down one (a county, a persona) stops the generator.
"""

import hashlib
from functools import lru_cache

_SALT = "anxin.demo.forbidden.1"
_PLACE_LENGTHS = (2, 3)

PERSONS = frozenset(
    (
        "0809f4707c21dcc238452b3e4f1cd19a35f467ac391c18d9631d100b5c0c7b04",
        "2840548bc76fbab7af4a0000823305efdf439b1fbde8d97f636ae011c7725942",
        "322bf856038ecf7532d2d196ccb5191a1657f7f35bd1bd5451e3e7647d212fdc",
        "336cb250765ff0f23a6e3534ae7d403d0651e0041aae1b30564388270d808e80",
        "3b674eeb6a0821436ee2884239eb44f14143b57938a8eed76e1d2b8b46b07c19",
        "413f0339974fc84c35901ead00c2531af9c50c36ce31ff0140c4ea54d7fc9920",
        "42a157e3a834eadd704e607e7cbefc5cab34e3fccc00eec533ee5120421bfe2f",
        "4c836ab6a9514a12dc643a2b776fabaf8271e511e343c3c7cfb26a905adc8edd",
        "4cd0938371ae5e81fc506e5f0f015d051e98ee83868bd92389b365fe694a1911",
        "54a8a6b37fad1445437bc9347aa1e5af9ea165de1082af422c0c5c98c72f3b16",
        "5d853b1d5bd22b4fe5c56f59d0b4808a6bfb60a16632c2d1bacdd7c7c23d004a",
        "81110df5406748d786af4cc5ee2761222a83a7ded8233ee93de62b87db2181a5",
        "8762fbd4257b78fe1269e5ec77a29d75982dce0cc89fb9d4e99bcbca14f54ad4",
        "8a4ee5a0ce50e2d77bb868d2e04a899d81e0bef9b041b65c177a8fe6b425e220",
        "8da5f42c9507cc1396de99e4d3ef85ad9c2a3865363b657d73b7fe3b11c46943",
        "99d848e23354989f031f58e150c4ecee300405f931c564e7ab9d88b68871b540",
        "a1754a7d9bfceec827adc0c3bbb11494dd94183264a894a23b68335620ee99b8",
        "b96eb3fb1ce4c64a9e77a2cc37836e6a96840df977475cea4e1d32236a76e745",
        "d19a7ec5a5e30f0a8f184422285b5f5c463768b32bc79bd74e94096697939778",
        "dbbc5f2199f6013f5e214399b7135ebb313b19aaa71c2fe3bb54bde6cc8e345a",
        "dc8efa3aaf0f68c5ef8b25f998194377a7da108ba8aa42c86cde21c5fdcda701",
        "e0d3ae86db5dab29e0c271c080be0468d6c4a8e7adc352368bb9b3ce8b768ed0",
        "e1ddd2eabbe99d77e97719b3d226cd0d9608f6d98587dae898a84550e315fbea",
        "e947aad26e1b276f42de44a17f55745eeb0f53850000e045edb82f2f3a834417",
        "eee63395cb490382dc90d5e95e08c3c99bcf502f12d094c73eda5874b696e032",
        "f581f771932e9991f4a418b207cbc196ba7d4ac39eecc9c23a2aba935a84b0c9",
        "fe96500cd24ecac92dcb6fb9fae01bc2cc1778d8b9f8ea51ec88386245d8fa90",
    )
)
PLACES = frozenset(
    (
        "1f8bb90e12e3673d928475b079f7f096d9a52084db2adee369d41f0cb5c4bf44",
        "50790cfd3bc39f68db6abf32a78deb9cb143a746a0a243ca92ab770faf8bf1dd",
        "5748b2518cb280e942148e869f6e333387a21cd4e31ec647db4f479766371b3d",
        "7679a1e493fc30a7b3d0f403d2379063d657ff0b4edc6b30793794f0e7b20f7a",
        "7a18c6f5b89794b58387bd0467a49c175ffcac6d4755083ee8edf3d0120d3f03",
        "932e6b2ed87b413898bff0330b86159b25dd34d22dbfdb27a15dac9ed676a6ec",
        "9879538c49c353275c7bd5531a5bac7df04f85092c505eb6e3cba22000475627",
        "9b461d7956d8f2c4784e1b7ead2e0fbb3d5141096f7ccd74013b59c2a57f3a1b",
        "ae355e01254fd552bf06b8ed46eceaf4dd4edffb6bd0879b035d70018d429765",
        "b7a183df130b9bdd374bb2e534122a20c5c1042a8fe31154862bc03ad74724d5",
        "b9bfcb34e101ee6601913568cc315fad4bbb8c8bc2c3ea76c3f69ad1c49ceea2",
        "ce7f557df97093c7f475285b824e6799b7da81863f2e14f7eaeef6becedac78f",
        "d9298928b561434e6a184879dd0086dd81276e46985088e8ea1ad64ddb3e59b9",
        "dd674aa9e83d3d276a60c1ff2c8a7336014918b97dc3dc41abc683024dddce8a",
        "dfcb3f023b9f0004db423cd2264497a5ac99dd9fae68c86b035eca9b7927f5e2",
        "e04c18a4247eeaf33ddd04fb11d0ae964b10ad34d32b4862d3fb3ecfed724f42",
        "f474efc40e34545ce8d2393fcb7a5353e710d0a8b569cbd0c676a536ea610162",
        "f6f7d91c2779851437db61e06004a851acfb612254f63a84f327bd04e3eef55a",
        "fca67a4b861a3c30ae33ad61e41c09bf1bc33370f77818b0cdcf9dcf4c255847",
    )
)


class RealName(Exception):
    """The generator was about to give an invented thing a real name."""


def digest(name: str) -> str:
    """The salted SHA-256 of ``name``, as kept here."""
    return hashlib.sha256(f"{_SALT}\x00{name}".encode()).hexdigest()


@lru_cache(maxsize=65536)
def is_real_person(name: str) -> bool:
    """Whether ``name`` is exactly the name of a person in the sources."""
    return digest(name) in PERSONS


@lru_cache(maxsize=65536)
def holds_real_place(name: str) -> bool:
    """Whether any part of ``name`` is the name of a real place."""
    return any(
        digest(name[start : start + length]) in PLACES
        for length in _PLACE_LENGTHS
        for start in range(len(name) - length + 1)
    )


def invented_person(name: str) -> str:
    """``name``, or :class:`RealName`. Every person of the city goes through here."""
    if is_real_person(name):
        raise RealName("a person of the demo city would carry the name of a real one")
    return name


def invented_place(name: str) -> str:
    """``name``, or :class:`RealName`. Every place, unit and address of the city goes through here."""
    if holds_real_place(name):
        raise RealName("a place of the demo city would carry the name of a real one")
    return name
