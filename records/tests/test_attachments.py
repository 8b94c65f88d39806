"""Attachments: known by content, called by a safe name, refused with words, served privately."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import SubBudget
from budgets.services.collaboration import attach_file
from records.models import StoredFile
from records.services.attachments import FileError, Upload, clean_name, find_type, read_upload
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
ADDRESS = ("budget-2027", "socialtjanst")
ADOPTED = ("budget-2026", "socialtjanst")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
EXE = b"MZ\x90\x00\x03" + b"\0" * 60


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def package(members: dict[str, bytes], *, stored: bool = False) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as found:
        for name, data in members.items():
            found.writestr(name, data)
    return content.getvalue()


def office(part: str, **more: bytes) -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


def open_document(kind: str, **more: bytes) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return package({"mimetype": said, "content.xml": b"<x/>", **more}, stored=True)


GOOD = {
    "avtal.pdf": PDF,
    "brev.docx": office("word/document.xml"),
    "kalkyl.xlsx": office("xl/workbook.xml"),
    "bilder.pptx": office("ppt/presentation.xml"),
    "text.odt": open_document("text"),
    "ark.ods": open_document("spreadsheet"),
    "bild.png": PNG,
    "foto.JPEG": b"\xff\xd8\xff\xe0" + b"\0" * 20,
    "foto.jpg": b"\xff\xd8\xff\xe1" + b"\0" * 20,
    "bild.webp": b"RIFF\x10\0\0\0WEBPVP8 ",
}
BAD = {
    "program.pdf": EXE,
    "program.exe": EXE,
    "sida.html": b"<html><script>alert(1)</script>",
    "sida.pdf": b"<html><script>alert(1)</script>",
    "bild.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "arkiv.zip": package({"a.txt": b"x"}),
    "arkiv.docx": package({"a.txt": b"x"}),
    "brev.xlsx": office("word/document.xml"),
    "avtal.docx": PDF,
    "avtal": PDF,
    ".pdf": PDF,
    "makron.docx": office("word/document.xml", **{"word/vbaProject.bin": b"x"}),
    "makron.odt": open_document("text", **{"Basic/Standard/Module1.xml": b"x"}),
    "skript.ods": open_document("spreadsheet", **{"Scripts/python/a.py": b"x"}),
    "trasig.docx": b"PK\x03\x04 not really a document",
    "teckning.odt": open_document("graphics"),
    "tom.pdf": b"",
}


def url(name: str, *more: Any, address: tuple[str, str] = ADDRESS, about: Any = "") -> str:
    return reverse(f"budgets:{name}", args=[*address, *more]) + (f"?about={about}" if about else "")


def attach(
    name: str = "avtal.pdf", content: bytes = PDF, *, by: str = "objektagare", address: tuple[str, str] = ADDRESS
) -> Any:
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    return client_of(by).post(url("files", address=address), {"file": file})


@pytest.mark.parametrize("name", GOOD)
def test_what_may_be_attached_is_known_by_its_content(name: str) -> None:
    assert attach(name, GOOD[name]).status_code == 302
    file = StoredFile.objects.get()
    assert (file.name, file.size) == (name, len(GOOD[name]))
    assert file.content_type != "application/octet-stream"


@pytest.mark.parametrize("name", BAD)
def test_disguised_and_other_files_are_refused_with_words_and_nothing_is_stored(name: str, folder: Path) -> None:
    response = attach(name, BAD[name])
    assert response.status_code == 422
    assert "attachments" in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert not StoredFile.objects.exists()
    assert list(folder.glob("*/*")) == []


def test_form_without_a_file_answers_422() -> None:
    assert client_of("ekonom").post(url("files"), {}).status_code == 422
    assert client_of("ekonom").post(url("files"), {"file": "avtal.pdf"}).status_code == 422


def test_file_above_the_limit_is_refused_with_both_sizes(settings: Any) -> None:
    settings.ATTACHMENT_BYTES = 30
    response = attach("avtal.pdf", PDF + b"x" * 30)
    assert response.status_code == 422
    assert not StoredFile.objects.exists()
    with pytest.raises(FileError):
        read_upload(SimpleUploadedFile("a.pdf", PDF + b"x" * 30))


def test_hundred_megabytes_are_refused_before_they_are_read(folder: Path) -> None:
    class Unreadable(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: Any) -> int:
            raise AssertionError("the body was read")

    for headers in ({}, {"HX-Request": "true"}):
        environ: dict[str, Any] = {
            "wsgi.input": Unreadable(),
            "CONTENT_LENGTH": str(100 * 1024 * 1024),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
        }
        response = client_of("objektagare").post(url("files"), headers=headers, **environ)
        assert response.status_code == 413
    assert not StoredFile.objects.exists()
    assert not folder.exists()


def test_page_holds_so_many_attachments_and_says_so(settings: Any) -> None:
    settings.ATTACHMENTS_PER_PAGE = 1
    assert attach().status_code == 302
    assert attach().status_code == 422
    assert StoredFile.objects.count() == 1


def test_attachments_are_counted_under_the_sub_budgets_lock() -> None:
    own = SubBudget.objects.get(budget__slug=ADDRESS[0], slug=ADDRESS[1])
    with CaptureQueriesContext(connection) as queries:
        attach_file(own, Upload("a.pdf", "application/pdf", PDF), about=own.lineage, by=get_user("ekonom"))
    asked = [query["sql"] for query in queries]
    lock = next(place for place, text in enumerate(asked) if "FOR NO KEY UPDATE" in text)
    count = next(place for place, text in enumerate(asked) if "COUNT(*)" in text)
    assert lock < count


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Temp\\avtal.pdf", "avtal.pdf"),
        ('a"b<c>|d?.pdf', "a_b_c__d_.pdf"),
        ("rad\r\nbrytning.pdf", "radbrytning.pdf"),
        ("avtal\u202efdp.exe", "avtalfdp.exe"),
        ("  . .pdf", "pdf"),
        ("å" * 300 + ".pdf", "å" * 146 + ".pdf"),
        ("a\u030agren.pdf", "ågren.pdf"),
        ("", "file"),
    ],
)
def test_names_are_made_safe_and_keep_their_ending(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("objektagare", 200), ("styrgrupp", 200), ("revisor", 200), ("direktion", 200), ("ekonom", 200),
        ("vimmerby", 404), ("utan.roll", 404),
    ],
)  # fmt: skip
def test_attachment_is_for_those_who_see_the_page_and_never_shown_by_a_browser(person: str, status: int) -> None:
    attach()
    file = StoredFile.objects.get()
    response = client_of(person).get(url("file", file.uuid))
    assert response.status_code == status
    if status == 200:
        assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert response["Cache-Control"] == "private, no-store"
    assert client_of(person).get(reverse("records:file", args=[file.uuid])).status_code == 404
    assert Client().get(url("file", file.uuid)).status_code == 302


def test_officer_reaches_no_attachment_of_an_adopted_budget() -> None:
    assert attach(address=ADOPTED).status_code == 302
    file = StoredFile.objects.get()
    assert client_of("vimmerby").get(url("file", file.uuid, address=ADOPTED)).status_code == 403
    assert client_of("ekonom").get(url("file", file.uuid)).status_code == 404


def test_uploader_and_economist_remove_an_attachment_and_others_do_not(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    attach()
    file = StoredFile.objects.get()
    address = url("remove_file", file.uuid)
    for person in ("styrgrupp", "revisor", "direktion"):
        assert client_of(person).get(address).status_code == 403
        assert client_of(person).post(address).status_code == 403
    assert file.name in client_of("objektagare").get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of("ekonom").post(address).status_code == 302
    assert not StoredFile.objects.exists()
    assert list(folder.glob("*/*")) == []
    event = apps.get_model("records", "StoredFileEvent")._default_manager.filter(pgh_label="delete").get()
    assert (event.name, event.sha256, event.pgh_context["by"]) == (file.name, file.sha256, "ekonom@demo.example")


def test_attachment_about_a_product_is_on_its_page_and_on_the_whole() -> None:
    product = SubBudget.objects.get(budget__slug=ADDRESS[0], slug=ADDRESS[1]).budget_products.earliest("pk")
    client = client_of("objektagare")
    client.post(url("files", about=product.lineage), {"file": SimpleUploadedFile("avtal.pdf", PDF)})
    for address in (url("comments", about=product.lineage), url("sub_budget"), url("files")):
        assert "avtal.pdf" in client.get(address).content.decode()
    assert StoredFile.objects.get().about == product.lineage


def test_only_the_beginning_tells_the_type() -> None:
    assert find_type(b"x" + PDF) is None
    assert find_type(b"") is None
