"""Each key's line, also on random documents whose lines are known as they are written."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.lines import KeyPath, Span, last_statement_line, lines, spans


def test_every_form_of_key_has_its_line() -> None:
    text = """\
# a comment with [brackets] and = signs
top.dotted = 1
"quoted . key" = 'literal # no comment'   # a comment
'single' = 2026-11-23 08:00:00

[debate.sides.open]
terms = [ "a]",  # the first
  "b",

  { x = 1, y.z = [2, 3] },
]
[ a . "c d" ]
e = 1_000
"""
    tomllib.loads(text)
    assert lines(text) == {
        ("top",): 2,
        ("top", "dotted"): 2,
        ("quoted . key",): 3,
        ("single",): 4,
        ("debate",): 6,
        ("debate", "sides"): 6,
        ("debate", "sides", "open"): 6,
        ("debate", "sides", "open", "terms"): 7,
        ("debate", "sides", "open", "terms", 0): 7,
        ("debate", "sides", "open", "terms", 1): 8,
        ("debate", "sides", "open", "terms", 2): 10,
        ("debate", "sides", "open", "terms", 2, "x"): 10,
        ("debate", "sides", "open", "terms", 2, "y"): 10,
        ("debate", "sides", "open", "terms", 2, "y", "z"): 10,
        ("debate", "sides", "open", "terms", 2, "y", "z", 0): 10,
        ("debate", "sides", "open", "terms", 2, "y", "z", 1): 10,
        ("a",): 12,
        ("a", "c d"): 12,
        ("a", "c d", "e"): 13,
    }


def test_tables_of_an_array_are_counted_and_their_sub_tables_belong_to_the_last() -> None:
    text = '[[source]]\nname = "a"\n[[source]]\n\nname = "b"\n[source.more]\nx = 1\n[[source.deep]]\n[[source.deep]]\ny = 2\n'
    found = lines(text)
    assert found["source",] == 1
    assert found["source", 0] == 1
    assert found["source", 1] == 3
    assert found["source", 1, "name"] == 5
    assert found["source", 1, "more", "x"] == 7
    assert found["source", 1, "deep", 1, "y"] == 10


def test_a_table_that_is_named_after_its_sub_table_stands_where_it_is_named() -> None:
    assert lines("[a.b]\nx = 1\n\n[a]\ny = 2\n")["a",] == 4


@pytest.mark.parametrize(
    "value",
    [
        '"""\n[x]\ny = "2" \\""" still\n"""',
        "'''\n[x]\ny = 2\n'''",
        '"""two more quotes at the end"""""',
        "'''one more''''",
        '""""""',
        '""',
        "''",
        '"an \\" escaped quote # and = and ]"',
        "[[1, 2], [\"]\", '}']]",
        "{ a = { b = [ 1, 2 ] }, c.d = 'x' }",
        "[\n# c ] \n1,\n # d\n]",
    ],
)
def test_no_value_throws_the_scanner_off(value: str) -> None:
    text = f"first = 1\nvalue = {value}\nafter = 2\n"
    tomllib.loads(text)
    found = spans(text)
    assert found["value",] == Span(first=2, last=2 + value.count("\n"))
    assert found["after",].first == 3 + value.count("\n")


def test_windows_line_ends_count_like_others() -> None:
    assert lines('a = 1\r\nb = """\r\nx"""\r\n[c]\r\nd = [\r\n1,\r\n2]\r\n')["c", "d", 1] == 7


def test_a_source_spans_to_its_last_key_and_not_to_the_comment_below() -> None:
    text = '[[source]]\n# about it\nname = "a"\ndrop = [\n".x",\n]\n# about the next\n[[source]]\nname = "b"\n'
    assert spans(text)["source", 0] == Span(first=1, last=6)
    assert spans(text)["source", 1] == Span(first=8, last=9)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a = 1\nb = """\nx\ny\n', 2),
        ("a = 1\n\nb = [1,\n2\n", 3),
        ("a = 1\nb", 2),
        ("a = 1\n", 1),
        ('"\\q" = 1', 1),
        ("", 1),
    ],
)
def test_a_text_that_ends_too_early_names_its_last_statement(text: str, line: int) -> None:
    assert last_statement_line(text) == line


names = st.text(st.sampled_from("ab-_1é开. \"'#=[]\\"), min_size=1, max_size=5)
texts = st.text(st.sampled_from("ab开\n\t \"'#=[]{},\\"), max_size=8)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), texts)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
blanks = st.sampled_from(["", "\n", "# c [x]\n", "   # = 'x\n\n"])
tables = st.dictionaries(names, st.tuples(blanks, values, st.booleans()), max_size=4)


def _written(value: object, *, roomy: bool) -> str:
    if isinstance(value, list):
        gap = "\n# ] , \n" if roomy else " "
        return "[" + "".join(f"{gap}{_written(one, roomy=roomy)}," for one in value) + gap + "]"
    if isinstance(value, str) and roomy:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""{escaped}"""'
    return json.dumps(value, ensure_ascii=False)


@given(st.lists(st.tuples(blanks, tables), max_size=3), tables, blanks)
@settings(max_examples=80, deadline=None)
def test_random_documents_have_every_path_of_tomllib_at_its_line(
    sources: list[tuple[str, dict[str, tuple[str, object, bool]]]],
    top: dict[str, tuple[str, object, bool]],
    end: str,
) -> None:
    text, expected = "", dict[KeyPath, int]()

    def write(table: dict[str, tuple[str, object, bool]], path: KeyPath) -> None:
        nonlocal text
        for name, (before, value, roomy) in table.items():
            text += before
            expected[*path, name] = text.count("\n") + 1
            text += f"{json.dumps(name, ensure_ascii=False)} = {_written(value, roomy=roomy)} # c\n"

    write(top, ("top",))
    text = f"[top]\n{text}"
    expected = {path: line + 1 for path, line in expected.items()}
    for place, (before, table) in enumerate(sources):
        text += before
        expected["source", place] = text.count("\n") + 1
        text += "[[source]]\n"
        write(table, ("source", place))
    text += end
    found = lines(text)
    assert expected.items() <= found.items()
    assert set(found) == set(_paths(tomllib.loads(text), ()))


def _paths(value: object, path: KeyPath) -> list[KeyPath]:
    below = list[KeyPath]()
    if isinstance(value, dict):
        below = [found for key, inner in value.items() for found in _paths(inner, (*path, key))]
    elif isinstance(value, list):
        below = [found for place, inner in enumerate(value) for found in _paths(inner, (*path, place))]
    return [path, *below] if path else below
