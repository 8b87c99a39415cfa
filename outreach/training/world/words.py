"""What people of the world write down: notes as a worker types them after a visit, without names."""

AFTER_A_TALK = (
    "Mama vertelt dat het oudste nichtje ook naar deze buurtschool gaat. Ze wil eerst eens binnenkijken.",
    "Vooral bezorgd over het middagdutje en het toilet. Uitgelegd dat niet zindelijk zijn geen bezwaar is.",
    "Papa werkt in ploegen; best bellen na 17 uur. Wil graag mee naar de rondleiding.",
    "Kosten waren de grote vraag. Maximumfactuur en kleutertoeslag uitgelegd.",
    "Het gezin woont hier pas drie maanden en kent nog geen scholen in de buurt.",
    "Grootmoeder vangt het kind op; zij is eigenlijk ook wel voor een paar halve dagen te vinden.",
    "Veel afgebeeld met de pictokaarten. De dagindeling van de klas sprak erg aan.",
    "Mama wil dat haar kind eerst wat Nederlands hoort. Verteld dat dat net in de klas gebeurt.",
)
AT_A_CLOSED_DOOR = (
    "Gordijnen dicht, wel een fiets in de gang. Kaartje in de bus gestoken.",
    "Buurvrouw zegt dat ze 's avonds thuis zijn.",
    "Bel werkt niet. Geklopt, geen antwoord. Briefje achtergelaten.",
    "Naam staat op de bel, niemand thuis op woensdagnamiddag.",
)
SHARED = (
    "Kind heeft een notenallergie; ouders bespreken dit zelf met de juf.",
    "Ouders vragen een tolk Turks bij het eerste gesprek op school.",
    "Graag de eerste week alleen voormiddagen.",
    "Mama kan 's morgens pas vanaf 8.45 uur, na het jongste kind.",
)
ADVICE = ("evening", "morning", "wednesday", "ring_first", "afternoon")
QUESTION = "Kan er een tolk mee op huisbezoek? Liefst in de voormiddag."
ANSWER = "Tolk gevonden, belt zelf om een moment af te spreken."
