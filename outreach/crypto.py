"""Encrypted fields and blind indexes: keys live outside the database, the first one encrypts, all decrypt."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from outreach.errors import Unreadable, Unsound

KEY_BYTES = 32
_NONCE_BYTES = 12

_CURVE = ec.SECP256R1()
_CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (NIST SP 800-186): a private key lies between 1 and one less than this."""

_DRAFT = b"outreach draft 1"


@dataclass(frozen=True, repr=False)
class FieldKey:
    """One key: `name` is written beside each value it encrypted."""

    name: str
    secret: bytes

    def derived(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        """A key of its own for each purpose, so that an index never shares the cipher's key."""
        return HKDF(SHA256(), length, salt=None, info=purpose.encode()).derive(self.secret)

    def draft_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that drafts on a phone are sealed to; its public half is all a phone ever has."""
        wide = int.from_bytes(self.derived("draft", KEY_BYTES + 16))
        return ec.derive_private_key(wide % (_CURVE_ORDER - 1) + 1, _CURVE)


@dataclass(frozen=True)
class Sealed:
    """A text that only the server can open: to which key, the sender's one-time point, nonce and ciphertext."""

    key: str
    point: bytes
    nonce: bytes
    text: bytes


class FieldKeys:
    """The keys of this installation; the first encrypts and indexes, every one decrypts."""

    def __init__(self, keys: Sequence[FieldKey]) -> None:
        if not keys:
            raise Unsound("field_keys_missing")
        self._first = keys[0]
        self._named = {key.name: key for key in keys}
        self._ciphers = {key.name: AESGCM(key.derived("field")) for key in keys}
        self._indexes: dict[str, bytes] = {}

    @classmethod
    def parse(cls, text: str) -> "FieldKeys":
        """Read `id:base64(32 bytes),...`; raises Unsound naming the part that is wrong."""
        keys = []
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, encoded = part.partition(":")
            try:
                secret = base64.b64decode(encoded, validate=True)
            except ValueError:
                secret = b""
            if not name or len(secret) != KEY_BYTES:
                raise Unsound("field_key_malformed", name=name)
            keys.append(FieldKey(name, secret))
        return cls(keys)

    @staticmethod
    def made() -> str:
        """A new random setting of one key."""
        return f"k1:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"

    def encrypt(self, text: str) -> str:
        """The text as `key name:base64(nonce + ciphertext)`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        name = self._first.name
        sealed = self._ciphers[name].encrypt(nonce, text.encode(), name.encode())
        return f"{name}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str) -> str:
        """The text again; raises Unsound when the key is gone or the value was tampered with."""
        name, _, encoded = stored.partition(":")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Unsound("field_key_unknown", name=name)
        raw = base64.b64decode(encoded)
        try:
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode()).decode()
        except InvalidTag:
            raise Unsound("field_value_damaged", name=name) from None

    @property
    def seal(self) -> tuple[str, bytes]:
        """What a phone needs to seal a draft: the name of the newest key and its public point, uncompressed."""
        return self._first.name, _raw(self._first.draft_key().public_key())

    def open_sealed(self, sealed: Sealed, about: bytes) -> bytes:
        """What was sealed; `about` is what the seal is bound to. Raises Unreadable when it does not open."""
        key = self._named.get(sealed.key)
        if key is None:
            raise Unreadable("seal_key_unknown", name=sealed.key)
        private = key.draft_key()
        try:
            sender = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sealed.point)
            secret = _seal_secret(private.exchange(ec.ECDH(), sender), sealed.point, _raw(private.public_key()))
            return AESGCM(secret).decrypt(sealed.nonce, sealed.text, about)
        except (InvalidTag, ValueError):
            raise Unreadable("seal_broken", name=sealed.key) from None

    def blind_index(self, text: str, purpose: str) -> str:
        """A keyed digest to find an encrypted value by, without being able to read it."""
        key = self._indexes.get(purpose)
        if key is None:
            key = self._indexes[purpose] = self._first.derived(f"index:{purpose}")
        return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def seal_for(name: str, public: bytes, text: bytes, about: bytes) -> Sealed:
    """Seal a text to a public point, as a phone does."""
    mine = ec.generate_private_key(_CURVE)
    point = _raw(mine.public_key())
    shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return Sealed(name, point, nonce, AESGCM(_seal_secret(shared, point, public)).encrypt(nonce, text, about))


def _seal_secret(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=sender + receiver, info=_DRAFT).derive(shared)


def _raw(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


_installed: list[FieldKeys] = []


def install(keys: FieldKeys) -> None:
    """Give this process its keys; called once when the application is assembled."""
    _installed[:] = [keys]


def keys() -> FieldKeys:
    """The keys of this process; raises Unsound when none were installed."""
    if not _installed:
        raise Unsound("field_keys_missing")
    return _installed[0]
