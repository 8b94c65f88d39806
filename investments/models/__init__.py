"""What is bought and borrowed.

Asset classes, existing loans and borrowing frameworks are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from investments.models.capital import CapitalState, ProductClass
from investments.models.classes import AssetClass
from investments.models.equity import (
    BalanceChange,
    BalanceStatement,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
)
from investments.models.frameworks import BorrowingFramework, CouncilDecision
from investments.models.loans import Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from investments.models.purchases import Investment, InvestmentItem, PurchaseState
from investments.models.requests import RequestedRow, SupplementaryRequest

__all__ = [
    "AssetClass",
    "BalanceChange",
    "BalanceStatement",
    "BorrowingFramework",
    "CapitalState",
    "CouncilDecision",
    "EquityFloor",
    "EquityFund",
    "EquityFundYear",
    "EquityInitiative",
    "Investment",
    "InvestmentItem",
    "Loan",
    "LoanInstalment",
    "PlannedLoan",
    "PlannedRepayment",
    "ProductClass",
    "PurchaseState",
    "RequestedRow",
    "SupplementaryRequest",
]
