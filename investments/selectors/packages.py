"""What pages read of council packages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from investments.models import BorrowingFramework, CouncilPackage
from records.models import StoredFile

if TYPE_CHECKING:
    from accounts.models import User


def find_package(user: User, framework: BorrowingFramework) -> CouncilPackage | None:
    """Return a framework's package with its councils, if the user may see it."""
    rows = CouncilPackage.objects.visible_to(user).filter(framework=framework)
    return rows.select_related("framework").prefetch_related("councils").first()


def list_package_documents(package: CouncilPackage) -> QuerySet[StoredFile]:
    """Return the documents kept with a package, oldest first: whoever sees it may have them."""
    return StoredFile.objects.filter(about=package.uuid).order_by("created_at")


def find_package_document(package: CouncilPackage, uuid: UUID | str) -> StoredFile | None:
    """Return one document of a package that the reader sees."""
    return list_package_documents(package).filter(uuid=uuid).first()
