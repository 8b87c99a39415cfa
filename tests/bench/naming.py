"""Names for 100,000 children as they are spread in life: a few are everywhere, most are rare, many spellings."""

from collections.abc import Iterator

from outreach.children.search import name_keys

_FIRST_NAMES = (
    "Mohamed Yusuf Youssef Emma Noah Lotte Ayşe Aya Adam Mila Ibrahim Fatima Elif Milan Nora Omar Amina Liam Zeynep "
    "Khadija Finn Jade Yasmine Bilal Maryam Arthur Hamza Oğuz Louise Marouane Thijs Sofia Emir Anne-Sophie Ilyas"
)
_FIRST = _FIRST_NAMES.split()
_LAST = ("Peeters", "El Amrani", "Janssens", "Yılmaz", "Van den Broecke", "Maes", "Benali", "De Smedt", "Kaya")
_PARTS = ("Ver", "Van ", "De ", "Al ", "Bou", "Kar", "Wil", "Dem", "Stei", "Vande")
_ENDS = ("straete", "akker", "bosch", "man", "oğlu", "rani", "lems", "kinderen", "velde", "zidi", "ouari", "huyse")
_MIDDLES = ("ba", "lo", "mi", "ne", "ru", "sta", "ge", "da", "fi", "hou", "ko", "wa")


def names_of(number: int) -> tuple[str, str]:
    """First and last name of a child: every third has one of nine last names, the others one of 1,440."""
    first = _FIRST[(number * number) % 97 % len(_FIRST)]
    if number % 3 == 0:
        return first, _LAST[number // 3 % len(_LAST)]
    place = number // 7
    part, end = _PARTS[place % len(_PARTS)], _ENDS[place // 10 % len(_ENDS)]
    return first, f"{part}{_MIDDLES[place // 120 % len(_MIDDLES)]}{end}"


def search_keys(count: int) -> Iterator[dict[str, object]]:
    """The rows by which they are looked for."""
    for number in range(1, count + 1):
        for key in sorted(name_keys(*names_of(number))):
            yield {"child_id": number, "key": key}
