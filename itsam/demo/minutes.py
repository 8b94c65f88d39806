"""The minutes of the board's meeting of 26 March 2026, whole, as far as they are public: what each paragraph decided and why.

Names of people are left out. Amounts are in tkr unless kronor are said.
"""

from __future__ import annotations

from datetime import date
from typing import Final

MEETING_ON: Final = date(2026, 3, 26)
APPROVED_ON: Final = date(2026, 3, 26)
NOTICED_ON: Final = date(2026, 3, 27)

# What follows the heading of each paragraph.
MINUTES: Final[dict[int, str]] = {
    16: """Direktionen beslutar att godkänna årsbokslutet för 2025. Det är ett andra beslut: kassaflödesanalysen har justerats efter ett förtydligande av RKR:s rekommendation, så det tidigare beslutet stämde inte längre med den. Beslutet skickas till medlemmarna.

Årets resultat är −3 808 tkr, i linje med budgeterade −4 000 tkr. Det är det andra steget i att använda 14 000 tkr av det egna kapitalet under tre år.

Tre avvikelser är större än andra. Omställningen av personal gick långsammare än budgeterat: 2 300 tkr mer i personalkostnad. En specialisttjänst kunde inte debiteras: 1 411 tkr lägre intäkter; den var ny i Budget 2025 och finns inte i Budget 2026. Avskrivningarna blev lägre eftersom utbyte av enheter, accesspunkter och en fiberring försenades, vilket förbättrar resultatet.

God ekonomisk hushållning: tre av tre finansiella mål är uppfyllda. Av sex verksamhetsmål är fyra uppfyllda och två i huvudsak uppfyllda. Den samlade bedömningen är i huvudsak uppfyllt.

Sammanträdet hölls 2026-03-26 kl. 10.00. Beslutande var tre ledamöter och två tjänstgörande ersättare, en från varje medlemskommun: Ödeshög (ordförande), Åtvidaberg (vice ordförande) och Boxholm, med ersättare för Vimmerby och Ydre. Övriga närvarande: en kommundirektör, förbundsdirektören, ekonomen och vice förbundsdirektören, som var sekreterare. Protokollet justerades digitalt samma dag, anslogs 2026-03-27 och togs ned 2026-04-17.""",
    17: """Direktionen ställer sig bakom den föreslagna processen som underlag för det fortsatta arbetet. Bilagor: tjänsteskrivelse 2026-03-05 och kommundirektörernas minnesanteckningar.

1. Sondering: förbundet och kommundirektörerna talar med den intresserade kommunen.

2. Avsiktsförklaring: förbereds av en kommundirektör, förbundsdirektören och den nya kommunens kommundirektör. Den beslutas av kommunstyrelsen i den nya kommunen och av direktionen.

3. Utredning: tekniskt, ekonomiskt och avtalsmässigt. Den föreslår anslutningsavtal, förbundsordning, samverkansavtal och tidplan. Den leds av en styrgrupp med den nya kommunens ledning, ledningen i två medlemskommuner och förbundsdirektören, och tar ungefär sex månader.

4. Beslut: varje medlems fullmäktige beslutar om förbundsordningen, kommunerna och direktionen om ett nytt samverkansavtal.

5. Genomförande i etapper under flera år. Anslutningsavtalet säger när och hur den nya medlemmen börjar dela de gemensamma kostnaderna. Från beslutet deltar den i styr- och samverkansmodellen.""",
    18: """Direktionen beslutar att föreslå varje medlems fullmäktige att besluta om en ny solidarisk borgen på 130 mkr. Bilaga: tjänsteskrivelse 2026-03-02. Beslutet skickas till medlemmarna.

Varje fullmäktige föreslås besluta:

a) Förbundet får, genom beslut av direktionen, låna högst 130 000 000 kr till investeringar.

b) Kommunen går i borgen såsom för egen skuld för förbundets lån upp till sammanlagt 130 000 000 kr, med ränta och kostnader på dem.

c) Ingen borgensavgift tas ut.

d) Ett nytt regressavtal ingås mellan de fem kommunerna.

e) Det gamla regressavtalet upphör när alla har undertecknat det nya.

f) Beslutet ersätter fullmäktiges tidigare beslut.

g) Beslutet gäller bara om alla medlemmars fullmäktige beslutar det.

Skäl: den nuvarande ramen på 80 000 tkr väntas vara fullt utnyttjad i slutet av 2026 enligt den reviderade budgeten. Priserna på hårdvara stiger: 2026 års datorer och elevdatorer är beställda tidigt till kända priser, resten köps vid behov och kan kosta mer, genom tilläggsäskanden; en alternativ hårdvarustrategi förbereds. Ett gemensamt ekonomisystem och andra system utan känt pris väntas. Den nya ramen bedöms räcka för dagens antal datorer, surfplattor och telefoner med upp till 50 procent högre priser, med en del avsatt för system utan pris och för den årliga utvecklingspotten på 2 000 tkr.""",
    19: "Direktionen lägger informationen till handlingarna: utbildning i den nya cybersäkerhetslagen.",
    20: "Direktionen lägger informationen till handlingarna: en ny förbundsdirektör börjar den 1 april, och två tekniker slutar.",
}


def full_text(heading: str, meeting_on: date | None, paragraph: int | None) -> str:
    """Return a decision's heading, followed by its minutes where they are known."""
    body = MINUTES.get(paragraph or 0) if meeting_on == MEETING_ON else None
    return f"{heading}\n\n{body}" if body else heading
