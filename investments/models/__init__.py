"""What is bought and borrowed.

Asset classes, existing loans, borrowing frameworks and what belongs to these are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from investments.models.classes import AssetClass
from investments.models.frameworks import BorrowingFramework, CouncilDecision
from investments.models.loans import Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from investments.models.packages import CouncilPackage, PackageCouncil
from investments.models.purchases import Investment
from investments.models.recourse import RecourseAgreement, RecourseParty

__all__ = [
    "AssetClass",
    "BorrowingFramework",
    "CouncilDecision",
    "CouncilPackage",
    "Investment",
    "Loan",
    "LoanInstalment",
    "PackageCouncil",
    "PlannedLoan",
    "PlannedRepayment",
    "RecourseAgreement",
    "RecourseParty",
]
