# syntax=docker/dockerfile:1
# The site, its workers and its commands: one image, the compose file says which of them a container is.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /srv/itsam/.venv
WORKDIR /srv/itsam/app
COPY requirements.txt .
RUN /srv/itsam/.venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.txt
COPY . .
# Static files need the settings, but neither a database nor a secret; these values are in no later stage.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@localhost/build BROKER_URL=redis://localhost \
    STATIC_ROOT=/srv/itsam/static /srv/itsam/.venv/bin/python manage.py collectstatic --noinput \
    && rm -rf var .env && /srv/itsam/.venv/bin/python -m compileall -q .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 itsam && useradd --system --uid 10001 --gid itsam --home-dir /srv/itsam/data itsam \
    && install -d -o itsam -g itsam -m 0750 /srv/itsam/data /srv/itsam/schedule
COPY --from=build /srv/itsam/.venv /srv/itsam/.venv
COPY --from=build /srv/itsam/static /srv/itsam/static
COPY --from=build /srv/itsam/app /srv/itsam/app
ENV PATH=/srv/itsam/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/itsam/static FILES_ROOT=/srv/itsam/data/files ITSAM_VAR=/srv/itsam/data
WORKDIR /srv/itsam/app
USER itsam
EXPOSE 8000
CMD ["deploy/run", "web"]
