"""`kill -9` anywhere over reminding and delivering: nothing lost, copies only where nobody can know better."""

import os
from random import Random

import pytest

from tests.chaos.killing import Mornings
from tests.chaos.world import World


@pytest.mark.chaos
def test_two_hundred_kills(world: World, say) -> None:
    """Two hundred, at random moments and at chosen points, in as many mornings as it takes."""
    world.fill(people=20, steps=2)
    seed = int(os.environ.get("SEED", "4"))
    with world.nodes() as nodes:
        mornings = Mornings(world, nodes, Random(seed))
        while mornings.count.total < 200:
            mornings.pass_by(reminding=4, delivering=14)
        assert world.broken(nodes) == []
    say(f"{world.app.config['SETTINGS'].database_url.split(':')[0]}, seed {seed}: {mornings.count.in_words()}")
    assert mornings.count.kills["reminding"] >= 10


def test_some_kills(world: World) -> None:
    """A short sample of the same."""
    world.fill(people=5, steps=1)
    with world.nodes() as nodes:
        mornings = Mornings(world, nodes, Random(7))
        mornings.pass_by(reminding=1, delivering=3)
        assert world.broken(nodes) == []
    assert mornings.count.total
