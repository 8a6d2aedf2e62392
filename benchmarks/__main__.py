"""``make bench``: every benchmark in turn. Each prints ratios to something measured in the same run."""

from __future__ import annotations

from benchmarks import extraction, reading

reading.main()
extraction.main()
