"""What is bought and borrowed.

Asset classes, devices, existing loans, borrowing frameworks and what belongs to these are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from investments.models.capital import CapitalState, ProductClass
from investments.models.classes import AssetClass
from investments.models.devices import DeviceBatch, DeviceEvent
from investments.models.equity import (
    BalanceChange,
    BalanceStatement,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
)
from investments.models.frameworks import BorrowingFramework, CouncilDecision
from investments.models.loan_terms import LoanStatement, LoanTerm
from investments.models.loans import Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from investments.models.packages import CouncilPackage, PackageCouncil
from investments.models.purchases import Investment, InvestmentItem, PurchaseState
from investments.models.recourse import RecourseAgreement, RecourseParty
from investments.models.requests import RequestedRow, SupplementaryRequest
from investments.models.strategies import HardwareStrategy, StrategyRow

__all__ = [
    "AssetClass",
    "BalanceChange",
    "BalanceStatement",
    "BorrowingFramework",
    "CapitalState",
    "CouncilDecision",
    "CouncilPackage",
    "DeviceBatch",
    "DeviceEvent",
    "EquityFloor",
    "EquityFund",
    "EquityFundYear",
    "EquityInitiative",
    "HardwareStrategy",
    "Investment",
    "InvestmentItem",
    "Loan",
    "LoanInstalment",
    "LoanStatement",
    "LoanTerm",
    "PackageCouncil",
    "PlannedLoan",
    "PlannedRepayment",
    "ProductClass",
    "PurchaseState",
    "RecourseAgreement",
    "RecourseParty",
    "RequestedRow",
    "StrategyRow",
    "SupplementaryRequest",
]
