import pytest

from index.glossary import gloss_words, to_chinese, to_english, translated

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


def test_the_longest_term_is_taken() -> None:
    assert [term.term for term in translated("per capita incomes")] == ["per capita", "incom"]


def test_glosses_are_stems_as_questions_are() -> None:
    assert gloss_words("to have rural areas") == ["rural", "area"]
    for gloss in ("unemploy rate", "rural", "per capita"):
        assert gloss in to_chinese()
        assert all(gloss in to_english()[word] for word in to_chinese()[gloss])
