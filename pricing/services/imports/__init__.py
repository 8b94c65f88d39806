"""What can be imported of what a budget is priced by: staff lists."""

from pricing.services.imports.staff import StaffImport

KINDS = (StaffImport(),)
