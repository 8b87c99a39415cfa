"""Names of families as they live in a Flemish city, put together by chance: nobody in particular."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Circle:
    """Families that share a language at home; `weight` is how many of a hundred."""

    language: str
    weight: int
    last_names: tuple[str, ...]
    first_names: tuple[str, ...]
    parents: tuple[str, ...]


def _circle(language: str, weight: int, last_names: str, first_names: str, parents: str) -> Circle:
    return Circle(language, weight, _split(last_names), _split(first_names), _split(parents))


def _split(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


CIRCLES = (
    _circle(
        "nl", 27,
        "Goossens, D'Hondt, Van Acker, De Clercq, Mertens, Verhaeghe, Vandenbossche, Claes, De Backer, Van de Velde, "
        "Maes, Lambert, Vanden Berghe, De Smet, Jacobs",
        "Emiel, Lou, Mila, Juul, Finn, Nora, Arthur, Louise, Jef, Olivia, Noor, Liam, Renée, Vic, Ella, Lars",
        "Stijn, Evelien, Kim, Jeroen, Sarah, Wouter, Annelies, Bart",
    ),
    _circle(
        "tr", 14,
        "Yılmaz, Çelik, Öztürk, Şahin, Kaya, Aydın, Güler, Doğan",
        "Zeynep, Elif, Ömer, Yusuf, Asya, Eymen, Defne, Kerem, Ecrin, Çınar",
        "Ayşe, Mehmet, Emine, Hüseyin, Gülşen, Murat",
    ),
    _circle(
        "bg", 13,
        "Dimitrova, Ivanov, Petrov, Angelova, Asenov, Mihaylova, Stefanov",
        "Denisa, Aleksandr, Mariya, Georgi, Sevda, Dimitar, Raya, Nikolay",
        "Sevdalina, Stoyan, Fatme, Hristo, Ayten",
    ),
    _circle(
        "sk", 10,
        "Horváthová, Balogová, Mirga, Lakatošová, Kováčová, Tokárová",
        "Zuzana, Adam, Jakub, Vanesa, Ján, Laura, Dominik, Viktória",
        "Monika, Marek, Renáta, Ľubomír",
    ),
    _circle(
        "ar", 14,
        "El Amrani, Ben Salah, Bouazza, Aït Taleb, Haddad, Al-Khatib, Benali, Safi",
        "Aya, Youssef, Inès, Adam, Safiya, Ibrahim, Nour, Ilyas, Amina, Mohamed",
        "Khadija, Rachid, Fatima, Omar, Samira, Hassan",
    ),
    _circle(
        "so", 6,
        "Warsame, Abdi, Farah, Nur",
        "Hodan, Ayaan, Zahra, Bilal, Ikram, Abdirahman",
        "Hibo, Abdullahi, Sahra",
    ),
    _circle(
        "fr", 6,
        "Diallo, Mbuyi, Sow, Lefèvre, Kabongo",
        "Fatoumata, Grâce, Noah, Anaïs, Exaucé, Zoë, Prince",
        "Aminata, Jean-Pierre, Chantal, Moussa",
    ),
    _circle(
        "en", 4,
        "Mensah, Owusu, O'Connor, Boateng",
        "Kwame, Abena, Ama, Kofi, Akosua",
        "Comfort, Emmanuel, Grace",
    ),
    _circle(
        "ps", 3,
        "Ahmadzai, Stanikzai, Rahimi",
        "Omid, Zahra, Mustafa, Parwana",
        "Gulalai, Najib, Shabnam",
    ),
    _circle(
        "other", 3,
        "Nguyễn, Trần, Phạm",
        "Linh, Minh, An, Bảo",
        "Hương, Tuấn",
    ),
)  # fmt: skip
