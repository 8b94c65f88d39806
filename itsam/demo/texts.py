"""What the governance objects are about, in our own words (Swedish, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "grundanslag": (
        "Gemensamma funktioner som alla medlemmar betalar tillsammans: ledning, ekonomi, säkerhet, lokaler, revision och den "
        "centrala IT-miljön. Kostnaden beror knappt på hur mycket som levereras.",
        "Shared functions that all members pay together: management, finance, security, premises, audit and the central IT "
        "environment. The cost hardly depends on how much is delivered.",
    ),
    "utbildning": (
        "IT-stöd för förskola, skola och vuxenutbildning, från elevadministration till digitala prov.",
        "IT for preschool, school and adult education, from pupil administration to digital exams.",
    ),
    "socialtjanst": (
        "IT-stöd för äldreomsorg, funktionsstöd, individ- och familjeomsorg samt hemsjukvård, bland annat journalsystem, "
        "digitala lås och trygghetsteknik.",
        "IT for elderly care, disability support, individual and family services and home health care, among others case "
        "records, digital locks and assistive technology.",
    ),
    "samhallsbyggnad": (
        "IT-stöd för bygglov, miljötillsyn, gata och park, vatten och avlopp, fastighet, fiber och mellanarkiv.",
        "IT for building permits, environmental supervision, streets and parks, water, property, fibre and interim archives.",
    ),
    "kultur-fritid": (
        "IT-stöd för bibliotek, lokalbokning, kulturskola och föreningsliv.",
        "IT for libraries, bookings, the arts school and associations.",
    ),
    "ekonomi-inkop": (
        "IT-stöd för ekonomi, inköp och upphandling; ett gemensamt ekonomisystem förbereds.",
        "IT for finance, purchasing and procurement; a common finance system is being prepared.",
    ),
    "hr-lon": (
        "Gemensamma system för lön, schema, rekrytering och personaladministration.",
        "Common systems for payroll, scheduling, recruitment and personnel administration.",
    ),
    "medborgartjanster": (
        "Telefoni, växel, webbplatser, e-tjänster och ärendehantering för invånarna.",
        "Telephony, switchboard, web sites, e-services and case handling for the inhabitants.",
    ),
    "samarbetsplattform": (
        "Konton, kontorsprogram, dokument, diarium och arkiv som medarbetare och elever använder varje dag.",
        "Accounts, office software, documents, registry and archive used every day by staff and pupils.",
    ),
    "informationssakerhet": (
        "Dataskyddsombud, informationssäkerhet, säkra meddelanden och säker fjärranslutning.",
        "Data protection officer, information security, secure messages and secure remote access.",
    ),
    "nat": (
        "Accesspunkter, switchar, VPN och fastighetsnät. Stamnätet ligger i grundanslaget och i investeringarna.",
        "Access points, switches, VPN and property networks. The backbone is in the base grant and the investments.",
    ),
    "server": (
        "Servermiljö och två datahallar; det mesta finns i grundanslaget och i investeringarna.",
        "Servers and two data centres; most of it is in the base grant and the investments.",
    ),
    "klient": (
        "Datorer, surfplattor, telefoner, skrivare och A/V-utrustning som hyrs ut till medlemmarna.",
        "Computers, tablets, phones, printers and A/V equipment rented out to the members.",
    ),
    "arkitektur": (
        "Den gemensamma tekniska arkitekturen. Objektet har ingen egen delbudget.",
        "The common architecture. It has no sub-budget of its own.",
    ),
    "anvandarhantering": (
        "Hur konton skapas och avslutas, helst direkt från personalsystemet. Objektet har ingen egen delbudget.",
        "How accounts are created and closed, preferably straight from the HR system. It has no sub-budget of its own.",
    ),
}
