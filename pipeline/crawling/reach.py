"""Which hosts may be asked at all: a site on the web must not lead the crawler into our own network.

A source that the user put on this machine or in the local network is asked there; links and
redirects of a source on the web to such an address are refused, by address and by what a name
resolves to. 198.18.0.0/15 is let through: local proxies hand it out for every name.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from pipeline.settings import is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv6Address

    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

HOSTS_SETTING: Final = "KAIBI_HOSTS"
"""Scrapy setting: the hosts of the sources, which may be anywhere."""
_PRIVATE: Final = tuple(
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10"),
    )
)


def may_ask(url: str, source_url: str) -> bool:
    """Tell whether a source may lead to an address: anywhere public, its own host, loopback from loopback."""
    host = host_of(url)
    if host == host_of(source_url):
        return True
    if is_loopback(url):
        return is_loopback(source_url)
    return not (host.endswith(".localhost") or is_private(host))


def is_private(host: str) -> bool:
    """Tell whether a host is written as an address of this machine or a local network."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in block for block in _PRIVATE)


def host_of(url: str) -> str:
    """Return a URL's host in lower case, without brackets; empty where it has none."""
    return (urlsplit(url).hostname or "").lower()


class WaryResolver(CachingThreadedResolver):
    """Scrapy's resolver, which also refuses names that resolve to a local address; the sources' own may."""

    def __init__(self, reactor: Any, cache_size: int, timeout: float, hosts: frozenset[str]) -> None:
        """Keep the hosts that may be anywhere."""
        super().__init__(reactor, cache_size, timeout)
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Read the settings as Scrapy's own resolver does."""
        settings = crawler.settings
        hosts = frozenset(settings.getlist(HOSTS_SETTING))
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), hosts)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """Resolve a name; DNSLookupError where it leads into the local network."""
        found = super().getHostByName(name, timeout)
        return found if name.lower() in self._hosts else found.addCallback(_public, name)


def _public(address: str, name: str) -> str:
    if is_private(address):
        raise DNSLookupError(f"{name} resolves to the private address {address}")
    return address
