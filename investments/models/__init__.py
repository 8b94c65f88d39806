"""What is bought and borrowed.

Asset classes, devices, existing loans and borrowing frameworks are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from investments.models.capital import CapitalState, ProductClass
from investments.models.classes import AssetClass
from investments.models.devices import DeviceBatch, DeviceEvent
from investments.models.frameworks import BorrowingFramework, CouncilDecision
from investments.models.loans import Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from investments.models.purchases import Investment, InvestmentItem, PurchaseState
from investments.models.strategies import HardwareStrategy, StrategyRow

__all__ = [
    "AssetClass",
    "BorrowingFramework",
    "CapitalState",
    "CouncilDecision",
    "DeviceBatch",
    "DeviceEvent",
    "HardwareStrategy",
    "Investment",
    "InvestmentItem",
    "Loan",
    "LoanInstalment",
    "PlannedLoan",
    "PlannedRepayment",
    "ProductClass",
    "PurchaseState",
    "StrategyRow",
]
