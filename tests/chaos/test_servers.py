"""Mail servers that refuse, greylist, stall, drop, hang up or show a bad certificate: on schedule, and nobody waits for
another host's sake.
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from outreach import clock
from tests.chaos.nodes import Nodes
from tests.chaos.sink import CLOSES, DROPS, GREYLISTS, LOSES, Sink
from tests.chaos.world import World, at, unstamped
from tests.ground.smtp import Received

GOOD, REFUSES, STALLS = "goed.example", "weigert.example", "stil.example"
FAULTY = (GREYLISTS, DROPS, LOSES, CLOSES, REFUSES, STALLS)


def deliver(nodes: Nodes, moment: datetime) -> None:
    assert nodes.run("deliver", "--at", clock.local(moment).isoformat(), answers_within=1.0) == 0


def by_host(world: World) -> dict[str, Counter[str]]:
    """States of the mails of each host."""
    found: dict[str, Counter[str]] = {}
    for address, (state, _) in world.outbox().items():
        found.setdefault(address.rpartition("@")[2], Counter())[state] += 1
    return found


def faults(world: World, each: int) -> None:
    """Ten minutes with all of them at once, and a day until the last retry."""
    world.queue([f"p{number:03}@{host}" for number in range(each) for host in (*FAULTY, GOOD)])
    world.sink.stalls.add(STALLS)
    world.sink.refused |= {f"p{number:03}@{REFUSES}": "550 5.1.1 no such user" for number in range(each)}
    world.sink.per_connection = 7
    with world.nodes() as nodes:
        deliver(nodes, at(8, 5))
        first = by_host(world)
        assert first[GOOD] == {"sent": each}, "nobody waits for another host's sake"
        assert first[REFUSES] == {"failed": each}
        assert first[STALLS]["sent"] == 0
        for minutes in range(1, 60):
            if any(first[host]["sent"] < each for host in (GREYLISTS, DROPS, LOSES, CLOSES)):
                deliver(nodes, at(8, 5) + timedelta(minutes=6 * minutes))
                first = by_host(world)
        assert all(first[host] == {"sent": each} for host in (GREYLISTS, DROPS, LOSES, CLOSES))
        world.sink.stalls.clear()
        deliver(nodes, at(16, 30))
        assert by_host(world)[STALLS] == {"sent": each}, "as soon as it answers"
        assert world.broken(nodes) == []
    world.sink.settle()
    assert unstamped(world.sink) == set()
    assert world.sink.unexplained() == {}


@pytest.mark.chaos
def test_every_fault_at_once(world: World, say) -> None:
    faults(world, each=25)
    sink = world.sink
    twice = {mail.recipient.rpartition("@")[2] for mail in sink.received if sink.accepted[_id(mail)] > 1}
    say(
        f"faulty servers: {len(world.outbox())} mails to {len(FAULTY) + 1} hosts, {sum(sink.copies().values())} "
        f"copies, all of mails that the server had kept and hung up on; {sink.connections} connections"
    )
    assert twice <= {DROPS}


def _id(mail: Received) -> str:
    return str(mail.message["Message-ID"])


def test_every_fault_for_a_moment(world: World) -> None:
    """A short sample of the same."""
    faults(world, each=2)


def test_a_bad_certificate_hears_nothing_and_the_mail_goes_once_it_is_right(world: World, tmp_path: Path) -> None:
    world.queue([f"p{number}@{GOOD}" for number in range(3)])
    bad = Sink(security="tls", folder=tmp_path).start()
    try:
        with world.nodes(OUTREACH_SMTP_URL=bad.url, OUTREACH_MAIL_STRICT="1") as nodes:
            deliver(nodes, at(8, 5))
            assert nodes.run("mail", "test", "beheer@lop.example") == 3
            assert nodes.run("scheduler") == 3
            assert "geldig certificaat" in nodes.said()
        assert bad.received == []
        assert world.states() == {"retry": 3}
        trusted = {"SSL_CERT_FILE": str(tmp_path / "certificate.pem")}
        with world.nodes(OUTREACH_SMTP_URL=bad.url, OUTREACH_MAIL_STRICT="1", **trusted) as nodes:
            deliver(nodes, at(8, 11))
    finally:
        bad.stop()
    assert world.states() == {"sent": 3}
    assert len(bad.received) == 3
