"""How fast an article is read, beside jieba.posseg on the same text in the same run, on one core.

Two sets of texts of about 3,000 characters: the demo's own articles, which hold a statement in nearly every sentence and repeat each other's words, and
(where they lie beside the project) the labelled real ones. Ratios are what counts: the machine's speed cancels out.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from jieba import posseg

from examples.demo.sample_texts import outlets
from pipeline.config.starter import shipped_debate
from pipeline.reading.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable

_LENGTH = 3_000
_SAMPLE = 40
_POSSEG_SAMPLE = 12
REAL = Path(__file__).parents[2] / "shared" / "real" / "gold" / "zh.jsonl"


def articles() -> list[str]:
    """Return texts of about 3,000 characters, joined from the demo's Chinese articles."""
    texts = [article.text for outlet in outlets(date(2026, 11, 23)) for article in outlet.articles]
    return _joined([text for text in texts if any("一" <= character <= "鿿" for character in text[:50])] * 4)


def real_articles() -> list[str]:
    """Return texts of about 3,000 characters, joined from the labelled real articles; empty where they are not there."""
    if not REAL.exists():
        return []
    return _joined(json.loads(line)["text"] for line in REAL.read_text(encoding="utf-8").splitlines())


def _joined(texts: Iterable[str]) -> list[str]:
    joined: list[str] = [""]
    for text in texts:
        if len(joined[-1]) >= _LENGTH:
            joined.append("")
        joined[-1] += text + "\n"
    return joined[:_SAMPLE]


def main() -> None:
    """Print articles a second, megabytes a second, and the ratio to jieba.posseg, for both sets."""
    engine = Engine(shipped_debate())
    for name, texts in (("the demo's articles", articles()), ("real articles", real_articles())):
        if not texts:
            print(f"{name}: not here")
            continue
        engine.read("", texts[0])
        list(posseg.cut(texts[0][:200]))
        began = perf_counter()
        for text in texts:
            engine.read("", text)
        reading = perf_counter() - began
        few = texts[:_POSSEG_SAMPLE]
        began = perf_counter()
        for text in few:
            list(posseg.cut(text))
        tagging = (perf_counter() - began) * sum(map(len, texts)) / sum(map(len, few))
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{name}, {len(texts)} of {sum(map(len, texts)) // len(texts)} characters on average, one core")
        print(f"  kaibi         {len(texts) / reading:8.1f} articles/s {size / reading:7.3f} MB/s")
        print(f"  jieba.posseg  {len(texts) / tagging:8.1f} articles/s {size / tagging:7.3f} MB/s")
        print(f"  ratio         {tagging / reading:8.1f} (target: 20)")


if __name__ == "__main__":
    main()
