"""The ground every room's tables stand on: types, engines, transactions and the read guard."""

from outreach.database.base import Model, metadata
from outreach.database.guard import ReadRefused, protect, seen_by
from outreach.database.transactions import read_snapshot, transaction
from outreach.database.types import EncryptedText, Json, UtcDateTime

__all__ = [
    "EncryptedText",
    "Json",
    "Model",
    "ReadRefused",
    "UtcDateTime",
    "metadata",
    "protect",
    "read_snapshot",
    "seen_by",
    "transaction",
]
