"""The form that begins an import: from whom, for which period, and a file or a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.texts import compose
from records.import_kinds import ImportKind
from records.services.attachments import clean_name
from records.services.imports.opening import find_content_type
from records.services.imports.source import SourceError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from accounts.models import User

LONGEST_PASTED = 2_000_000


class BeginForm(forms.Form):
    """A file or a pasted text, of a source, for a period."""

    use_required_attribute = False
    source = forms.CharField(
        label=gettext_lazy("Name of the source"),
        max_length=80,
        help_text=gettext_lazy(
            "Who says it, for example SCB. The same name next time replaces what that source said for the same period."
        ),
    )
    period = forms.ChoiceField()
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        max_length=400,
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose another one.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste rows from Excel, with their headings"),
        required=False,
        strip=False,
        max_length=LONGEST_PASTED,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "class": "form-control text-reset"}),
    )
    content: bytes
    name: str

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        kind: ImportKind,
        user: User,
        period: str = "",
    ) -> None:
        super().__init__(data, files, initial={"period": period})
        chosen = cast(forms.ChoiceField, self.fields["period"])
        chosen.label = str(kind.period_label)
        chosen.choices = [("", _("Choose")), *kind.list_periods(user)]
        limit = filesizeformat(settings.ATTACHMENT_BYTES)
        self.fields["file"].help_text = _("Excel (.xlsx) or CSV, at most %(limit)s.") % {"limit": limit}

    def clean_source(self) -> str:
        """Return the name in its one form."""
        return " ".join(compose(self.cleaned_data["source"]).split())

    def clean(self) -> dict[str, object]:
        """Take the file, else the text, and see that it is a table."""
        values = self.cleaned_data
        file, text = values.get("file"), values.get("text") or ""
        if "file" in self.errors or "text" in self.errors:
            return values
        if file and text.strip():
            self.add_error("text", _("Choose a file or paste rows, not both."))
        elif file:
            self._take_file(file)
        elif text.strip():
            self.content, self.name = text.encode(), _("Pasted rows") + ".csv"
        else:
            self.add_error("file", _("Choose a file, or paste rows below."))
        return values

    def _take_file(self, file: UploadedFile[bytes]) -> None:
        if (file.size or 0) > settings.ATTACHMENT_BYTES:
            said = _("The file is %(size)s; at most %(limit)s can be read in.")
            limit = filesizeformat(settings.ATTACHMENT_BYTES)
            self.add_error("file", said % {"size": filesizeformat(file.size or 0), "limit": limit})
            return
        self.content, self.name = file.read(), clean_name(file.name or "")
        try:
            find_content_type(self.content)
        except SourceError as error:
            self.add_error("file", ValidationError(str(error)))
