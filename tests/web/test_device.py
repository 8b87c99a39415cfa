"""What a phone installs and keeps: files that exist, and a page that is the same for everybody."""

import json
import re
import struct

from flask import Flask
from flask.testing import FlaskClient

from outreach.labels import LANGUAGES

PNG = b"\x89PNG\r\n\x1a\n"


def given(script: str, name: str) -> object:
    """A value the worker begins with."""
    found = re.search(rf"^const {name} = (.*);$", script, re.MULTILINE)
    assert found, name
    return json.loads(found[1])


def test_the_worker_keeps_every_file_and_the_page_in_every_language(client: FlaskClient) -> None:
    script = client.get("/service-worker.js").text
    files, shells = given(script, "FILES"), given(script, "SHELLS")
    assert {"page.js", "shell.js", "vault.js"} <= {str(file).rpartition("/")[2] for file in files}
    for file in files:
        with client.get(file, buffered=True) as answer:
            assert answer.status_code == 200, file
    assert set(shells) == set(LANGUAGES)
    for key, address in shells.items():
        assert f'<html lang="{key}"' in client.get(address).text


def test_the_icons_of_the_manifest_are_there_in_the_size_it_says(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest").json
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with client.get(icon["src"], buffered=True) as answer:
            assert answer.data.startswith(PNG)
            width, height = struct.unpack(">II", answer.data[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert client.get(manifest["start_url"]).status_code in (200, 302)


def test_another_version_of_a_file_makes_another_worker(sqlite_app: Flask) -> None:
    before = sqlite_app.test_client().get("/service-worker.js").data
    sqlite_app.config["DEVICE_VERSION"], version = "another", sqlite_app.config["DEVICE_VERSION"]
    try:
        assert sqlite_app.test_client().get("/service-worker.js").data != before
    finally:
        sqlite_app.config["DEVICE_VERSION"] = version
