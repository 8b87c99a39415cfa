"""Encrypted fields and blind indexes: keys live outside the database, the first one encrypts, all decrypt."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from outreach.errors import Unsound

KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True, repr=False)
class FieldKey:
    """One key: `name` is written beside each value it encrypted."""

    name: str
    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """A key of its own for each purpose, so that an index never shares the cipher's key."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self.secret)


class FieldKeys:
    """The keys of this installation; the first encrypts and indexes, every one decrypts."""

    def __init__(self, keys: Sequence[FieldKey]) -> None:
        if not keys:
            raise Unsound("field_keys_missing")
        self._first = keys[0]
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

    def blind_index(self, text: str, purpose: str) -> str:
        """A keyed digest to find an encrypted value by, without being able to read it."""
        key = self._indexes.get(purpose)
        if key is None:
            key = self._indexes[purpose] = self._first.derived(f"index:{purpose}")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


_installed: list[FieldKeys] = []


def install(keys: FieldKeys) -> None:
    """Give this process its keys; called once when the application is assembled."""
    _installed[:] = [keys]


def keys() -> FieldKeys:
    """The keys of this process; raises Unsound when none were installed."""
    if not _installed:
        raise Unsound("field_keys_missing")
    return _installed[0]
