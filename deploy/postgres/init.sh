#!/bin/sh
# Makes the two roles and the database. The owner migrates and owns everything; the site owns nothing.
# Run once by the PostgreSQL image in an empty data folder, or by hand as a superuser:
#   OWNER_PASSWORD_FILE=… SITE_PASSWORD_FILE=… POSTGRES_USER=postgres deploy/postgres/init.sh
# Can be run again: it then sets the passwords anew.
set -eu
export OWNER_PASSWORD_FILE="${OWNER_PASSWORD_FILE:-/run/secrets/owner_password}"
export SITE_PASSWORD_FILE="${SITE_PASSWORD_FILE:-/run/secrets/site_password}"
for file in "$OWNER_PASSWORD_FILE" "$SITE_PASSWORD_FILE"; do
  [ -s "$file" ] || { echo "init.sh: the password file $file is missing, unreadable or empty." >&2; exit 1; }
done
psql() { command psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

# psql reads the passwords itself, so that none is on a command line; the server's log gets none either.
psql --dbname postgres <<'SQL'
\set owner_password `cat "$OWNER_PASSWORD_FILE"`
\set site_password `cat "$SITE_PASSWORD_FILE"`
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SELECT 'CREATE ROLE itsam_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'itsam_owner') \gexec
SELECT 'CREATE ROLE itsam_site' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'itsam_site') \gexec
ALTER ROLE itsam_owner LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'owner_password';
ALTER ROLE itsam_site LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'site_password';
SELECT 'CREATE DATABASE itsam OWNER itsam_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'itsam') \gexec
SQL
psql --dbname itsam <<'SQL'
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO itsam_owner;
SQL
