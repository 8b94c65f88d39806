"""Forms of comments, tasks, attachments and the choice of mail. Whom they offer is given by the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.days import DayKind
from records.models import MailPreference
from records.models.comments import LONGEST_COMMENT, LONGEST_TASK
from records.services.attachments import ACCEPT, FileError, read_upload
from records.services.mentions import read_mentions
from web.days import DayFormField
from web.fields import AsksAboutSlips

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from accounts.models import User
    from records.services.attachments import Upload


class LongTextField(forms.CharField):
    """A text of several lines; its line ends are stored, and counted, as one character, as browsers count them."""

    def to_python(self, value: object) -> str:
        """Return the text."""
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))


class CommentForm(forms.Form):
    """A comment. @name in the text, or the choice of a person, mentions one of `people`."""

    use_required_attribute = False
    text = LongTextField(
        label=gettext_lazy("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    mention = forms.ChoiceField(label=gettext_lazy("Mention somebody"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        people: Sequence[User],
        key: str = "new",
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, auto_id=f"comment-{key}-%s", initial=initial)
        self.people = {str(person.uuid): person for person in people}
        self.mentioned: list[User] = []
        self.unknown: list[str] = []
        names = [(uuid, person.get_full_name()) for uuid, person in self.people.items()]
        cast(forms.ChoiceField, self.fields["mention"]).choices = [("", _("Nobody"))] + names
        self.fields["text"].help_text = _("Write @ and a name to mention somebody, who is then told.")

    def clean(self) -> dict[str, object]:
        """Put the chosen person before the text unless it names the person; names that are nobody's are kept as text."""
        values = self.cleaned_data
        if "text" not in values:
            return values
        text = values["text"]
        self.mentioned, self.unknown = read_mentions(text, self.people.values())
        chosen = self.people.get(values.get("mention") or "")
        if chosen is not None and chosen not in self.mentioned:
            text = f"@{chosen.get_full_name()} {text}"
            self.mentioned.append(chosen)
        return {**values, "text": text}

    def say_unknown(self) -> str:
        """Say whom the text names who is nobody, so that nobody was told; empty when there are none."""
        names = ", ".join(_("“%(name)s”") % {"name": name} for name in dict.fromkeys(self.unknown))
        return (
            _("Nobody was told, since nobody who sees this page is called %(names)s.") % {"names": names}
            if names
            else ""
        )


class ReplyForm(CommentForm):
    """A reply, or a comment that is changed: a text alone."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        people: Sequence[User],
        key: str = "new",
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, people=people, key=key, initial=initial)
        del self.fields["mention"]


class TaskForm(AsksAboutSlips, forms.Form):
    """A task for one of `people`."""

    use_required_attribute = False
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LONGEST_TASK)
    to = forms.ChoiceField(label=gettext_lazy("Who does it"))
    due_on = DayFormField(label=gettext_lazy("Last day"), required=False, back=5, ahead=5, kind=DayKind.COMING)

    def __init__(
        self, data: QueryDict | None = None, *, people: Sequence[User], initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, auto_id="task-%s", initial=initial)
        self.people = {str(person.uuid): person for person in people}
        names = [(uuid, person.get_full_name()) for uuid, person in self.people.items()]
        cast(forms.ChoiceField, self.fields["to"]).choices = [("", _("Choose a person"))] + names

    def clean_to(self) -> User:
        """Return the person."""
        return self.people[self.cleaned_data["to"]]


class AttachmentForm(forms.Form):
    """A file to attach; its content says what it is."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=400,
        widget=forms.FileInput({"accept": ACCEPT}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose another one.")},
    )
    upload: Upload

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict[str, UploadedFile[bytes]] | None = None
    ) -> None:
        super().__init__(data, files)
        words = _("PDF, Word, Excel, PowerPoint, OpenDocument or an image, at most %(limit)s.")
        self.fields["file"].help_text = words % {"limit": filesizeformat(settings.ATTACHMENT_BYTES)}

    def clean_file(self) -> UploadedFile[bytes]:
        """Read the file, or say what is wrong with it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            self.upload = read_upload(file)
        except FileError as error:
            raise ValidationError(str(error)) from error
        return file


class MailForm(forms.Form):
    """When a person wants mail."""

    when = forms.ChoiceField(
        label=gettext_lazy("When do you want mail?"), choices=MailPreference.When.choices, widget=forms.RadioSelect
    )
