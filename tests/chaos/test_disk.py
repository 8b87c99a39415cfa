"""A disk that is full: what cannot be written is not half written, and a mail that left is noted when there is room."""

import resource
from time import sleep

import pytest

from outreach import clock
from tests.chaos.world import World, at


@pytest.fixture
def database(world: World) -> str:
    """The file of the embedded database."""
    url = world.app.config["SETTINGS"].database_url
    if not url.startswith("sqlite"):
        pytest.skip("the disk of a PostgreSQL server is that server's")
    return url.removeprefix("sqlite:///")


def test_reminding_on_a_full_disk_says_so_and_leaves_nothing_half(world: World, database: str) -> None:
    world.fill(people=4, steps=1)
    words = ("remind", "--at", clock.local(at(8, 5)).isoformat())
    with world.nodes() as nodes:
        assert nodes.run(*words, largest_file=1024) != 0
        assert world.said() == (0, 0, 0)
        assert world.broken(nodes) == []
        assert nodes.run(*words) == 0
    assert world.said()[0] == 4


def test_a_mail_that_left_while_the_disk_was_full_is_not_sent_again(world: World, database: str) -> None:
    """The disk is full from the third acceptance on; when there is room again everything is written down."""
    world.queue([f"p{number}@h.example" for number in range(8)])
    pids: list[int] = []

    def fill_up(point: str) -> None:
        if point == "text" and len(world.sink.received) == 3:
            resource.prlimit(pids[0], resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))

    world.sink.watch = fill_up
    with world.nodes() as nodes:
        pids.append(nodes.start("deliver", "--at", clock.local(at(8, 5)).isoformat()))
        while "sent_but_not_yet_written_down" not in nodes.said():
            sleep(0.05)
        resource.prlimit(pids[0], resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert nodes.wait(pids[0]) == 0
        assert world.broken(nodes) == []
    assert world.lost() == []
    assert world.sink.copies() == {}
