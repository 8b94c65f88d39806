"""gunicorn: workers and their limits by the environment; the site writes the log of requests itself."""

import os

from itsam.platform import logs

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "itsam.platform.live_worker.LiveWorker"
worker_tmp_dir = "/dev/shm"
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 65
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190
accesslog = None
control_socket_disable = True
# Only the proxy reaches this port; Django decides by BEHIND_PROXY whether its headers count.
forwarded_allow_ips = "127.0.0.1"
logconfig_dict = logs.configuration(
    form=os.environ.get("LOG_FORMAT", "json"), level=os.environ.get("LOG_LEVEL", "INFO")
)
