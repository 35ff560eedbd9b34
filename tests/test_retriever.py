"""The vector that is searched with: a question less what all questions have in common."""

import numpy as np
import pytest

from index.encoder import BUNDLED, Encoder, load_encoder
from qa.retriever import encode_question, less_mean, question_means
from tests.conftest import FakeEncoder


@pytest.fixture(scope="module")
def bundled() -> Encoder:
    return load_encoder(BUNDLED)


def test_the_mean_is_taken_out_and_the_length_kept() -> None:
    questions = np.array([[0.6, 0.8], [1.0, 0.0]], dtype=np.float32)
    left = less_mean(questions, np.array([0.6, 0.0], dtype=np.float32), 1.0)
    np.testing.assert_allclose(left, [[0.0, 1.0], [1.0, 0.0]], atol=1e-6)
    np.testing.assert_allclose(less_mean(questions, questions[1], 0.0), questions, atol=1e-6)
    assert np.isfinite(less_mean(questions[1:], questions[1], 1.0)).all()  # nothing left


def test_the_means_are_those_of_either_language(bundled: Encoder) -> None:
    chinese, english = question_means()
    assert chinese.shape == english.shape == (bundled.dimension,)
    asked = bundled.encode_query(["农村网民规模是多少？", "粮食产量比上年增长了多少？", "谁主持了会议？"])
    other = bundled.encode_query(["How many people live in rural areas?", "Who chaired the meeting?"])
    assert ((asked @ chinese) > (asked @ english)).all()
    assert ((other @ english) > (other @ chinese)).all()


def test_only_the_bundled_model_has_known_means(bundled: Encoder) -> None:
    question = "How large is the rural population?"
    own = bundled.encode_query([question])[0]
    searched = encode_question(bundled, question)
    assert np.linalg.norm(searched) == pytest.approx(1, abs=1e-5)
    assert searched @ question_means()[1] < own @ question_means()[1]
    fake = FakeEncoder()
    np.testing.assert_array_equal(encode_question(fake, question), fake.encode_query([question])[0])


def test_the_nearer_mean_is_taken_out(bundled: Encoder) -> None:
    chinese, english = question_means()
    for question, own in (
        ("What share of the people in Xinxu (新圩) come from elsewhere?", english),
        ("2021年GDP是多少？", chinese),
        ("ひらがなでいくつですか", chinese),
    ):
        vector = bundled.encode_query([question])
        np.testing.assert_allclose(encode_question(bundled, question, 0.5), less_mean(vector, own, 0.5)[0], atol=1e-6)


def test_a_question_meets_the_other_language(bundled: Encoder) -> None:
    """Of passages in its own language that look like questions, none comes before the one that speaks of it."""
    passages = bundled.encode_document(["农村居民人均可支配收入比上年增长。", "How the survey was carried out"])
    asked = "How fast did the disposable income of rural residents grow?"
    near, far = passages @ encode_question(bundled, asked)
    assert near > far
