"""The topic model: the same data give the same model, nothing is lost in its file, every answer says why."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bot.nlu.topics import TopicModel
from knowledge.concepts import Lexicon
from tests.bot.conftest import FORMS, small_model


def test_a_model_is_kept_without_loss(model: TopicModel, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    model.save(path)
    loaded = TopicModel.load(path, Lexicon(FORMS))
    for text in ("was kostet das", "wie lange", "hallo", ""):
        assert [(guess.topic, guess.confidence) for guess in loaded.rank(text)] == [
            (guess.topic, guess.confidence) for guess in model.rank(text)
        ]
    assert loaded.held_out == model.held_out


def test_two_trainings_on_the_same_data_give_the_same_file(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path / "one.zip")
    small_model().save(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_file_holds_no_pickle(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.zip")
    with zipfile.ZipFile(tmp_path / "model.zip") as file:
        assert {Path(name).suffix for name in file.namelist()} == {".json", ".npy"}
        arrays = [file.read(name) for name in file.namelist() if name.endswith(".npy")]
    # The header of an array of objects, which numpy keeps as a pickle, says "O".
    assert not any(b"'|O'" in array[:200] or b"'O'" in array[:200] for array in arrays)


@pytest.mark.parametrize(
    ("text", "topic", "word"), [("Was kostet das?", "costs_funding", "kostet"), ("Wie LANGE?", "duration", "LANGE")]
)
def test_a_guess_tells_the_words_of_the_text_that_decided(model: TopicModel, text: str, topic: str, word: str) -> None:
    first = model.rank(text)[0]
    assert first.topic == topic and word in " ".join(first.because)


def test_a_second_question_counts_for_its_topic_as_well() -> None:
    plain, both = TopicModel(Lexicon({})), TopicModel(Lexicon({}))
    texts = ["was kostet das und wie lange", "wie lange dauert es", "guten tag", "vielen dank"] * 4
    topics = ["costs_funding", "duration", "smalltalk", "smalltalk"] * 4
    plain.train(texts, topics)
    both.train(texts, topics, ["duration", None, None, None] * 4)
    chance = [next(g.confidence for g in model.rank("was kostet das") if g.topic == "duration") for model in (plain, both)]
    assert chance[1] > chance[0]
