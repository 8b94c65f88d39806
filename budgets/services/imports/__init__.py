"""What can be imported into a budget: printed figures, products and cost lines; and inhabitants, which its keys use."""

from budgets.services.imports.figures import FiguresImport
from budgets.services.imports.inhabitants import UsedInhabitantsImport
from budgets.services.imports.lines import LinesImport
from budgets.services.imports.products import ProductsImport

KINDS = (UsedInhabitantsImport(), FiguresImport(), ProductsImport(), LinesImport())
