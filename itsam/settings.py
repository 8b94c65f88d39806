"""Settings, read from the environment once; a missing or wrong one stops the start with its name."""

from datetime import timedelta
from pathlib import Path

import pghistory
import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from itsam.platform import logs
from itsam.platform.environment import (
    WEB_WAITS,
    WORKER_WAITS,
    allowed_hosts,
    bounded,
    database,
    env,
    env_choice,
    env_flag,
    env_number,
    is_loopback,
    secret_key,
    security_contact_expiry,
    site_url,
    trusted_origins,
)
from itsam.platform.identity import identity_providers
from itsam.platform.secret_files import SecretFileError, read_secret_files

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    read_secret_files()
except SecretFileError as error:
    raise ImproperlyConfigured(str(error)) from None
DEMO = env_flag("ITSAM_DEMO")
DEBUG = env_flag("DEBUG")
ALLOWED_HOSTS = allowed_hosts()
# A name that others reach makes it a production site; there is no setting that makes such a site less secure.
PRODUCTION = not all(is_loopback(host) for host in ALLOWED_HOSTS)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("The setting DEBUG is 1 with ALLOWED_HOSTS that others reach. Set DEBUG=0.")
SECRET_KEY = secret_key(secure=PRODUCTION)
CSRF_TRUSTED_ORIGINS = trusted_origins(ALLOWED_HOSTS, secure=PRODUCTION)
BEHIND_PROXY = env_flag("BEHIND_PROXY")

# Which of the two ends of the queue this is: the web process never waits long for anybody, since somebody waits for it.
IS_WEB = env_flag("ITSAM_WEB")

# The site and the workers connect as a role that owns nothing; migrations as the owner.
DATABASE_ROLE = env_choice("ITSAM_DATABASE_ROLE", "site", ("site", "owner"))
SITE_DATABASE = bounded(database("DATABASE_URL"), WEB_WAITS if IS_WEB else WORKER_WAITS)
DATABASES = {"default": database("DATABASE_OWNER_URL") if DATABASE_ROLE == "owner" else SITE_DATABASE}

INSTALLED_APPS = [
    "itsam",
    "web",
    "accounts",
    "records",
    "objects",
    "budgets",
    "pricing",
    "investments",
    "forecasts",
    "invoices",
    "reports",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_tables2",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
# Sign-in by the members' identity providers; nothing of it is installed when none is named.
SOCIALACCOUNT_PROVIDERS, IDENTITY_APPS = identity_providers()
INSTALLED_APPS += IDENTITY_APPS
MIDDLEWARE = [
    "itsam.platform.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "web.middleware.BodyLimitMiddleware",
    "web.middleware.OneFormMiddleware",
    "records.middleware.HistoryMiddleware",
    "records.middleware.OnceMiddleware",
]
ROOT_URLCONF = "itsam.urls"
WSGI_APPLICATION = "itsam.wsgi.application"
TEMPLATES = [
    {
        # Asked first, for names that end in .jinja only: the long tables and the charts.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "web.context.page",
            ]
        },
    },
]
FORM_RENDERER = "web.forms.PageRenderer"
NAVIGATION = "itsam.navigation.NAVIGATION"
HELP_PARTS = "itsam.navigation.HELP_PARTS"
PAGE_CONTEXT = ["pages.context.page_context"]
DJANGO_TABLES2_TEMPLATE = "django_tables2/itsam.html"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Where the page kit leads for a list that takes long as a file.
LIST_FILE_URL = "reports:list_file"
# The pages that mails lead to, by what they are about.
ADDRESSES = {
    "sub_budget": "budgets:sub_budget",
    "my_tasks": "budgets:my_tasks",
    "mail_choice": "records:mail",
    "answer_proposal": "budgets:answer_proposal",
    "products": "budgets:products",
    "set_password": "account_reset_password_from_key",
    "tokens": "objects:tokens",
    "council_package": "reports:council_package",
}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever asks is told the same, but an address that is nobody's gets no mail: the site sends none to strangers' addresses.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole municipality signs in from one address, so only failures count: 30 a minute there, 5 in five minutes of a user.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "30/m/ip,5/300s/key"}
SOCIALACCOUNT_ADAPTER = "accounts.federation.FederationAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
# A link, no form: the content policy's form-action would stop the provider's own redirects.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Itsam Budget"

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
# English is the language of our own texts; the second one says the sign-in library's as we would.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "accounts" / "english"]
USE_I18N = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the federation itself says of its published tables: which figures must agree, and what they are called.
FEDERATION_FOLDER = Path(env("FEDERATION_FOLDER", str(BASE_DIR / "itsam" / "demo" / "federation")))

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
# A sub-budget of 2 000 lines, sent as a form without script.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "web.static.ModuleStorage"},
}
MEDIA_ROOT = Path(env("FILES_ROOT", str(BASE_DIR / "var" / "files")))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
EMAIL_HOST = env("EMAIL_HOST", "")
MAIL = "smtp" if EMAIL_HOST else "filebased"
EMAIL_BACKEND = env("EMAIL_BACKEND", f"django.core.mail.backends.{MAIL}.EmailBackend")
EMAIL_FILE_PATH = Path(env("EMAIL_FILE_PATH", str(BASE_DIR / "var" / "mail")))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "budget@localhost")
EMAIL_PORT = env_number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_SECURITY = env_choice("EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 10
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who signs mail, and where reports of what is not accessible go.
FEDERATION_NAME = env("FEDERATION_NAME", "Kommunalförbundet Itsam")
ACCESSIBILITY_EMAIL = env("ACCESSIBILITY_EMAIL", DEFAULT_FROM_EMAIL)
# Links in mail begin with it.
SITE_URL = site_url(ALLOWED_HOSTS, secure=PRODUCTION)
# Digests and reminders are written from this hour on; reminders so many days before a deadline.
DAILY_MAIL_HOUR, REMINDER_DAYS = 6, (7, 3, 1, 0)

# Attachments: the largest one, and how many a page may have. A request with more than MAX_BODY_BYTES is not read.
ATTACHMENT_BYTES = env_number("ATTACHMENT_MB", 20) * 1024 * 1024
ATTACHMENTS_PER_PAGE = 100
MAX_BODY_BYTES = ATTACHMENT_BYTES + 5 * 1024 * 1024
# Authors may change a comment for so long.
COMMENT_EDIT_HOURS = 24

SECURE_SSL_REDIRECT = PRODUCTION
# The probes of proxies and containers ask by plain http.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env_number("HSTS_SECONDS", 31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION and env_flag("HSTS_PRELOAD")
# Browsers' built-in lists take whole domains, and giving one back takes months: the organisation's choice, not ours.
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    # Browsers take such a cookie only by https, for this host alone, so that no other host of the domain can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Shown in /.well-known/security.txt: an address such as mailto:security@example.org, and the day it must be renewed.
SECURITY_CONTACT = env("SECURITY_CONTACT", "")
SECURITY_CONTACT_EXPIRES = security_contact_expiry() if SECURITY_CONTACT else ""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 10
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"

# The API: a token in the header and nothing else signs in, and errors are RFC 9457 problems.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["objects.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["objects.authentication.TokenThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "web.problems.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
API_REFERENCE_URL = "/api-access/reference/"
# What makes the description that the page of reference shows.
API_DOCUMENT = "itsam.openapi.get_document"
API_TOKEN_START = "itsam_"
API_REQUESTS_PER_MINUTE = env_number("API_REQUESTS_PER_MINUTE", 600)
API_CONTACT = {
    "name": FEDERATION_NAME,
    "url": env("API_CONTACT_URL", "https://www.itsam.se/"),
    "email": env("API_CONTACT_EMAIL", "budget@localhost"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Itsam Budget API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SORT_OPERATIONS": False,
    "CONTACT": API_CONTACT,
    "POSTPROCESSING_HOOKS": ["itsam.openapi.complete_document"],
}

# History is written by statement-level triggers; its context lies in each event, so that no event can be
# given another author by changing a shared row.
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
# Events are found by the row they are of; what else a page looks for is an index of its own model.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

CELERY_BROKER_URL = env("BROKER_URL")
if not CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("The setting BROKER_URL must start with redis:// or rediss://.")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# An edit never waits for a lost broker: connect fast or leave the work to the sweep.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.5 if IS_WEB else 5,
    "socket_keepalive": True,
    "max_retries": 0,
}
SWEEP_SECONDS = 3.0
MAIL_SECONDS = 30.0
# Fewer than a worker has processes, so that forecasts never wait for a long job.
JOBS_AT_ONCE = 1
# Finished jobs and the files they made are kept this long.
JOB_RETENTION_DAYS = 30
# What was read in and never saved is forgotten.
IMPORT_DRAFT_DAYS = 30
# History of a younger day is never disposed of: seven years after the one it is of, as the law on municipal accounts asks.
HISTORY_RETENTION_DAYS = env_number("HISTORY_RETENTION_DAYS", 2922)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "forecasts.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "jobs": {"task": "records.sweep_jobs", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "old": {"task": "records.remove_old", "schedule": timedelta(days=1)},
    "history": {"task": "records.seal_history", "schedule": timedelta(hours=1)},
    "mail": {"task": "records.send_mail", "schedule": MAIL_SECONDS, "options": {"expires": MAIL_SECONDS}},
    "daily_mail": {"task": "budgets.send_daily_mail", "schedule": timedelta(minutes=30), "options": {"expires": 1800}},
}

# The log goes where Django's configuration says, in the worker and in beat too.
CELERY_WORKER_REDIRECT_STDOUTS = False
LOG_LEVEL = env_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env_choice("LOG_FORMAT", "json" if PRODUCTION else "text", ("json", "text"))
LOGGING = logs.configuration(form=LOG_FORMAT, level=LOG_LEVEL)
