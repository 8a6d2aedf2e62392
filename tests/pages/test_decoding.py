"""Bytes to characters, whatever the page says of itself."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pages.decoding import decode

ZH = "<p>把模型的权重公开，或者不公开，各有各的道理。</p>"
TRADITIONAL = "<p>開放權重與封閉權重，各有各的道理，尚無定論。</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (ZH.encode(), "", ZH),
        (ZH.encode(), "text/html; charset=gbk", ZH),
        (ZH.encode("gb18030"), "", ZH),
        (ZH.encode("gb18030"), "text/html; charset=utf-8", ZH),
        (ZH.encode("gb18030"), "text/html; charset=ISO-8859-1", ZH),
        (ZH.encode("gb18030"), "text/html; charset=x-nonsense", ZH),
        (ZH.encode("gb18030"), "text/html; charset=base64", ZH),
        (ZH.encode("gb18030"), "text/html; charset=utf-7", ZH),
        (f"<meta charset=gb2312>{ZH}镕".encode("gb18030"), "text/html", f"<meta charset=gb2312>{ZH}镕"),
        (TRADITIONAL.encode("big5hkscs"), 'text/html; charset="Big5"', TRADITIONAL),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=big5">' + TRADITIONAL.encode("big5hkscs"), "",
         '<meta http-equiv="Content-Type" content="text/html; charset=big5">' + TRADITIONAL),
        ("it’s a café".encode("cp1252"), "", "it’s a café"),
        ("it’s a café".encode("cp1252"), "text/html; charset=iso-8859-1", "it’s a café"),
        ("日本語のページ".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語のページ"),
        ("日本語".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "日本語"),
        (codecs.BOM_UTF8 + ZH.encode(), "text/html; charset=gbk", ZH),
        (codecs.BOM_UTF16_LE + ZH.encode("utf-16-le"), "", ZH),
        (b"", "", ""),
        (b"a\x00b\x0bc\x1fd\te", "", "abcd\te"),
    ],
)  # fmt: skip
def test_characters_come_out_as_they_were_written(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


def test_a_utf8_page_cut_within_a_character_stays_utf8() -> None:
    whole = ZH.encode() * 3
    assert decode(whole[:-6], "text/html; charset=utf-8").startswith(ZH * 2)
    assert decode(b"\xff" + whole, "text/html; charset=utf-8").endswith(ZH * 3)


def test_a_big5_page_is_known_without_a_word_of_its_encoding() -> None:
    page = "<p>「開放權重與封閉權重，各有各的道理。」他說，這是一個沒有定論的問題，也是大家都在談的問題。</p>"
    assert decode(page.encode("big5hkscs"), "text/html") == page
    simplified = "<p>“公开权重与封闭权重，各有各的道理。”他说，这是一个没有定论的问题，也是大家都在谈的问题。</p>"
    assert decode(simplified.encode("gb18030"), "text/html") == simplified
    western = "<p>Les modèles fermés étaient préférés l'été dernier, et déjà créés à côté.</p>" * 9
    assert decode(western.encode("cp1252"), "text/html") == western


def test_bytes_that_are_no_text_come_out_empty() -> None:
    assert decode(bytes(range(256)) * 20, "text/html") == ""


def test_a_gb_page_with_a_broken_byte_stays_chinese() -> None:
    assert "各有各的道理" in decode(b"\xff" + ZH.encode("gb18030"), "text/html; charset=gb2312")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=hz", "charset=big5", "charset=\u0130"]),
)
def test_any_bytes_decode_to_what_xml_takes(body: bytes, content_type: str) -> None:
    text = decode(body, content_type)
    assert not any(character < " " and character not in "\t\n\r" for character in text)
    text.encode()
