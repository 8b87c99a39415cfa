"""Streets of the area where the families of the world live; which house is chance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Street:
    """A street with its municipality as a list writes it; `boxes` where houses are shared by several families."""

    name: str
    postcode: str
    municipality: str
    nis: str
    weight: int
    boxes: bool = False


def _gent(name: str, postcode: str, weight: int = 4, *, boxes: bool = False) -> Street:
    return Street(name, postcode, "Gent", "44021", weight, boxes)


STREETS = (
    _gent("Bevrijdingslaan", "9000", 8, boxes=True),
    _gent("Brugse Poortstraat", "9000", 6),
    _gent("Phoenixstraat", "9000", 4),
    _gent("Sleepstraat", "9000", 7, boxes=True),
    _gent("Tolhuislaan", "9000", 5, boxes=True),
    _gent("Rooigemlaan", "9000", 3, boxes=True),
    _gent("Kasteellaan", "9000", 3),
    _gent("Wondelgemstraat", "9000", 5),
    _gent("Muidelaan", "9000", 5, boxes=True),
    _gent("Meulestedekaai", "9000", 4),
    _gent("Land van Waaslaan", "9040", 5, boxes=True),
    _gent("Dampoortstraat", "9000", 4),
    _gent("Antwerpsesteenweg", "9040", 3),
    _gent("Ledebergplein", "9050", 4, boxes=True),
    _gent("Hundelgemsesteenweg", "9050", 5),
    _gent("Forelstraat", "9000", 3),
    _gent("Gasmeterlaan", "9000", 3, boxes=True),
    _gent("'s-Gravenstraat", "9030", 2),
    _gent("Noorderlaan", "9041", 3),
    Street("Hundelgemsesteenweg", "9820", "Merelbeke-Melle", "44088", 3),
    Street("Brusselsesteenweg", "9090", "Merelbeke-Melle", "44088", 3),
    Street("Dendermondsesteenweg", "9070", "Destelbergen", "44013", 3),
    Street("Grote Markt", "9060", "Zelzate", "43018", 2),
    Street("Kanaalstraat", "9060", "Zelzate", "43018", 2),
)

RECEPTION_CENTRE = Street("Reigerstraat", "9000", "Gent", "44021", 0)
"""Seven children at one address: the list cannot know that several families live there."""

NEXT_DOOR = Street("Durmelaan", "9160", "Lokeren", "46029", 0)
FAR_AWAY = Street("Turnhoutsebaan", "2140", "Antwerpen", "11002", 0)
"""Where a list's children sometimes live without the list being meant for that place."""

NEIGHBOUR_STREETS = (
    Street("Durmelaan", "9160", "Lokeren", "46029", 4),
    Street("Zelebaan", "9160", "Lokeren", "46029", 4),
    Street("Dorp-Oost", "9080", "Lochristi", "44087", 3),
)
