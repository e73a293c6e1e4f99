"""Wikidata's classes (P31) of films, and of works that are mistaken for films, by kind of work.

Items name their classes, but not the superclasses (P279*), so the subclasses in use are listed. They include genres:
an item should name its genre elsewhere (P136), but some do not.
"""

from typing import Final

from movie_db.contract.kinds import WorkKind

CLASSES: Final[dict[WorkKind, frozenset[str]]] = {
    "film": frozenset(
        {
            "Q11424",  # film
            "Q24869",  # feature film
            "Q202866",  # animated film
            "Q29168811",  # animated feature film
            "Q20650540",  # anime film
            "Q117717390",  # anime feature film
            "Q25110269",  # live-action/animated film
            "Q93204",  # documentary film
            "Q226730",  # silent film
            "Q229390",  # 3D film
            "Q7751682",  # serial film
            "Q1257444",  # film adaptation
            "Q336144",  # independent film
            "Q130232",  # drama film
            "Q157443",  # comedy film
            "Q157394",  # fantasy film
            "Q188473",  # action film
            "Q200092",  # horror film
            "Q319221",  # adventure film
            "Q369747",  # war film
            "Q471839",  # science fiction film
            "Q645928",  # biographical film
            "Q842256",  # musical film
            "Q959790",  # crime film
            "Q1054574",  # romance film
            "Q1535153",  # superhero film
            "Q2484376",  # thriller film
            "Q17123180",  # sequel film
            "Q104840802",  # film remake
            "Q52207399",  # film based on a novel
            "Q52162262",  # film based on literature
            "Q917641",  # open-source film
            "Q622548",  # parody film
            "Q185867",  # film noir
            "Q172980",  # Western film
            "Q860626",  # romantic comedy film
            "Q1361932",  # family film
            "Q2143665",  # children's film
            "Q1033891",  # martial arts film
            "Q853630",  # slasher film
            "Q1200678",  # mystery film
            "Q2297927",  # spy film
            "Q17013749",  # historical film
            "Q28026639",  # Christmas film
            "Q20656232",  # science fiction action film
        }
    ),
    "short film": frozenset(
        {
            "Q24862",  # short film
            "Q17517379",  # animated short film
            "Q117209498",  # anime short film
            "Q20667187",  # silent short film
        }
    ),
    "TV film": frozenset(
        {
            "Q506240",  # television film
            "Q98807719",  # animated television film
            "Q98701476",  # television film broadcast in two parts
            "Q1261214",  # television special
            "Q7697093",  # television play
        }
    ),
    "series": frozenset(
        {
            "Q5398426",  # television series
            "Q15416",  # television program
            "Q1259759",  # miniseries
            "Q526877",  # web series
            "Q581714",  # animated series
            "Q117467246",  # animated television series
            "Q117467261",  # anime series
            "Q63952888",  # anime television series
            "Q113671041",  # original net animation
            "Q1366112",  # drama television series
            "Q3464665",  # television series season
            "Q100269041",  # anime television series season
        }
    ),
    "other": frozenset(
        {
            "Q5",  # human
            "Q24856",  # film series
            "Q13593818",  # film trilogy
            "Q196600",  # media franchise
            "Q134556",  # single
            "Q7725310",  # series of creative works
            "Q21191270",  # television series episode
            "Q4167410",  # Wikimedia disambiguation page
            "Q13406463",  # Wikimedia list article
            "Q7725634",  # literary work
            "Q571",  # book
            "Q277759",  # book series
            "Q8261",  # novel
            "Q1667921",  # novel series
            "Q47461344",  # written work
            "Q25379",  # play
            "Q1004",  # comics
            "Q21198342",  # manga series
            "Q482994",  # album
            "Q4176708",  # soundtrack album
            "Q7366",  # song
            "Q105543609",  # musical work
            "Q215380",  # musical group
            "Q7889",  # video game
            "Q95074",  # fictional character
            "Q15632617",  # fictional human
            "Q15773347",  # film character
            "Q220505",  # film festival
            "Q618779",  # award
            "Q201658",  # film genre
            "Q1762059",  # film production company
            "Q10689397",  # television production company
            "Q6256",  # country
            "Q193977",  # music video
            "Q10590726",  # video album
            "Q653916",  # television pilot
            "Q113791292",  # animated short film series
            "Q130371093",  # film franchise
            "Q7058673",  # video game series
            "Q14406742",  # comic book series
            "Q725377",  # graphic novel
            "Q13593966",  # literary trilogy
            "Q49084",  # short story
            "Q2743",  # musical
            "Q1344",  # opera
            "Q58483083",  # dramatico-musical work
            "Q208569",  # studio album
            "Q209939",  # live album
            "Q222910",  # compilation album
            "Q169930",  # extended play
            "Q182832",  # concert
            "Q15773317",  # television character
            "Q3658341",  # literary character
            "Q15711870",  # animated character
            "Q1114461",  # comics character
            "Q375336",  # film studio
            "Q1107679",  # animation studio
            "Q41298",  # magazine
            "Q24634210",  # podcast
            "Q19020",  # Academy Awards
            "Q4220917",  # film award
            "Q1371849",  # filmography
        }
    ),
}

LEANINGS: Final[dict[str, WorkKind]] = {
    "Q18011172": "film",  # film project: to come, or given up
    "Q220898": "film",  # original video animation: one film, or a series on video
}
"""Classes that two kinds share. The texts decide first, and this kind is used if they don't."""
