"""Scrapy's settings for kaibi: polite always, nothing open to the outside, bounded in time and size.

Keeps to itself the names of Scrapy's settings and components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.request import getproxies

from pipeline.crawling.reach import HOSTS_SETTING, host_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.crawling.errand import Errand
    from pipeline.settings import CrawlSettings, Source

REDIRECTS: Final = 5
"""How many redirects are followed, at most."""
_EXTENSIONS_OFF: Final = (
    *("telnet.TelnetConsole", "remote_control.RemoteControl", "feedexport.FeedExporter", "spiderstate.SpiderState"),
    *("memusage.MemoryUsage", "memdebug.MemoryDebugger", "closespider.CloseSpider", "logstats.LogStats"),
    *("logcount.LogCount", "corestats.CoreStats"),
)
_HANDLER: Final = "pipeline.crawling.downloading.PoliteHandler"


def process_settings(settings: CrawlSettings, sources: Iterable[Source]) -> dict[str, Any]:
    """Return what holds for every crawler of a run."""
    return {
        "BOT_NAME": "kaibi",
        "SPIDER_MODULES": ["spiders"],
        "USER_AGENT": user_agent(settings),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
        },
        # Nothing listens, nothing is cached, nothing is exported.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _EXTENSIONS_OFF},
        "HTTPCACHE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_ENABLED": False,
        "STATS_DUMP": False,
        "URLLENGTH_LIMIT": 0,
        "TWISTED_DNS_RESOLVER": "pipeline.crawling.reach.WaryResolver",
        # A proxy of the environment may well be on this machine, as a source may.
        HOSTS_SETTING: sorted({host_of(url) for url in (*(source.url for source in sources), *_proxies())} - {""}),
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": settings.timeout.total_seconds(),
        "DNS_TIMEOUT": min(20.0, settings.timeout.total_seconds()),
        "DOWNLOAD_MAXSIZE": settings.max_size,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [408, 500, 502, 504, 522, 524],
        "RETRY_EXCEPTIONS": [
            "scrapy.exceptions.DownloadFailedError",
            "scrapy.exceptions.ResponseDataLossError",
            "twisted.internet.error.ConnectionLost",
            "twisted.internet.error.ConnectionDone",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "ftp": None, "file": None, "data": None, "s3": None},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "pipeline.crawling.robots.Robots": 100,
            "pipeline.crawling.downloading.AskAgainAfterPause": 560,
        },
        "SPIDER_MIDDLEWARES": {"pipeline.crawling.frontier.Frontier": 10},
        # The gate keeps one request a site; the slots only must not run ahead of it.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "CONCURRENT_ITEMS": 2,
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY_JITTER": 0,
    }


def crawler_settings(errand: Errand) -> dict[str, Any]:
    """Return what holds for the crawler of one errand."""
    seconds = errand.delay.total_seconds()
    keeper = "Looking" if errand.only_looks else "Storing"
    return {
        "ITEM_PIPELINES": {f"pipeline.crawling.storing.{keeper}": 100},
        "DOWNLOAD_DELAY": seconds,
        "AUTOTHROTTLE_ENABLED": seconds > 0,
        "AUTOTHROTTLE_START_DELAY": seconds,
    }


def _proxies() -> tuple[str, ...]:
    return tuple(url if "://" in url else f"http://{url}" for url in getproxies().values())


def user_agent(settings: CrawlSettings) -> str:
    """Return the user agent with the contact in it."""
    if not settings.contact or settings.contact in settings.user_agent:
        return settings.user_agent
    agent = settings.user_agent
    return f"{agent[:-1]}; {settings.contact})" if agent.endswith(")") else f"{agent} ({settings.contact})"
