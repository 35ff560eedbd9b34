import pytest

from index.glossary import MAX_SPELLINGS, gloss_words, to_chinese, to_english, translated
from index.lexical import Wording

KNOWN = [
    ("the unemployment rate of rural areas", {"失业率", "农村"}),
    ("broadband users", {"宽带", "用户"}),
    ("农村居民的失业率", {"rural", "inhabit", "unemploy rate"}),
    ("9.89 %", set()),
    ("of the", set()),
]


@pytest.mark.parametrize(("text", "renderings"), KNOWN)
def test_known_words_are_rendered(text: str, renderings: set[str]) -> None:
    found = {rendering for term in translated(text) for rendering in term.renderings}
    assert renderings <= found
    assert bool(found) == bool(renderings)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("how many teachers does beiling have", "北岭"),
        ("the works of xu shen's teacher", "许慎"),
        ("the hengdaohezi depot", "河子"),
        ("lü kai was governor", "吕凯"),
    ],
)
def test_a_name_in_pinyin_is_spelt_in_characters(text: str, name: str) -> None:
    assert name in {rendering for term in translated(text) for rendering in term.renderings}


@pytest.mark.parametrize("text", ["the ben of", "strength in xyz", "a" * 400, "shi" * 100])
def test_what_is_no_name_is_left(text: str) -> None:
    assert sum(len(term.renderings) for term in translated(text)) <= MAX_SPELLINGS


def test_the_longest_term_is_taken() -> None:
    assert [term.term for term in translated("per capita incomes")] == ["per capita", "incom"]


def test_glosses_are_stems_as_questions_are() -> None:
    assert gloss_words("to have rural areas") == ["rural", "area"]
    for gloss in ("unemploy rate", "rural", "per capita"):
        assert gloss in to_chinese()
        assert all(gloss in to_english()[word] for word in to_chinese()[gloss])


def test_a_question_full_of_names_looks_up_a_bounded_number_of_terms() -> None:
    names = " ".join(f"shiyi{syllable} liji{syllable}" for syllable in ("zhi", "xi", "bi", "fu", "yu", "wei"))
    assert len(Wording.of(f"how many {names}", [1, 0]).terms()) < 2 * MAX_SPELLINGS + 100
