"""The environment, read once; the only place besides wsgi.py that knows it."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from outreach import clock
from outreach.crypto import FieldKeys
from outreach.errors import Unsound

CHECKOUT = Path(__file__).resolve().parent


@dataclass(frozen=True, repr=False)
class Settings:
    """What an installation chooses; every field has a working default on the embedded database."""

    data_dir: Path
    database_url: str
    secret_key: str
    field_keys: str
    base_url: str = "http://127.0.0.1:5000"
    smtp_url: str | None = None
    mail_strict: bool = False
    mail_from: str = "Outreach <outreach@localhost>"
    training: bool = False
    now: datetime | None = None
    trusted_proxies: int = 0
    operator: str = ""
    contact: str = ""
    link_days: int = 14
    testing: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded SQLite file."""
        return self.database_url.startswith("sqlite")

    def with_changes(self, **changes: object) -> "Settings":
        """The same settings with some fields replaced (training, tests)."""
        return replace(self, **changes)  # type: ignore[arg-type]


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `OUTREACH_*`; raises Unsound naming the variable that is missing or malformed."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("OUTREACH_DATA_DIR") or CHECKOUT / "instance").resolve()
    url = env.get("OUTREACH_DATABASE_URL") or f"sqlite:///{data_dir / 'outreach.db'}"
    embedded = url.startswith("sqlite")
    if embedded:
        data_dir.mkdir(parents=True, exist_ok=True)
    training = env.get("OUTREACH_TRAINING") == "1"
    return Settings(
        data_dir=data_dir,
        database_url=url,
        secret_key=_secret(env, "OUTREACH_SECRET_KEY", data_dir / "secret-key", embedded),
        field_keys=_secret(env, "OUTREACH_FIELD_KEYS", data_dir / "field-keys", embedded),
        base_url=(env.get("OUTREACH_BASE_URL") or f"http://127.0.0.1:{env.get('PORT') or 5000}").rstrip("/"),
        smtp_url=env.get("OUTREACH_SMTP_URL") or None,
        mail_strict=_yes(env, "OUTREACH_MAIL_STRICT"),
        mail_from=env.get("OUTREACH_MAIL_FROM") or "Outreach <outreach@localhost>",
        training=training,
        now=_moment(env.get("OUTREACH_NOW")) if training else None,
        trusted_proxies=_number(env, "OUTREACH_TRUSTED_PROXIES"),
        operator=env.get("OUTREACH_OPERATOR") or "",
        contact=env.get("OUTREACH_CONTACT") or "",
        link_days=_number(env, "OUTREACH_LINK_DAYS") or 14,
    )


def _number(env: Mapping[str, str], name: str) -> int:
    text = env.get(name) or "0"
    if not text.isdecimal():
        raise Unsound("setting_malformed", name=name, value=text)
    return int(text)


def _yes(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "0"
    if text not in ("0", "1"):
        raise Unsound("setting_malformed", name=name, value=text)
    return text == "1"


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return clock.parse_moment(text)
    except ValueError:
        raise Unsound("setting_malformed", name="OUTREACH_NOW", value=text) from None


def _secret(env: Mapping[str, str], name: str, file: Path, embedded: bool) -> str:
    """The setting, else the one kept in the data folder, made there once on the embedded database."""
    value = env.get(name)
    if value:
        return value
    if not embedded:
        raise Unsound("setting_missing", name=name)
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    made = FieldKeys.made() if name == "OUTREACH_FIELD_KEYS" else secrets.token_urlsafe(48)
    return _keep(made, name, file)


def _keep(made: str, name: str, file: Path) -> str:
    """Write the secret whole or not at all; of two processes that start together, the first one's counts."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(made)
    try:
        os.link(draft, file)
        print(f"{name} was not set: made one in {file} (keep it with your backups)", file=sys.stderr)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text(encoding="ascii").strip()
