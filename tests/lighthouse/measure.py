"""Lighthouse on the pages a worker lives in, as a phone sees them, served as `outreach run` does: `make lighthouse`."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from outreach.training.world.people import PASSWORD
from tests.ground import browser

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
WHO = "karim@gent.example"
GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100}


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """`outreach run` on a port of its own, until its pages are there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "OUTREACH_DATA_DIR": str(data_dir), "PORT": str(port)}
    command = [str(Path(sys.executable).with_name("outreach")), "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if WHO in line:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)


class Visitor:
    """Signs in as a person does, and remembers the cookie."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def read(self, path: str, **fields: str) -> str:
        """The text of a page, or of the answer to a form."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with self._opener.open(self.address + path, data, timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self) -> None:
        """As the worker of the training world."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.read("/sign-in"))
        if token is None:
            raise SystemExit("the sign-in page has no token")
        self.read("/sign-in", csrf_token=token[1], email=WHO, password=PASSWORD)

    @property
    def cookie(self) -> str:
        """As a header says it."""
        return "; ".join(f"{one.name}={one.value}" for one in self.jar)


def measured(url: str, cookie: str, folder: Path) -> dict[str, int]:
    """The scores of a page; what costs it points is told."""
    report = folder / "report.json"
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = ["node", str(LIGHTHOUSE), url, "--output=json", f"--output-path={report}", "--quiet"]
    command += [f"--chrome-flags={flags}", f"--only-categories={','.join(GOALS)}"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"]
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": browser.found() or ""})
    found = json.loads(report.read_text(encoding="utf-8"))
    for name, category in found["categories"].items():
        for part in category["auditRefs"]:
            audit = found["audits"][part["id"]]
            if audit["score"] is not None and audit["score"] < 0.9 and (part["weight"] or name != "performance"):
                print(f"    {name}: {audit['title']} {audit.get('displayValue', '')}")
                for item in audit.get("details", {}).get("items", [])[:3]:
                    print("       ", item.get("node", {}).get("snippet") or item.get("url") or "")
    transferred = found["audits"].get("total-byte-weight", {}).get("numericValue", 0)
    print(f"    {transferred / 1000:.0f} kB over the wire, most of it:")
    for item in sorted(found["audits"]["network-requests"]["details"]["items"], key=_size)[-6:]:
        print(f"       {_size(item) / 1000:6.1f} kB {item['url'].rsplit('/', 1)[1]}")
    return {name: round(category["score"] * 100) for name, category in found["categories"].items()}


def _size(item: dict[str, float]) -> float:
    return item.get("transferSize") or 0.0


def main() -> None:
    """Measure My work, a case and the report of a visit; ends with 1 when a goal is missed."""
    missed = False
    with TemporaryDirectory() as folder:
        data_dir = Path(os.environ.get("OUTREACH_DATA_DIR", Path(folder) / "data"))
        with running(data_dir) as address:
            visitor = Visitor(address)
            visitor.sign_in()
            work = visitor.read("/my-work")
            visit, case = re.search(r'"(/cases/[^"/]+/steps/\d+/visit)"', work), re.search(r'"(/cases/[^"/?#]+)"', work)
            if visit is None or case is None:
                raise SystemExit("My work shows no visit: the worker of this world has nothing to do")
            for name, path in (("My work", "/my-work"), ("Case", case[1]), ("Visit report", visit[1])):
                print(name)
                scores = measured(address + path, visitor.cookie, Path(folder))
                print("   ", ", ".join(f"{key} {score}" for key, score in scores.items()))
                missed = missed or any(scores[key] < goal for key, goal in GOALS.items())
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
