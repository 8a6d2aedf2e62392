"""Which language a text is in, by its scripts and, for Latin ones, its commonest words.

Keeps to itself the shares, and which traditional characters the patterns of this room need to know;
no library, since only zh and en are read further.
"""

from __future__ import annotations

import re
from typing import Final

_SAMPLE: Final = 20_000
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_OTHER_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.08),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.2),
    ("ru", re.compile("[\u0400-\u04ff]"), 0.4),
    ("ar", re.compile("[\u0600-\u06ff]"), 0.4),
    ("he", re.compile("[\u0590-\u05ff]"), 0.4),
    ("hi", re.compile("[\u0900-\u097f]"), 0.4),
    ("th", re.compile("[\u0e00-\u0e7f]"), 0.4),
    ("el", re.compile("[\u0370-\u03ff]"), 0.4),
)
_TRADITIONAL: Final = str.maketrans(
    "閱讀關聞報導責編輯權聲標題來轉載點擊掃碼評論熱門薦記發時間網視頻話圖審監鏈結稱類別鍵詞條開場現點贊複製廣訊專欄撰採寫執筆訪當處說陳張劉楊黃吳趙馬許鄧馮蕭葉蘇呂盧蔣賈鄭謝韓",
    "阅读关闻报导责编辑权声标题来转载点击扫码评论热门荐记发时间网视频话图审监链结称类别键词条开场现点赞复制广讯专栏撰采写执笔访当处说陈张刘杨黄吴赵马许邓冯萧叶苏吕卢蒋贾郑谢韩",
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH: Final = frozenset(
    "the of and to in is that for on with as it was are be by at this from have has not or an they which".split()  # noqa: SIM905 - a list of words
)


def language_of(text: str, claimed: str | None = None) -> str | None:
    """Return ``zh``, ``en`` or another ISO 639-1 code; None where there are no letters or no telling.

    ``claimed`` is what the page says of itself (``zh-CN``): believed only where the script fits and does not decide.
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return None
    own = (claimed or "").strip().lower().replace("_", "-").partition("-")[0]
    for code, script, share in _OTHER_SCRIPTS:
        if len(script.findall(sample)) > share * letters:
            return own if code == "ru" and own in {"uk", "be", "bg", "sr", "mk"} else code
    if len(_HAN.findall(sample)) > 0.2 * letters:
        return "zh"
    words = [word.lower() for word in _WORD.findall(sample)]
    common = sum(word in _ENGLISH for word in words)
    if common >= 0.12 * len(words) or (own == "en" and common >= 0.05 * len(words)):
        return "en"
    return own if re.fullmatch("[a-z]{2}", own) and own not in {"en", "zh"} else None


def simplified(text: str) -> str:
    """Return the text with the traditional characters of bylines and furniture as simplified ones, each in its place.

    For matching alone: as long as ``text``, and no faithful conversion.
    """
    return text.translate(_TRADITIONAL)
