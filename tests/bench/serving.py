"""A page under gunicorn, as in production, and browsers that ask for it: how long each answer took."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.training.test_run import free_port

CHECKOUT = Path(__file__).parents[2]
GUNICORN = ("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--log-level", "warning")


@dataclass(frozen=True)
class Page:
    """An address that is served, asked for with a cookie."""

    port: int
    path: str
    cookie: str = ""

    def ask(self, times: int) -> list[float]:
        """Ask so often over one connection: milliseconds of each answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        taken = []
        for _ in range(times):
            began = perf_counter()
            connection.request("GET", self.path, headers={"Cookie": self.cookie} if self.cookie else {})
            answer = connection.getresponse()
            body = answer.read()
            taken.append((perf_counter() - began) * 1000)
            assert answer.status == 200, (answer.status, body[:300])
        connection.close()
        return taken

    def median_of_one(self, times: int) -> float:
        """The median answer for a single browser, in milliseconds, after some pages to warm up."""
        self.ask(20)
        return median(self.ask(times))

    def per_second(self, browsers: int, times: int) -> float:
        """Pages a second for so many browsers at once."""
        began = perf_counter()
        with ThreadPoolExecutor(browsers) as pool:
            list(pool.map(self.ask, [times] * browsers))
        return browsers * times / (perf_counter() - began)


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """An application under gunicorn with two workers of four threads, on a port of this machine."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}", application]
    process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **environment})
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except ConnectionRefusedError:
            continue
        finally:
            connection.close()
        return
    raise AssertionError("the server ended")
