"""How fast an article is read, beside jieba.posseg on the same text in the same run, on one core.

The texts are the demo's own articles. Ratios are what counts: the machine's speed cancels out.
"""

from __future__ import annotations

from datetime import date
from time import perf_counter

from jieba import posseg

from examples.demo.sample_texts import outlets
from pipeline.config.starter import shipped_debate
from pipeline.reading.engine import Engine

_LENGTH = 3_000
_SAMPLE = 40


def articles() -> list[str]:
    """Return texts of about 3,000 characters, joined from the demo's Chinese articles."""
    texts = [article.text for outlet in outlets(date(2026, 11, 23)) for article in outlet.articles]
    chinese = [text for text in texts if any("一" <= character <= "鿿" for character in text[:50])]
    joined: list[str] = [""]
    for text in chinese * 4:
        if len(joined[-1]) >= _LENGTH:
            joined.append("")
        joined[-1] += text + "\n"
    return joined[:_SAMPLE]


def main() -> None:
    """Print articles a second, megabytes a second, and the ratio to jieba.posseg."""
    texts = articles()
    size = sum(len(text.encode()) for text in texts) / 1e6
    engine = Engine(shipped_debate())
    engine.read("", texts[0])
    list(posseg.cut(texts[0][:200]))
    began = perf_counter()
    for text in texts:
        engine.read("", text)
    reading = perf_counter() - began
    few = texts[:4]
    began = perf_counter()
    for text in few:
        list(posseg.cut(text))
    tagging = (perf_counter() - began) * len(texts) / len(few)
    print(f"reading, {len(texts)} articles of about {_LENGTH} characters, one core")
    print(f"  kaibi         {len(texts) / reading:8.1f} articles/s  {size / reading:6.3f} MB/s")
    print(f"  jieba.posseg  {len(texts) / tagging:8.1f} articles/s  {size / tagging:6.3f} MB/s")
    print(f"  ratio         {tagging / reading:8.1f} (target: 20)")


if __name__ == "__main__":
    main()
