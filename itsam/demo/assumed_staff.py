"""What `solve_pools` assumes of the federation's staff: posts, teams, and which teams work on what.

Titles, employment and the split on teams are ours; that they come to the published figures is what the script sees to.
"""

from __future__ import annotations

from dataclasses import dataclass

TEAMS = ("support", "klient-och-konto", "nat-och-server", "system", "sakerhet")
OFFICE = "Förbundskontoret"
HOURS_PER_FULL_TIME = 1720


@dataclass(frozen=True)
class AssumedPost:
    """A post before its pay is solved: `pay` is where the search begins, SEK a month in full time.

    `carriers` are a product of the base grant, or teams with the weight of each.
    """

    title: str
    unit: str
    percent: int
    pay: int
    carriers: tuple[tuple[str, int], ...]
    kind: str = "post"


def _of_grant(
    product: str, title: str, percent: int, *pays: int, unit: str = OFFICE, kind: str = "post"
) -> list[AssumedPost]:
    return [AssumedPost(title, unit, percent, pay, ((product, 1),), kind) for pay in pays]


GOVERNANCE = "Personalorganisation styr- och samverkansmodell"
GRANT_POSTS = [
    *_of_grant("Förbundsdirektör 100%", "Förbundsdirektör", 100, 95_700),
    *_of_grant("Förbundssekreterare 50%", "Förbundssekreterare", 50, 56_700),
    *_of_grant("Ekonomiansvarig 100%", "Ekonomiansvarig", 100, 63_800),
    *_of_grant("Ekonomiassistent 100%", "Ekonomiassistent", 100, 43_800),
    *_of_grant("Säkerhetsansvar 40%", "Säkerhetsansvarig", 40, 63_600),
    *_of_grant(GOVERNANCE, "Objektledare", 100, 51_400, 50_900, 50_200),
    *_of_grant(GOVERNANCE, "Utvecklingsstrateg", 100, 55_300),
    *_of_grant(GOVERNANCE, "Portföljsamordnare", 100, 52_800),
    *_of_grant("Beredskap", "Beredskap, tekniker", 100, 41_800, unit="Drift och support", kind="on_call"),
    *_of_grant("Central IT-miljö, personalresurs", "IT-arkitekt", 100, 61_200, unit="Drift och support"),
    *_of_grant("Central IT-miljö, personalresurs", "Drifttekniker", 100, 56_000, 55_300, unit="Drift och support"),
]


def _of_team(title: str, unit: str, percent: int, pays: tuple[int, ...], **carriers: int) -> list[AssumedPost]:
    named = tuple((name.replace("_", "-"), weight) for name, weight in carriers.items())
    return [AssumedPost(title, unit, percent, pay, named) for pay in pays]


TEAM_POSTS = [
    *_of_team("Supporttekniker", "Servicedesk", 100, (36_900, 37_400, 38_200, 38_800, 39_500, 40_300), support=100),
    *_of_team("Supporttekniker", "Servicedesk", 80, (37_900,), support=100),
    *_of_team("Samordnare servicedesk", "Servicedesk", 100, (45_600,), support=100),
    *_of_team("Tekniker på plats", "Servicedesk", 100, (38_600,), support=50, klient_och_konto=50),
    *_of_team("Klienttekniker", "Klient och konto", 100, (42_200, 43_100, 44_000), klient_och_konto=100),
    *_of_team("Kontoadministratör", "Klient och konto", 75, (38_400,), klient_och_konto=100),
    *_of_team("Systemspecialist identitet", "Klient och konto", 100, (50_100,), klient_och_konto=90, sakerhet=10),
    *_of_team("Nätverkstekniker", "Nät och server", 100, (47_300, 48_600), nat_och_server=100),
    *_of_team("Servertekniker", "Nät och server", 100, (49_800,), nat_och_server=100),
    *_of_team("Systemförvaltare", "System", 100, (45_700, 46_500, 47_200, 48_000), system=100),
    *_of_team("Utvecklare e-tjänster och webb", "System", 100, (49_300, 50_200), system=100),
    *_of_team("Integrationsutvecklare", "System", 45, (51_500,), system=2, sakerhet=1),
    *_of_team("Informationssäkerhetssamordnare", "Säkerhet", 100, (52_800,), sakerhet=100),
    *_of_team("IT-säkerhetsspecialist", "Säkerhet", 50, (53_600,), sakerhet=100),
]  # fmt: skip

# Staff that is hired, by team, and the cost of staff beside pay, SEK 2026; both rise with the wage revision.
HIRED = {"support": ("Inhyrd supporttekniker", 396_000), "system": ("Inhyrd systemutvecklare", 633_000)}
OTHER_STAFF = ("Friskvård, företagshälsovård och rekrytering", 497_000)
# The overhead, by parts of a hundred.
OVERHEAD = {
    "Köpta ekonomi- och lönetjänster": 17,
    "Utbildning och kompetensutveckling": 14,
    "Resor och tjänstebilar": 11,
    "Program och licenser för eget bruk": 16,
    "Datorer, telefoni och kontorsmaterial": 12,
    "Ärendehantering och övervakningsverktyg": 15,
    "Försäkringar och avgifter": 7,
    "Juridiskt stöd och upphandling": 5,
    "Användarträffar och information": 3,
}

# Hours of the teams, as drawn, per product, or per sub-budget for all of its other products.
HOURS = {
    "Datorer och surfplattor support": (5504, 2930, 0, 0, 444),
    "Mobiltelefoner support": (417, 222, 0, 0, 33),
    "Datorer och surfplattor licens": (0, 575, 0, 0, 0),
    "Skrivartjänst support": (202, 51, 0, 0, 0),
    "Mobiltelefoner licens": (0, 167, 0, 0, 18),
    "Skrivartjänst licens": (0, 74, 0, 0, 0),
    "AV-utrustning support": (53, 0, 0, 0, 0),
    "Användarkonton ADM": (2016, 3024, 538, 806, 336),
    "Användarkonton Elever": (513, 770, 137, 205, 85),
    "Adobe": (179, 416, 0, 0, 0),
    "Användarkonton Bolag": (174, 261, 47, 70, 29),
    "Säkra molntjänster": (0, 41, 124, 0, 41),
    "Dokumenthanteringssystem": (0, 0, 12, 50, 0),
    "Lifecare support": (3869, 336, 0, 4206, 0),
    "Lifecare Grundmodul": (0, 0, 0, 553, 0),
    "AiAi": (0, 0, 0, 56, 0),
    "nat": (473, 0, 3883, 0, 378),
    "medborgartjanster": (445, 0, 223, 3041, 0),
    "informationssakerhet": (0, 0, 0, 183, 1652),
    "hr-lon": (295, 0, 0, 1182, 0),
    "utbildning": (115, 0, 0, 267, 0),
    "ekonomi-inkop": (0, 0, 124, 82, 0),
    "samhallsbyggnad": (14, 0, 72, 57, 0),
    "server": (0, 0, 33, 14, 0),
}
# What has one server all year; its cost tells what an hour of a server costs each year.
ONE_SERVER, HOURS_OF_YEARS = "EDP Mobile", (8760, 8760, 8784)
