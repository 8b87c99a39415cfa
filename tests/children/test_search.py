"""One name, written by many hands: whoever looks for it finds it, and one name alone is not enough to look."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, strategies as st

from outreach.children.search import compare, name_keys, name_pieces, question
from outreach.children.search_sounds import likeness, sounds
from outreach.children.search_terms import normal_phone, read_terms


def finds(typed: str, first_name: str, last_name: str) -> bool:
    """Whether these words lead to this child: by its keys in the database, and by the comparison after that."""
    asked, keys = question(typed), name_keys(first_name, last_name)
    alike = compare(asked, name_pieces(first_name, last_name), slips=False)
    told = {place for one in alike for place in one.asked.places}
    return (
        sum(one.found.weight for one in alike) > 1
        and asked.terms <= told
        and all(heard & keys for heard in asked.term_keys())
    )


PAIRS = """
    Yusuf/Youssef Yusuf/Yousef Mohamed/Mohammed Mohamed/Muhammad Ayse/Ayşe Aicha/Aisha Aïcha/Ayşa Oğuz/Oguz
    Oğuz/Oghuz Khalid/Halid Chalid/Khalid Khaled/Kaled Ahmed/Achmed Ahmet/Ahmed Khadija/Khadidja Khadija/Hadija
    Thijs/Thys Tijs/Thijs Dijk/Dyck Dierickx/Dirix Dierickx/Dierikx Smedt/Smet Broecke/Broeke Djamila/Jamila
    Oualid/Walid Marouane/Marwan Anouar/Anwar Hüseyin/Oussein Sarah/Sara Ömer/Omar Yakub/Yakup Sofija/Sofia
    Çelik/Celik Çelik/Chelik Charif/Sharif Stefan/Stephan Ayoub/Eyüp Wouters/Wauters Peeters/Peters Marijke/Maryke
    Bosch/Bos Philippe/Filip Christine/Kristine Zehra/Zahra Redouan/Redwan Abdurrahman/Abderrahman Ilias/Ilyas
    Jasmina/Yasmina Yassine/Jassin Nguyễn/Nguyen Kaya/Kaja Rachid/Rashid Bouchra/Bushra Quinten/Kwinten
    Cedric/Sedrik Łukasz/Lukas Gökhan/Gokan
"""


@pytest.mark.parametrize(
    "pair",
    PAIRS.split(),
)
def test_two_spellings_of_a_name_are_heard_as_one(pair: str) -> None:
    one, other = pair.split("/")
    assert finds(f"Aerts {one}", other, "Aerts")
    assert finds(f"{other} Aerts", one, "Aerts")


@pytest.mark.parametrize(
    "pair", ["Emma/Noah", "Lotte/Peeters", "Yusuf/Yasin", "Mohamed/Ahmed", "Amina/Samira", "Jan/Tom", "Ali/Peeters"]
)
def test_another_name_is_another_name(pair: str) -> None:
    one, other = pair.split("/")
    assert not finds(f"{one} Aerts", other, "Aerts")


@pytest.mark.parametrize(
    ("typed", "first_name", "last_name"),
    [
        ("yusuf vandenbroecke", "Youssef", "Van den Broecke"),
        ("Van den Broecke Yusuf", "Youssef", "Vandenbroecke"),
        ("broecke youssef", "Youssef", "Van Den Broecke"),
        ("Mohamed Elamrani", "Muhammad", "El Amrani"),
        ("el amrani mohamed", "Mohammed", "Elamrani"),
        ("Amrani Mohamed", "Mohammed", "Elamrani"),
        ("elamrani mohamed", "Muhammad", "El Amrani Idrissi"),
        ("anne sophie peeters", "Annesophie", "Peeters"),
        ("Annesophie Peeters", "Anne-Sophie", "Peeters"),
        ("jan d hondt", "Jan", "D'Hondt"),
        ("JAN DHONDT", "Jan", "D’Hondt"),
        ("aya ben salah", "Aya", "Bensalah"),
        ("bensalah aya", "Aya", "Ben Salah"),
        ("ben peeters", "Ben", "Peeters"),
        ("de smet lowie", "Lowie", "De Smedt"),
        ("ali alaoui", "Ali", "Alaoui"),
    ],
)
def test_spaces_articles_and_order_are_forgiven(typed: str, first_name: str, last_name: str) -> None:
    assert finds(typed, first_name, last_name)


def test_each_word_of_a_question_is_a_name_of_its_own() -> None:
    assert not finds("ali alaoui", "Ali", "Peeters")
    assert not finds("mo hamed", "Mohamed", "Peeters")


FIRST = ["Youssef", "Ayşe", "Mohammed", "Khadija", "Oğuz", "Anne-Sophie", "Thijs", "Marouane", "Zoë", "Çağla", "Ben"]
LAST = ["Van den Broecke", "El Amrani", "De Smedt", "Peeters", "Dierickx", "Ben Salah", "Yılmaz", "D'Hondt", "Wijnants"]

CHANGES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small": str.lower,
    "no accents": lambda name: name.translate(str.maketrans("şğıçëŞÇ", "sgiceSC")),
    "no hyphen": lambda name: name.replace("-", " "),
    "in one word": lambda name: name.replace(" ", "").replace("-", ""),
    "no apostrophe": lambda name: name.replace("'", ""),
    "one m": lambda name: name.replace("mm", "m").replace("ss", "s"),
    "ou for u": lambda name: name.replace("ou", "u"),
    "h for kh": lambda name: name.replace("Kh", "H"),
    "ch for kh": lambda name: name.replace("Kh", "Ch"),
    "y for ij": lambda name: name.replace("ij", "y"),
    "k for ck": lambda name: name.replace("ckx", "kx").replace("ck", "k"),
    "t for dt": lambda name: name.replace("dt", "t"),
    "dj for j": lambda name: name.replace("ij", "idj") if name.startswith("Kh") else name,
    "w for ou": lambda name: name.replace("oua", "wa"),
    "more spaces": lambda name: f"  {name.replace(' ', '   ')} ",
}


@given(
    st.sampled_from(FIRST),
    st.sampled_from(LAST),
    st.lists(st.sampled_from(sorted(CHANGES)), max_size=4),
    st.lists(st.sampled_from(sorted(CHANGES)), max_size=4),
    st.booleans(),
)
def test_a_name_written_in_any_known_way_is_found(
    first_name: str, last_name: str, on_first: list[str], on_last: list[str], turned: bool
) -> None:
    one, other = first_name, last_name
    for change in on_first:
        one = CHANGES[change](one)
    for change in on_last:
        other = CHANGES[change](other)
    assert finds(f"{other} {one}" if turned else f"{one} {other}", first_name, last_name)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_a_name_and_a_question(name: str, typed: str) -> None:
    compare(question(typed), name_pieces(name, "Peeters"), slips=True)
    assert all(name_keys(name, "Peeters"))
    read_terms(typed)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_word_sounds_like_itself(word: str) -> None:
    assert sounds(word)
    assert likeness(word, word) == 100


@pytest.mark.parametrize(
    "typed",
    [
        "10/3/2022",
        "10-03-2022",
        "10.3.2022",
        "10 3 2022",
        "10 maart 2022",
        "10 mrt. 2022",
        "10 mars 2022",
        "10 March 2022",
        "10de maart 2022",
        "2022-03-10",
        "2022/3/10",
        "10032022",
        "10/3/22",
    ],
)
def test_a_birth_date_is_read_as_people_write_it(typed: str) -> None:
    sought = read_terms(f"Lotte {typed}")
    assert sought.born_on == date(2022, 3, 10)
    assert len(sought.names.terms) == 1
    assert sought.enough


@pytest.mark.parametrize("typed", ["31/2/2022", "10/13/2022", "0/0/2022", "99 maart 2022"])
def test_a_day_that_is_none_is_no_birth_date(typed: str) -> None:
    assert read_terms(f"Lotte {typed}").born_on is None


@pytest.mark.parametrize(
    "typed",
    ["0470 12 34 56", "0470/12.34.56", "+32 470 12 34 56", "0032470123456", "+32 (0)470 12 34 56", "0470-123-456"],
)
def test_a_phone_number_is_one_number_however_written(typed: str) -> None:
    assert normal_phone(typed) == "0470123456"
    assert read_terms(typed).phone == "0470123456"
    assert read_terms(typed).enough


@pytest.mark.parametrize(
    "typed", ["", "Yusuf", "Van den Broecke", "el Amrani", "10/3/2022", "0470 12", "d' a", "van de"]
)
def test_one_word_or_a_date_alone_is_too_little(typed: str) -> None:
    assert not read_terms(typed).enough


@pytest.mark.parametrize("typed", ["Yusuf Peeters", "Yusuf 10/3/2022", "el Amrani Mohamed", "0470 12 34 56"])
def test_two_names_or_a_name_and_a_date_are_enough(typed: str) -> None:
    assert read_terms(typed).enough
