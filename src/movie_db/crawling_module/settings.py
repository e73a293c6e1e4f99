"""Scrapy's settings for the spiders. Rate limits, retries and caches are the web gateway's."""

from typing import Any

from movie_db.contract.errors import UsageError
from movie_db.contract.settings import Settings


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings of the crawler's process.

    Raises:
        UsageError: No gateway is set; nothing else reaches the web.
    """
    if not settings.gateway:
        raise UsageError("The crawler reaches the web through the gateway only: set MOVIE_DB_GATEWAY to its address.")
    return {
        "BOT_NAME": "movie_db",
        "SPIDER_MODULES": ["movie_db.crawling_module.spiders"],
        "ITEM_PIPELINES": {"movie_db.crawling_module.pipelines.LogPipeline": 100},
        "LOG_LEVEL": settings.log_level,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "HTTPCACHE_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # proxies of the environment are for the gateway, not between our services
        "COMPRESSION_ENABLED": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 6,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": 900,  # longer than the gateway tries, its queue included
        "DOWNLOAD_MAXSIZE": 128 * 2**20,
        "DOWNLOAD_WARNSIZE": 0,
        "HTTPERROR_ALLOW_ALL": True,
    }
