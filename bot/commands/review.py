"""wegweiser review list|label|export"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from string import ascii_uppercase

from bot.settings import Settings
from knowledge import store
from prescreen.review import Item, Review, as_training, fresh

# Keys beside those of the topics.
_QUIT, _SKIP, _UNFIT = ("q", "\x1b", "\x04", ""), (" ", "\r", "\n"), "-"
# Not „Q“, which ends.
LETTERS = [letter for letter in ascii_uppercase if letter != "Q"]


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    shown = tasks.add_parser("list", help="show what was unsure or complained about")
    shown.add_argument("--json", action="store_true", help="one object a line, for machines")
    label = tasks.add_parser("label", help="give topics, one key each; or ID TOPIC for one")
    label.add_argument("id", nargs="?")
    label.add_argument("topic", nargs="?", help="name of a topic; - = not fit for learning")
    export = tasks.add_parser("export", help="write the labelled ones as training sentences, with a report")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="file for the training sentences")
    export.add_argument("--report", type=Path, metavar="FILE", help="file for the report (default: standard output)")
    export.add_argument("--no-report", action="store_true", help="do not train a model to compare with")


def run(options: argparse.Namespace) -> int:
    from bot import desk
    from bot.tracker import NoTalks

    settings = Settings.read()
    try:
        review = desk.review(settings)
    except NoTalks as error:
        print(error, file=sys.stderr)
        return 1
    if options.task == "list":
        return _list(review, options.json)
    if options.task == "export":
        return _export(review, options, settings)
    return _label_one(review, options) if options.id else _label(review)


def _list(review: Review, machine: bool) -> int:
    items = review.items()
    for item in items:
        if machine:
            print(json.dumps({name: getattr(item, name) for name in ("id", "text", "why", "guesses")}, ensure_ascii=False))
        else:
            print(f"{item.id}  {item.why:9}  {item.text}\n{'':29}{_guesses(item)}")
    if not machine:
        print(f"{len(items)} messages to look at. Label them: ./wegweiser review label")
    return 0


def _guesses(item: Item) -> str:
    return ", ".join(f"{topic} {chance:.2f}" for topic, chance in item.guesses)


def _label_one(review: Review, options: argparse.Namespace) -> int:
    item = next((item for item in review.items() if item.id == options.id), None)
    if item is None or (options.topic != _UNFIT and options.topic not in store.current().topics):
        what = f"message {options.id}" if item is None else f"topic {options.topic}"
        print(f"There is no {what}.", file=sys.stderr)
        return 2
    review.label(item, None if options.topic == _UNFIT else options.topic, getpass.getuser())
    return 0


def _label(review: Review) -> int:
    """Message by message, one key each, until all are done or the person stops."""
    topics = store.current().topics
    keys = dict(zip(LETTERS, topics))
    print("  ".join(f"{key} {topics[name].label}" for key, name in keys.items()))
    print("1 2 3 the guesses, - not fit for learning, Space later, q ends\n")
    done = 0
    with _keys() as read:
        for item in review.items():
            guesses = {str(i): guess for i, guess in enumerate(item.guesses, start=1)}
            print(item.text)
            print("   " + "  ".join(f"{i} {topic} {chance:.2f}" for i, (topic, chance) in guesses.items()))
            known = keys | {i: topic for i, (topic, _) in guesses.items()}
            choice = _asked(read, known)
            if choice in _QUIT:
                break
            if choice not in _SKIP:
                topic = None if choice == _UNFIT else known[choice]
                review.label(item, topic, getpass.getuser())
                print(f"   → {topic or 'not fit'}\n")
                done += 1
    print(f"{done} labelled. Write them out: ./wegweiser review export -o new.yml")
    return 0


def _asked(read: Callable[[], str], keys: dict[str, str]) -> str:
    """A key that means something; letters of topics also as small ones."""
    while True:
        key = read()
        if key in _QUIT or key in _SKIP or key == _UNFIT:
            return key
        if key.upper() in keys:
            return key.upper()


@contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """Reads one key at a time on a terminal, else one character of standard input."""
    if not sys.stdin.isatty():
        yield lambda: sys.stdin.read(1)
        return
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    # Without a flush: who knows the keys types ahead.
    tty.setcbreak(number, termios.TCSANOW)
    try:
        yield lambda: os.read(number, 1).decode(errors="replace")
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _export(review: Review, options: argparse.Namespace, settings: Settings) -> int:
    from bot import model, teaching

    known = [*(text for text, _, _ in teaching.training()), *teaching.test_sentences()]
    sentences = fresh(review.labelled(), known)
    if not sentences:
        print("Nothing new is labelled.", file=sys.stderr)
        return 1
    options.output.write_text(as_training(sentences), encoding="utf-8")
    print(f"{sum(map(len, sentences.values()))} sentences in {options.output}: read them, then put them under their topics in")
    print("bot/data/nlu.yml and open a pull request with the report.")
    if options.no_report:
        return 0
    print("Training a model to compare with …", file=sys.stderr)
    knowledge = store.current()
    before = model.understander(model.ensure(settings), knowledge)
    text = teaching.report(sentences, teaching.compare(before, teaching.retrained(sentences, knowledge)))
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0
