"""Read by manage.py shell: an economist who is no demo user."""

from accounts.services import create_user
from objects.models import Role, RoleAssignment

economist = create_user(email="eva@example.org", name="Eva", password="a password of the test")
RoleAssignment.objects.create(user=economist, role=Role.ECONOMIST)
