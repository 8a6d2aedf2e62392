"""Every link from one document to another file leads somewhere, and every file that a document names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:pipeline|spiders|templates|tests|docs|examples|deploy|benchmarks)/[\w./-]*)`")
HEADING = re.compile(r"(?m)^#+ +(.*)$")


def anchor(heading: str) -> str:
    """Return what a forge makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_relative_link_leads_to_a_file_and_its_heading(document: Path) -> None:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" not in link and not link.startswith("mailto:"):
            name, _, part = link.partition("#")
            target = document.parent / name if name else document
            assert target.exists(), link
            if part:
                assert part in map(anchor, HEADING.findall(target.read_text(encoding="utf-8"))), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_file_of_the_project_that_is_named_is_there(document: Path) -> None:
    for name in NAMED.findall(document.read_text(encoding="utf-8")):
        assert (PROJECT / name).exists(), name
