"""The shipped config is right, says every key, and is what the documentation describes."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.config.load import load, parse_settings
from pipeline.config.starter import shipped_config_text, shipped_debate, write_starter
from pipeline.errors import ConfigError
from pipeline.settings import (
    CrawlSettings,
    Debate,
    DigestSettings,
    KnownActor,
    MailSettings,
    Recipient,
    RefereeSettings,
    Settings,
    Side,
    Source,
    StoreSettings,
    Topic,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
TABLES: dict[str, type[BaseModel]] = {
    "[debate]": Debate,
    "[debate.sides.open]": Side,
    "[debate.topic]": Topic,
    "[[debate.actor]]": KnownActor,
    "[crawl]": CrawlSettings,
    "[reading.referee]": RefereeSettings,
    "[store]": StoreSettings,
    "[digest]": DigestSettings,
    "[mail]": MailSettings,
    "[[source]]": Source,
}
TABLES_OF_THEIR_OWN = {"sides", "topic", "actor", "id"}
KEYS = [
    (header, key) for header, model in TABLES.items() for key in model.model_fields if key not in TABLES_OF_THEIR_OWN
]


def in_force_if_uncommented(text: str) -> Settings:
    return parse_settings(re.sub(r"(?m)^#(\w+ = )", r"\1", text), shown_as="uncommented")


@pytest.mark.parametrize(("header", "key"), KEYS)
def test_every_key_is_in_the_shipped_config(header: str, key: str) -> None:
    text = shipped_config_text()
    if header == "[[source]]":
        table = text.partition("# Every source may say:")[2].partition("[[source]]")[0]
    else:
        table = re.split(r"(?m)^\[", text.partition(f"\n{header}\n")[2])[0]
        if header in {"[debate.sides.open]", "[[debate.actor]]"}:
            table = text.partition("# The two sides")[2].partition("# --- Crawling")[0]
    assert re.search(rf"(?m)^[# ]*(\w+, )*{key}(, \w+)* = ", table), f"{key} is not in {header} of config.toml"


@pytest.mark.parametrize(("header", "key"), KEYS + [("[digest]", key) for key in Recipient.model_fields])
def test_every_key_is_in_the_documentation(header: str, key: str) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    heading = header.replace("sides.open", "sides.<id>")
    section = re.split(r"(?m)^## ", text.partition(f"## `{heading}`")[2])[0]
    assert f"`{key}`" in section, f"{key} is not under {heading} in docs/configuration.md"


def test_every_table_is_asked_for() -> None:
    assert set(Settings.model_fields) == {"debate", "source", "crawl", "reading", "store", "digest", "mail"}


def test_what_is_commented_out_as_a_default_is_the_default() -> None:
    text = shipped_config_text()
    settings = parse_settings(text, shown_as="shipped")
    uncommented = in_force_if_uncommented(text)
    assert uncommented.mail.port == 587
    assert uncommented.model_copy(update={"mail": settings.mail}) == settings
    assert uncommented.mail.model_copy(update={"port": None}) == settings.mail


def test_defaults_in_the_documentation_are_the_defaults() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for model, heading in ((CrawlSettings, "[crawl]"), (StoreSettings, "[store]"), (DigestSettings, "[digest]")):
        section = re.split(r"(?m)^## |^A recipient's table", text.partition(f"## `{heading}`")[2])[0]
        rows = dict(re.findall(r"(?m)^\| `(\w+)` \| `([^`]+)` \|", section))
        assert rows.keys() == model.model_fields.keys()
        config = "\n".join(f"{key} = {value}" for key, value in rows.items())
        shipped = parse_settings(
            f'{heading}\n{config}\n[debate.sides.a]\nlabel="a"\nterms=["a"]\n[debate.sides.b]\nlabel="b"\nterms=["b"]',
            shown_as="documentation",
        )
        assert getattr(shipped, heading.strip("[]")) == model()


def test_the_shipped_debate_has_its_sides_in_order() -> None:
    debate = shipped_debate()
    assert [(side.id, side.label) for side in debate.sides] == [("open", "开源"), ("closed", "闭源")]
    assert "开源节流" in debate.sides[0].not_terms
    assert debate is shipped_debate()


def test_not_terms_hold_a_term_of_their_side() -> None:
    for side in shipped_debate().sides:
        for compound in side.not_terms:
            assert any(term.casefold() in compound.casefold() for term in side.terms), compound


def test_no_name_is_two_actors() -> None:
    names = [name for actor in shipped_debate().actor for name in {actor.name, *actor.aliases}]
    assert len(names) == len(set(names))


def test_a_dozen_sources_ship_and_each_says_where_its_facts_stand() -> None:
    text = shipped_config_text()
    sources = parse_settings(text, shown_as="shipped").source
    assert len([source for source in sources if source.enabled]) >= 12
    assert "ofweek.com" in sources[0].url
    assert text.count("\n[[source]]\n# ") == len(sources)
    assert len(re.findall(r"(?i)not tried against the live site", text)) == len(sources)
    assert {source.language for source in sources} == {None, "en"}


def test_the_starter_is_the_shipped_file_and_is_right(tmp_path: Path) -> None:
    path = write_starter(tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "config.toml"
    assert path.read_bytes() == (ROOT / "config.toml").read_bytes()
    assert load(path).folder == path.parent


def test_the_starter_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"config\.toml is there already and is never overwritten - move it away first"
    ):
        write_starter(tmp_path)
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "mine"


def test_a_starter_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="file is there already"):
        write_starter(tmp_path / "file")
    with pytest.raises(ConfigError, match=r"cannot be written: Not a directory"):
        write_starter(tmp_path / "file" / "below")


def test_a_starter_for_which_the_disk_has_no_room_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ConfigError, match="cannot be written: File too large"):
            write_starter(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_the_documentations_examples_are_right() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"(?s)```toml\n(.*?)```", text)
    assert len(examples) >= 4
    debate = next(example for example in examples if example.startswith("[debate"))
    for example in examples:
        parse_settings(example if example is debate else debate + example, shown_as="documentation")
