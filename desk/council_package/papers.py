"""The documents that a package makes by itself, as Word files in Swedish: the proposal, the agreement and the forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.council_package.clauses import LANGUAGE, letter
from forecasts.selectors.councils import PackageState
from forecasts.selectors.loans import YearDebt
from records.services.attachments import Upload
from web.numbers import format_quantity, format_tkr
from web.word import CONTENT_TYPE, Grid, Heading, Paragraph, Part, write_word


@dataclass(frozen=True)
class Facts:
    """What the documents are made of: the framework on its way, the federation's name, and the debt by year end."""

    state: PackageState
    federation: str
    debts: Sequence[YearDebt]

    @property
    def amount(self) -> str:
        """The framework, tkr."""
        return format_tkr(self.state.state.framework.amount_ore)


def _propose(facts: Facts) -> list[Part]:
    package = facts.state.package
    told = {"federation": facts.federation, "amount": facts.amount}
    return [
        Heading(_("New borrowing framework of %(amount)s tkr for %(federation)s") % told),
        Paragraph(_refer(facts)),
        Heading(_("Proposed decision of the council"), 2),
        *(Paragraph(text, mark) for mark, text in letter(package.clauses if package is not None else [])),
    ]


def _refer(facts: Facts) -> str:
    decision = facts.state.state.framework.decided_by
    if decision is None or decision.meeting_on is None:
        return _("Proposed by the board of %(federation)s.") % {"federation": facts.federation}
    words = _("Proposed by the board of %(federation)s on %(day)s, § %(paragraph)s, registry number %(number)s.")
    return words % {
        "federation": facts.federation,
        "day": date_format(decision.meeting_on, "j F Y"),
        "paragraph": decision.paragraph or "–",
        "number": decision.registry_no or "–",
    }


def _agree(facts: Facts) -> list[Part]:
    agreement = facts.state.agreement
    parties = list(agreement.parties.all()) if agreement is not None else []
    shares = [(row.municipality.name, f"{format_quantity(row.share_percent)} %") for row in parties]
    signatures = [(row.municipality.name, "", "", "") for row in parties]
    told = {"federation": facts.federation, "amount": facts.amount}
    words = _(
        "The municipalities below have stood surety as for their own debt for the loans of %(federation)s up to %(amount)s tkr, with interest and costs on them. If one of them pays more than its share of what the surety costs, the others make good what is beyond it, in proportion to these shares."
    )
    return [
        Heading(_("Recourse agreement")),
        Paragraph(words % told),
        *(
            [Paragraph(_("The shares are by: %(basis)s.") % {"basis": agreement.basis})]
            if agreement and agreement.basis
            else []
        ),
        Grid((_("Municipality"), _("Share")), shares),
        Paragraph(_("The agreement is in force when all have signed it. The earlier recourse agreement ends then.")),
        Heading(_("Signatures"), 2),
        Grid((_("Municipality"), _("Place and day"), _("Signature"), _("Name")), signatures),
    ]


def _forecast(facts: Facts) -> list[Part]:
    framework = facts.state.state.framework
    rows = [
        (
            str(row.year),
            format_tkr(row.debt),
            format_tkr(row.framework),
            format_tkr(row.headroom),
            format_tkr(facts.state.state.headroom_over(row.debt)),
        )
        for row in facts.debts
    ]
    heads = (
        _("31 December"),
        _("Debt, tkr"),
        _("Framework in force, tkr"),
        _("Headroom, tkr"),
        _("Headroom with %(amount)s, tkr") % {"amount": format_tkr(framework.amount_ore)},
    )
    assumed = [str(row.year) for row in facts.debts if row.source == "assumed"]
    said = _("Of the years %(years)s a part is assumed.") % {"years": ", ".join(assumed)} if assumed else ""
    return [
        Heading(_("Loan forecast of %(federation)s") % {"federation": facts.federation}),
        Grid(heads, rows),
        *([Paragraph(said)] if said else []),
    ]


@dataclass(frozen=True)
class Paper:
    """A kind of document: its key in addresses, its name, and what is in it."""

    key: str
    name: object
    write: Callable[[Facts], list[Part]]

    @property
    def file_name(self) -> str:
        """Return its file's name, in the language of the document."""
        with translation.override(LANGUAGE):
            return f"{self.name}.docx"

    def make(self, facts: Facts) -> Upload:
        """Return the document as a file."""
        with translation.override(LANGUAGE):
            return Upload(self.file_name, CONTENT_TYPE, write_word(self.write(facts), language="sv-SE"))


PAPERS = (
    Paper("proposal", gettext_lazy("Proposed decision, text to paste"), _propose),
    Paper("agreement", gettext_lazy("Recourse agreement, to sign"), _agree),
    Paper("forecast", gettext_lazy("Loan forecast"), _forecast),
)


def list_papers(state: PackageState) -> list[Paper]:
    """Return the documents that can be made: an agreement only where there is one."""
    return [paper for paper in PAPERS if paper.key != "agreement" or state.agreement is not None]
