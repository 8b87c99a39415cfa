"""A phone in a stairwell: takes visits along, seals reports as a browser does, and sends them when it can."""

import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from outreach import clock
from outreach.crypto import seal_for
from tests.cases.routes.conftest import Filled, Visitor


class Phone:
    """The phone of somebody who is signed in on it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.hello = visitor.get("/offline/hello").json
        self.visits: dict[str, dict[str, Any]] = {}

    def take_along(self) -> dict[str, dict[str, Any]]:
        """Take the visits of today along; by reference."""
        taken = self._post("/my-work/take-along", {})
        assert taken.status_code == 200, taken.text
        self.visits = {visit["reference"]: visit for visit in taken.json["visits"]}
        return self.visits

    def report(self, reference: str, **typed: Any) -> dict[str, Any]:
        """Fill in the form that was taken along, without a connection: the sealed draft."""
        visit = self.visits[reference]
        fields = {**Filled(unescape(visit["form"])).fields, **typed}
        return self.seal(visit["step"], fields, visit["seen"])

    def seal(self, step: str, fields: dict[str, Any], seen: Any, draft_id: str | None = None) -> dict[str, Any]:
        """Put fields in an envelope."""
        draft_id, person = draft_id or uuid.uuid4().hex, self.hello["person"]
        listed = [
            [name, one] for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
        ]
        inside = {
            "id": draft_id,
            "step": step,
            "fields": [pair for pair in listed if pair[1] is not None],
            "seen": seen,
            "at": clock.now().isoformat(),
            "finished": True,
        }
        key = self.hello["seal"]
        point = urlsafe_b64decode(key["key"] + "=" * (-len(key["key"]) % 4))
        sealed = seal_for(key["id"], point, json.dumps(inside).encode(), f"{draft_id}|{person}|{step}".encode())
        return {
            "id": draft_id,
            "person": person,
            "step": step,
            "sealed": {
                "key": sealed.key,
                "epk": _text(sealed.point),
                "iv": _text(sealed.nonce),
                "text": _text(sealed.text),
            },
        }

    def send(self, draft: dict[str, Any]) -> TestResponse:
        """Back online: send a draft."""
        return self._post("/offline/reports", draft)

    def open(self, draft: dict[str, Any]) -> TestResponse:
        """Take up an unfinished draft again."""
        return self._post("/offline/drafts/open", draft)

    def _post(self, url: str, data: Any) -> TestResponse:
        return self.visitor.browser.post(url, json=data, headers={"X-CSRFToken": self.hello["csrf"]})


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
