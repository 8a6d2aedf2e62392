"""Web addresses: tidied for fetching, keyed for telling one article from another, and their sites.

Keeps to itself which query parameters only say how a reader came to a page, and the list of
public suffixes (the one bundled with tldextract: no network, no cache on disk). Everything here
raises ValueError, and nothing else, for what is no http(s) address.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

from tldextract import TLDExtract

if TYPE_CHECKING:
    from urllib.parse import SplitResult

LONGEST: Final = 8000
"""Characters; a longer address is refused."""

_TRACKING: Final = frozenset(
    """
    spm scm from fr isappinstalled share_token share_source share_medium share_plat share_from share_id share_uid
    share_tag share_session_id sharefrom sharesource shareid share_from_app share_to_app app_source
    bd_vid bd_source bdfrom hmsr hmpl hmcu hmkw hmci wfr tt_from tt_medium tt_campaign timestamp_share weibo_id
    is_from_webapp sender_device vd_source buvid xhsshare xsec_source app_platform nettype from_spmid
    fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ymclid igshid igsh twclid ttclid li_fat_id epik
    srsltid mc_cid mc_eid _hsenc _hsmi hsctatracking vero_id vero_conv oly_enc_id oly_anon_id mkt_tok rb_clickid
    s_cid wickedid ref_src ref_url cmpid cmp icid ncid smid smtyp sref partner_id xtor at_medium at_campaign
    guccounter guce_referrer guce_referrer_sig __twitter_impression ga_source ga_medium ga_campaign _ga _gl
    """.split(),  # noqa: SIM905 - a list of words reads better so
)
_TRACKING_FAMILIES: Final = ("utm_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "stm_", "spm_", "at_custom")
_WECHAT_KEEPS: Final = frozenset({"__biz", "mid", "appmsgid", "idx", "itemidx", "sn", "sign"})
_MOBILE_LABELS: Final = frozenset({"m", "wap", "mobile"})
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\\]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)


def clean_url(url: str) -> str:
    """Return the address without fragment, credentials and tracking parameters.

    Scheme and host in lower case, the default port dropped, the other parameters in their order
    and encoding; what must be percent-encoded is. ValueError for what is no http(s) address.
    """
    parts = _split(url)
    query = _query(parts, _host(parts))
    path = _encoded(parts.path, "/:@!$&'()*+,;=~|") or "/"
    return f"{parts.scheme}://{_authority(parts)}{path}{'?' + query if query else ''}"


def url_key(url: str) -> str:
    """Return what two addresses of one article share: no scheme, ``www.``, last slash or order of parameters.

    ``m.`` and ``wap.`` go too where a longer path names the article. Not an address to fetch.
    """
    parts = urlsplit(clean_url(url))
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~|").rstrip("/")
    query = "&".join(sorted(filter(None, parts.query.split("&"))))
    host = _bare_host(parts.hostname or "", has_path=bool(path))
    port = f":{parts.port}" if parts.port else ""
    return f"{host}{port}{path}{'?' + query if query else ''}"


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """Return the registrable domain, or ``host:port`` where there is none (127.0.0.1:8001, localhost:80)."""
    parts = _split(url)
    host = _host(parts)
    domain = "" if host.startswith("[") else _suffixes(host).top_domain_under_public_suffix
    return domain or f"{host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"


def _split(url: str) -> SplitResult:
    written = url.strip()
    if len(written) > LONGEST:
        raise ValueError(f"an address of {len(written)} characters is too long")
    if _UNSAFE.search(written.replace(" ", "%20")):
        raise ValueError(f"{written[:200]!r} holds characters that no web address has")
    parts = urlsplit(written.replace(" ", "%20"))
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f'{written[:200]!r} is no web address - write it whole, as "https://example.com/a"')
    if parts.port == 0:
        raise ValueError(f"{written[:200]!r} has no usable port")
    _host(parts)
    return parts


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if ":" in name:
        return f"[{IPv6Address(name).compressed}]"
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:200]!r} is no host")
    return name.rstrip(".")


def _authority(parts: SplitResult) -> str:
    port = parts.port
    return _host(parts) + (f":{port}" if port and port != _DEFAULT_PORTS[parts.scheme] else "")


def _encoded(written: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", written), safe=safe + "%")


def _query(parts: SplitResult, host: str) -> str:
    pairs = [pair for pair in parts.query.split("&") if pair]
    names = {_parameter(pair) for pair in pairs}
    if host == "mp.weixin.qq.com" and {"__biz", "mid"} <= names:
        pairs = [pair for pair in pairs if _parameter(pair) in _WECHAT_KEEPS]
    kept = [pair for pair in pairs if not _tracks(_parameter(pair))]
    return _encoded("&".join(kept), "/?:@!$&'()*+,;=~|[]")


def _parameter(pair: str) -> str:
    return unquote(pair.partition("=")[0]).lower()


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_FAMILIES)


def _bare_host(host: str, *, has_path: bool) -> str:
    label, _, rest = host.partition(".")
    if ":" in host or not rest or not _suffixes(rest).top_domain_under_public_suffix:
        return f"[{host}]" if ":" in host else host
    if label == "www" or (label in _MOBILE_LABELS and has_path):
        return rest
    return host
