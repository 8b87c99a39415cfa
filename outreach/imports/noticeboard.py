"""On the embedded database: how far the work on a long file is, and the wish to stop it, in small files beside it.

While a list is written there, nobody else can write a row: neither progress nor a stop would get through.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from outreach import clock


@dataclass(frozen=True)
class Seen:
    """How far it was when it was last told, and when that was."""

    at: datetime
    stage: str | None
    rows_done: int
    rows_total: int | None


class Noticeboard:
    """The folder of these files; there is none of them but while work goes on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tell(self, job_id: int, stage: str | None, rows_done: int, rows_total: int | None) -> None:
        """Say how far it is."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        told = {"at": clock.now().isoformat(), "stage": stage, "rows_done": rows_done, "rows_total": rows_total}
        fresh = self._folder / f"{job_id}.{os.getpid()}"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self._told(job_id))

    def read(self, job_id: int) -> Seen | None:
        """How far it is, if anything was said."""
        with suppress(OSError, ValueError, KeyError):
            told = json.loads(self._told(job_id).read_text(encoding="utf-8"))
            return Seen(datetime.fromisoformat(told["at"]), told["stage"], told["rows_done"], told["rows_total"])
        return None

    def ask_to_stop(self, job_id: int) -> None:
        """Leave the wish to stop."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._stop(job_id).touch()

    def is_to_stop(self, job_id: int) -> bool:
        """Whether somebody wishes it."""
        return self._stop(job_id).exists()

    def clear(self, job_id: int) -> None:
        """Take both away: the row says the rest."""
        for file in (self._told(job_id), self._stop(job_id)):
            file.unlink(missing_ok=True)

    def _told(self, job_id: int) -> Path:
        return self._folder / f"{job_id}.json"

    def _stop(self, job_id: int) -> Path:
        return self._folder / f"{job_id}.stop"


def board_of(session: Session) -> Noticeboard | None:
    """The board of the embedded database; None on PostgreSQL, where a row can always be written."""
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Noticeboard(Path(f"{url.database}-uploads"))
