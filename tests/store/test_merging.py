"""Which names are one actor: on clear evidence alone, and never two people who are known as two."""

from __future__ import annotations

from itertools import permutations

from pipeline.store.merging import Name, Pair, Use, groups, shown_name, usual_org


def name(key: str, last: str | None = None, *orgs: str, told: bool = False, heard: bool = True) -> Name:
    number = sum(ord(letter) * 31**at for at, letter in enumerate(key)) % 10**9
    return Name(id=number, key=key, last=last, is_told=told, orgs=frozenset(orgs), is_heard=heard)


def pair(chinese: Name, latin: Name, kind: str = "foreign", articles: int = 1) -> Pair:
    return Pair(chinese=chinese.id, latin=latin.id, kind=kind, articles=articles)


def merged(names: list[Name], pairs: list[Pair], *apart: tuple[Name, Name]) -> set[frozenset[str]]:
    """Return the groups of more than one, whatever order names and pairs come in."""
    keys = {one.id: one.key for one in names}
    cut = {(one.id, other.id) for one, other in apart}
    results = {
        frozenset(
            frozenset(keys[one] for one in group) for group in groups(list(order), list(way), cut) if len(group) > 1
        )
        for order in list(permutations(names))[:24]
        for way in list(permutations(pairs))[:6]
    }
    assert len(results) == 1
    return set(results.pop())


OTTO = name("ottolind", "lind", "北辰")
JACK = name("jacklind", "lind", "南斗")
LIND = name("lind")
SHORT = name("林德曼")
OTHER = name("林特曼")
WHOLE = name("奥托林德曼", "林德曼", "北辰")


def test_all_spellings_of_one_whole_latin_name_are_one() -> None:
    assert merged([OTTO, SHORT, OTHER, WHOLE], [pair(SHORT, OTTO), pair(OTHER, OTTO), pair(WHOLE, OTTO)]) == {
        frozenset({"ottolind", "林德曼", "林特曼", "奥托林德曼"})
    }


def test_a_name_that_brackets_give_two_latin_names_is_one_with_neither() -> None:
    assert merged([OTTO, JACK, SHORT], [pair(SHORT, OTTO), pair(SHORT, JACK)]) == set()


def test_two_chinese_people_with_one_latin_name_are_two() -> None:
    wei, other, latin = name("王伟"), name("王薇"), name("weiwang", "wang")
    assert merged([wei, latin], [pair(wei, latin, "chinese")]) == {frozenset({"王伟", "weiwang"})}
    assert merged([wei, other, latin], [pair(wei, latin, "chinese"), pair(other, latin, "chinese")]) == set()


def test_a_latin_surname_means_the_one_person_who_is_known_by_it() -> None:
    assert merged([LIND, SHORT], [pair(SHORT, LIND)]) == set()  # nobody is
    assert merged([LIND, SHORT, OTTO], [pair(SHORT, LIND)]) == {frozenset({"lind", "林德曼", "ottolind"})}
    assert merged([LIND, SHORT, OTTO, JACK], [pair(SHORT, LIND)]) == set()
    assert merged([LIND, SHORT, OTHER, OTTO], [pair(SHORT, LIND), pair(OTHER, LIND)]) == set()
    known = [pair(SHORT, LIND), pair(SHORT, OTTO), pair(OTHER, OTTO), pair(OTHER, LIND)]
    assert merged([LIND, SHORT, OTHER, OTTO], known) == {frozenset({"lind", "林德曼", "林特曼", "ottolind"})}


def test_two_whole_chinese_names_with_one_latin_surname_are_two() -> None:
    other = name("杰克林德曼", "林德曼")
    assert merged([LIND, WHOLE, other, OTTO], [pair(WHOLE, LIND), pair(other, LIND)]) == set()
    with_otto = merged([LIND, WHOLE, other, OTTO], [pair(WHOLE, OTTO), pair(other, LIND)])
    assert with_otto == {frozenset({"ottolind", "奥托林德曼"})}


def test_a_last_part_is_the_one_person_of_the_same_organisation() -> None:
    alone = name("lind", None, "北辰")
    assert merged([alone, OTTO], []) == {frozenset({"lind", "ottolind"})}
    assert merged([alone, OTTO, JACK], []) == set()
    assert merged([alone, JACK], []) == set()
    assert merged([name("lind", None, "北辰", heard=False), OTTO], []) == set()
    assert merged([alone, OTTO, name("jacklind", "lind", heard=False)], []) == {frozenset({"lind", "ottolind"})}
    short = name("林德曼", None, "北辰")
    assert merged([short, WHOLE], []) == {frozenset({"林德曼", "奥托林德曼"})}
    assert merged([short, WHOLE, JACK], [pair(short, JACK)]) == {frozenset({"林德曼", "奥托林德曼", "jacklind"})}
    assert merged([short, WHOLE, JACK, OTTO], [pair(short, JACK), pair(WHOLE, OTTO)]) == {
        frozenset({"林德曼", "jacklind"}), frozenset({"奥托林德曼", "ottolind"}),
    }  # fmt: skip


def test_an_organisation_takes_two_articles_and_has_one_other_name() -> None:
    seek, latin, product = name("北辰求索"), name("beiseek"), name("beichat")
    assert merged([seek, latin], [pair(seek, latin, "org")]) == set()
    assert merged([seek, latin], [pair(seek, latin, "org", 2)]) == {frozenset({"北辰求索", "beiseek"})}
    both = [pair(seek, latin, "org", 2), pair(seek, product, "org", 2)]
    assert merged([seek, latin, product], both) == set()


def test_two_actors_of_the_config_are_never_one() -> None:
    told, other = name("ottolind", "lind", told=True), name("林德曼", told=True)
    assert merged([told, other], [pair(other, told)]) == set()
    assert merged([told, other, OTHER], [pair(other, told), pair(OTHER, told)]) == {frozenset({"ottolind", "林特曼"})}
    third = name("林特曼", told=True)
    assert merged([OTTO, other, third], [pair(other, OTTO), pair(third, OTTO)]) == set()


def test_what_a_person_keeps_apart_stays_apart() -> None:
    pairs = [pair(SHORT, OTTO), pair(OTHER, OTTO)]
    assert merged([OTTO, SHORT, OTHER], pairs, (SHORT, OTTO)) == {frozenset({"ottolind", "林特曼"})}
    assert merged([OTTO, SHORT, OTHER], pairs, (OTTO, SHORT)) == {frozenset({"ottolind", "林特曼"})}
    assert merged([OTTO, SHORT, OTHER], pairs, (SHORT, OTHER)) == {frozenset({"ottolind", "林特曼"})}
    alone = name("lind", None, "北辰")
    assert merged([alone, OTTO], [], (alone, OTTO)) == set()


def use(written: str, times: int, *, whole: bool = False, org: str | None = None) -> Use:
    return Use(written=written, org=org, is_whole=whole, times=times)


def test_the_name_shown_is_whole_in_the_debates_language_and_most_often_used() -> None:
    uses = [
        use("林德曼", 90), use("奥托·林德曼", 5, whole=True), use("奧托·林德曼", 2, whole=True),
        use("Otto Lindemann", 40, whole=True),
    ]  # fmt: skip
    assert shown_name(uses, "zh") == shown_name(uses[::-1], "zh") == "奥托·林德曼"
    assert shown_name(uses, "en") == "Otto Lindemann"
    assert shown_name(uses[3:], "zh") == "Otto Lindemann"
    assert shown_name([use("乙", 1), use("甲", 1)], "zh") == "乙"


def test_the_organisation_shown_is_the_usual_one() -> None:
    assert usual_org([use("甲", 1, org="南斗"), use("甲", 2, org="北辰"), use("甲", 9)]) == "北辰"
    assert usual_org([use("甲", 9)]) is None
