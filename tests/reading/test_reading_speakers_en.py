"""Who speaks in English news: by phenomenon, in sentences about anything, most with no word about the debate."""

from __future__ import annotations

import pytest

from pipeline.model import Attribution, Statement
from pipeline.reading.engine import Engine
from pipeline.reading.folding import fold
from tests.reading.reading_debates import MODELS

ENGINE = Engine(MODELS)


def said(text: str) -> list[Statement]:
    """Return the statements that are not the author's."""
    found = ENGINE.read("", text).statements
    return [one for one in found if one.attribution is not Attribution.AUTHOR]


def speakers(text: str) -> set[str]:
    return {one.speaker for one in said(text)}


def words_of(name: str, text: str) -> str:
    return "|".join(one.quote for one in said(text) if one.speaker == name)


@pytest.mark.parametrize(
    ("text", "name", "org"),
    [
        (
            "Petra Holm, head of forecasting at Larkfield Energy, said the dam will hold.",
            "Petra Holm",
            "Larkfield Energy",
        ),
        ("Larkfield Energy’s chief engineer Petra Holm said the dam will hold.", "Petra Holm", "Larkfield Energy"),
        ("Larkfield’s Petra Holm said the dam will hold.", "Petra Holm", "Larkfield"),
        (
            "Petra Holm, a senior analyst at Larkfield, the Oslo-based research house, told reporters the dam will hold.",
            "Petra Holm",
            "Larkfield",
        ),
        (
            "Dr. Petra Holm of the Norrland Department of Health and Rivers says the dam will hold.",
            "Petra Holm",
            "Norrland Department of Health and Rivers",
        ),
        (
            "Petra Holm — once a mayor and now a board member — insisted the dam will hold.",
            "Petra Holm",
            None,
        ),
        ("The dam will hold, says certified surveyor Petra Holm.", "Petra Holm", None),
        ("Secretary of Rivers Petra Holm said the dam will hold.", "Petra Holm", None),
        ("Norwegian President Petra Holm said the dam will hold.", "Petra Holm", None),
        ("The dam will hold, its keeper, Petra Holm, admitted.", "Petra Holm", None),
        ("Petra van der Holm said the dam will hold.", "Petra van der Holm", None),
    ],
)
def test_titles_and_appositions_give_a_name_its_organisation(text: str, name: str, org: str | None) -> None:
    (one,) = said(text)
    assert (one.speaker, one.org) == (name, org)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The European Rivers Agency says the dam will hold.", "European Rivers Agency"),
        (
            "Open Harbour, a charity in Tindale, said the dam will hold. Critics of Open Harbour disagree.",
            "Open Harbour",
        ),
        ("xLake said the dam will hold.", "xLake"),
        ("The dam will hold, according to the state-run Tindale News Agency.", "Tindale News Agency"),
        ("The dam will hold, according to the Larkfield.", "Larkfield"),
        ("The Institute on Dams and Rivers has estimated that the dam will hold.", "Institute on Dams and Rivers"),
        ("Larkfield has twice denied that the dam leaks.", "Larkfield"),
    ],
)
def test_an_organisation_s_name_is_not_cut(text: str, name: str) -> None:
    assert speakers(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The dam will hold, the Norwegian military said in a statement.", "Norwegian military"),
        ("The dam will hold, officials said on Monday.", "officials"),
        ("“Step away from the water at once,” an officer shouted.", "an officer"),
        (
            "Tindale County Water Department officials said the dam will hold.",
            "Tindale County Water Department officials",
        ),
        ("The dam will hold, though critics say the gates are too old.", "critics"),
        ("Tindale's deputy minister said the dam will hold.", "Tindale's deputy minister"),
        ("A spokeswoman for Larkfield said the dam will hold.", "Larkfield"),
        ("The dam will hold, the commission said.", "the commission"),
    ],
)
def test_who_is_not_named_speaks_under_the_words_that_the_text_has(text: str, name: str) -> None:
    assert speakers(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Norrland Rivers Agency met on Friday. The agency said that the dam will hold.", "Norrland Rivers Agency"),
        (
            "Larkfield said that the dam will hold. “It was built for worse storms than this,” the statement said.",
            "Larkfield",
        ),
        ("Petra Holm spoke in Tindale. “It was built for worse storms than this,” the actress said.", "Petra Holm"),
        ("Governor Petra Holm came to Tindale. The governor said that the dam will hold.", "Petra Holm"),
        ("Petra — who goes by one name — is a diver. The dam will hold, she wrote in a letter.", "Petra"),
    ],
)
def test_a_noun_or_a_pronoun_points_back_to_whom_it_can_mean(text: str, name: str) -> None:
    assert speakers(text) == {name}


def test_a_medium_passes_on_what_somebody_says() -> None:
    (one,) = said("The dam will hold, Petra Holm told the Tindale Gazette.")
    assert (one.speaker, one.via) == ("Petra Holm", "Tindale Gazette")
    (one,) = said("The dam will hold, the rivers commission said, according to Reuters.")
    assert (one.speaker, one.via) == ("the rivers commission", "Reuters")
    (one,) = said("The Tindale Gazette reported that the dam will hold.")
    assert (one.speaker, one.via) == ("Tindale Gazette", None)


def test_two_persons_of_one_according_to_both_say_it() -> None:
    text = "The dam will hold, according to Petra Holm, chief engineer at Larkfield, and Omar Reyes, a diver at Tindale Rescue."
    assert {(one.speaker, one.org) for one in said(text)} == {
        ("Petra Holm", "Larkfield"),
        ("Omar Reyes", "Tindale Rescue"),
    }


def test_what_a_subject_says_after_another_act_is_theirs() -> None:
    text = "Petra Holm walked along the wall in the rain, saying that the dam will hold."
    assert speakers(text) == {"Petra Holm"}
    assert speakers("Petra Holm shut the gates and added that the dam will hold.") == {"Petra Holm"}


@pytest.mark.parametrize(
    "text",
    [
        "Petra Holm and Omar Reyes met on the dam before the storm.",
        "Floods were reported in Larkfield, Tindale and Van Orden counties.",
        "Petra Holm and Omar Reyes of Larkfield were seen there.",
        "For Larkfield Stores Inc., that day came in May.",
        "The Flood Relief and Rivers Act, under debate in the council, would fund new gates.",
        "Officers found her in the boathouse, and they called an ambulance.",
        "Forecast Predicts Calm, With Regional Affordability Hurdles",
        "GIRLS HOCKEY\nTindale: Holm 3 goals. Reyes 2 goals. Falk 1 goal.\nLarkfield: Moor 2 goals. Ash 1 goal. Berg 1 goal.\nTindale: Holm 1 save. Reyes 4 saves. Falk 1 save.",
    ],
)
def test_what_nobody_says_has_no_speaker(text: str) -> None:
    assert speakers(text) == set()


def test_an_abbreviation_does_not_cut_a_sentence() -> None:
    text = "The U.S. team led by Gov. Petra Holm said on Nov. 5 that the dam near Mt. Falk will hold. It rained."
    folded = fold(text)
    spans = [text[one.start : one.end] for one, _, _ in ENGINE._utterances(text, folded, [], "en")]
    assert spans == [text.removesuffix(" It rained."), "It rained."]
    text = "They flew to the U.S. The dam will hold, and they know it isn’t. Now it rains."
    spans = [text[one.start : one.end] for one, _, _ in ENGINE._utterances(text, fold(text), [], "en")]
    assert len(spans) == 3


def test_a_few_quoted_words_are_no_statement_of_their_own() -> None:
    text = "Petra Holm warned that there is “absolutely no room for doubt” about the dam."
    assert words_of("Petra Holm", text) == text


def test_a_quote_alone_is_the_last_speaker_s_only_while_they_are_near() -> None:
    near = "“The dam will hold in every storm,” Petra Holm said.\n“We built it for worse weather than this one.”"
    assert words_of("Petra Holm", near).count("|") == 1
    far = near.replace("\n", "\nThe lake is long.\nIts shores are steep.\nNobody lives there.\n")
    assert "worse weather" not in words_of("Petra Holm", far)


def test_a_line_with_a_name_and_a_role_says_whose_the_words_below_are() -> None:
    text = "What they expect\nPetra Holm, Larkfield chief economist\n“We expect that the dam will hold in every storm.”\nOmar Reyes, director of diving at Tindale Rescue\n“We expect that the gates will fail in the first one.”"
    assert "dam" in words_of("Petra Holm", text)
    assert "gates" in words_of("Omar Reyes", text)


def test_a_quote_that_its_speaker_splits_after_a_word_or_two_stays_whole() -> None:
    text = "“The dam,” Petra Holm said, “is the safest wall between here and the sea.”"
    assert words_of("Petra Holm", text) == text[1:-1]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Petra Holm’s verdict is plain: the dam will hold.", {"Petra Holm"}),
        (
            "Joan de la Cruz, Ibn al-Rashid and Petra Holm said the dam will hold.",
            {"Joan de la Cruz", "Ibn al-Rashid", "Petra Holm"},
        ),
        ("According to CNBC, Larkfield’s Petra Holm said the dam will hold.", {"Petra Holm"}),
        ("Both Larkfield and Tindale Rescue have said that the dam will hold.", {"Larkfield", "Tindale Rescue"}),
        ("Petra Holm wrote on Friday:\n“The dam will hold in every storm that we know of.”", {"Petra Holm"}),
    ],
)
def test_a_view_a_list_and_a_lead_in_name_their_speakers(text: str, names: set[str]) -> None:
    assert speakers(text) == names


def test_the_statement_is_theirs_who_last_spoke() -> None:
    text = "Larkfield announced a new dam. The Tindale Wall holds a lake of nine miles. “It was built for worse storms than this,” the post reads."
    assert "worse storms" in words_of("Larkfield", text)


@pytest.mark.parametrize(
    ("text", "name", "quote"),
    [
        ("The dam will hold through the next ten winters, said its engineer, Petra Holm.", "Petra Holm", "dam will hold"),
        ("“The dam will hold through the winter,” said flood protection officer Petra Holm.", "Petra Holm", "dam will hold"),
        ("The dam will hold through the next ten winters, Petra Holm of Larkfield Works wrote to clients.", "Petra Holm", "dam will"),
        ("It holds back a lake of nine miles and will do so for years, the Oslo engineer Petra Holm wrote on X.", "Petra Holm", "holds back"),
        (
            "A valley that trusts one wall will pay for it one day, the council's chairwoman, Prof. Petra Holm, told journalists in Oslo.",
            "Petra Holm",
            "trusts one wall",
        ),
        ("Spending on concrete will rise to nine million crowns next year, Larkfield Works said in a statement.", "Larkfield Works", "Spending"),
    ],
)  # fmt: skip
def test_a_sentence_that_ends_in_its_speaker_is_theirs_whatever_else_it_names(text: str, name: str, quote: str) -> None:
    assert quote in words_of(name, text)


@pytest.mark.parametrize(
    "introduction",
    [
        "The committee's ranking member, Petra Holm, was not convinced.",
        "Third to testify was Petra Holm of the insurer Harbour Mutual.",
        "One of them, Petra Holm of the software company Santo, fears for her firm.",
        "We asked Dr. Petra Holm, who teaches law in Graz.",
    ],
)
def test_a_pronoun_means_whoever_has_just_come_in(introduction: str) -> None:
    text = f"Anders Lund, who runs a works, said that walls hold.\n{introduction} “No wall holds for a thousand years,” she said."
    assert words_of("Petra Holm", text) == "No wall holds for a thousand years,"


def test_a_report_says_what_its_institution_says_not_whoever_spoke_of_it() -> None:
    text = (
        "Anders Lund of Harbour Mutual said so.\nSeven in ten dams are older than their plans allow, the report says."
    )
    assert words_of("Harbour Mutual", text) == "Seven in ten dams are older than their plans allow"
    assert "Seven" not in words_of("Anders Lund", text)


def test_turns_are_known_by_surname_alone() -> None:
    text = (
        "Petra Holm builds dams. We met her in Oslo.\n"
        "Q: Will it hold?\nHolm: Walls of that kind have never failed us in forty years.\n"
        "Q: And if it does not?\nHolm: Then the valley has nine hours, and every house has a siren."
    )
    assert words_of("Petra Holm", text) == (
        "Walls of that kind have never failed us in forty years.|Then the valley has nine hours, and every house has a siren."
    )


def test_an_interview_that_marks_nobody_is_told_by_its_questions() -> None:
    text = (
        "Petra Holm builds dams. We met her in Oslo.\nWill the dam hold?\nI believe that it will hold for a hundred years.\n"
        "What would make it fail?\nWe have tested for floods of every size that we know of.\n"
        "Are you ever afraid?\nMy daughter lives below the wall, so I think of it every day.\n"
        "Who pays for the next one?\nI hope that our neighbours do, since they drink the water."
    )
    assert words_of("Petra Holm", text).split("|")[0] == "I believe that it will hold for a hundred years."
    assert len(words_of("Petra Holm", text).split("|")) == 4


def test_questions_that_a_text_only_asks_make_no_interview() -> None:
    text = "Will the dam hold?\nThe ministry has no answer.\nWho pays?\nThe valley does.\nWhat then?\nNobody knows.\nIs it safe?\nEngineers differ."
    assert said(text) == []
