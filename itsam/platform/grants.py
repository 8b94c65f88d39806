"""The rights of the site's database role, set by the owner after every migration.

The trick: the site owns nothing. History and freeze triggers run as their owner, so the site needs no right to write
an event, and can neither change one, nor truncate, nor switch a trigger off.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from web.tracking import list_refused

# The context lies in each event, so the shared context table of the library stays empty.
NO_SHARED_CONTEXT = """
CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS uuid LANGUAGE sql STABLE
AS $$SELECT NULLIF(current_setting('pghistory.context_id', true), '')::uuid$$;
"""
NEVER_IGNORE = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql IMMUTABLE
AS 'SELECT false';
"""
HISTORY_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.proname LIKE 'pgtrigger\\_%'
"""
# They join old rows to new ones, planned by how many there were when the session first ran them: after a save of one line
# a nested loop would compare each of 500 pasted lines with each.
HARDEN = "ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off"
RIGHTS = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {site}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {site}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {site}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {site}",
)


def grant_rights() -> None:
    """Gives the site's role its rights. Needs the owner's connection; a no-op where owner and site are one role."""
    site = str(settings.SITE_DATABASE["USER"])
    if site == connection.settings_dict["USER"]:
        return
    role = sql.Identifier(site)
    with connection.cursor() as cursor:
        for right in RIGHTS:
            cursor.execute(sql.SQL(right).format(site=role))
        for table, rights in list_refusals().items():
            statement = sql.SQL("REVOKE {rights} ON {table} FROM {site}")
            named = sql.SQL(", ").join(map(sql.SQL, rights))
            cursor.execute(statement.format(rights=named, table=sql.Identifier(table), site=role))
        cursor.execute(NEVER_IGNORE)
        cursor.execute(NO_SHARED_CONTEXT)
        cursor.execute(HISTORY_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(HARDEN.format(function=function))
            # Triggers need no right to run it; without this the site could hang it on a table of its own and forge events.
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def list_refusals() -> dict[str, tuple[str, ...]]:
    """What the site may not do with which table: write events, and what a model says of itself."""
    return dict.fromkeys(history_tables(), ("INSERT", "UPDATE", "DELETE")) | list_refused()


def history_tables() -> list[str]:
    """The tables that hold history events."""
    return [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
