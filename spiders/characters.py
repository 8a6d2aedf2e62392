"""An answer's bytes as characters: what a header or a declaration claims is believed only where it fits.

Chinese feeds and lists say GBK and send UTF-8, or say nothing. Strict UTF-8 is tried first since
other encodings hardly ever pass for it by chance; GB18030 last since nearly everything passes.
"""

from __future__ import annotations

import re
from typing import Final

_NAMED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_GBK_FAMILY: Final = frozenset({"gbk", "gb2312", "x-gbk", "gb_2312-80", "euc-cn"})
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED_WITHIN: Final = 2000


def characters(body: bytes, content_type: bytes) -> str:
    """Return the characters by the first that fits: byte order mark, UTF-8, what is declared, GB18030.

    ``content_type`` is the header, or empty. Bytes that nothing fits become U+FFFD; never raises.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    named = [_wide(match) for match in (*_NAMED.findall(content_type), *_NAMED.findall(body[:_DECLARED_WITHIN]))]
    for encoding in ("utf-8", *named, "gb18030"):
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return body.decode("gb18030" if "gb18030" in named else "utf-8", "replace")


def _wide(written: bytes) -> str:
    """Return an encoding's name, GB2312 and GBK widened to the one that holds both."""
    name = written.decode("ascii").lower()
    return "gb18030" if name in _GBK_FAMILY else name
