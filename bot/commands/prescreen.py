"""wegweiser prescreen INPUT"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot import model
from bot.settings import Settings
from knowledge import store

if TYPE_CHECKING:
    from prescreen.batch import Prescreener
    from prescreen.items import Item
    from prescreen.journal import Journal

FORMATS = ("jsonl", "csv", "xlsx", "html")
# Of fewer enquiries, one process is done before others have begun.
_FEW = 200
GOOD, FINDING, WRONG_CALL = 0, 1, 2


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", help=".jsonl, .csv, .xlsx, .txt, .eml, .mbox, a folder of those, or - for JSON Lines on stdin")
    parser.add_argument("-o", "--output", type=Path, help="file for the results (default: JSON Lines on standard output)")
    parser.add_argument("--format", choices=FORMATS, help="form of the results (default: as the name of the output says)")
    parser.add_argument("--column", help="column of a table with the enquiries: its heading or its number")
    parser.add_argument("--keep-personal", action="store_true", help="leave personal data in the results")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: one for each core)")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="work on this Dask cluster instead")
    parser.add_argument("--fresh", action="store_true", help="begin anew where a killed run left half-done work")


def run(options: argparse.Namespace) -> int:
    from prescreen.cluster import ClusterFailed
    from prescreen.items import InputError
    from prescreen.work import WorkerLost

    # A run that is ended politely (kill, a closed terminal) must end its workers as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return _run(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return WRONG_CALL
    except (WorkerLost, ClusterFailed) as error:
        print(f"{error} What is done is kept: run the same command again to go on.", file=sys.stderr)
        return FINDING


def _run(options: argparse.Namespace) -> int:
    from prescreen import readers
    from prescreen.items import InputError

    form = _format(options)
    if options.workers < 0:
        raise InputError("--workers is the number of processes: 1 or more.")
    # Opened first: a wrong call should be told at once, not after the model is loaded.
    items = readers.read(options.input, options.column)
    if options.output is None:
        return _to_stdout(items, options)
    if options.output.is_dir() or not options.output.parent.is_dir():
        raise InputError(f"{options.output} cannot be written: it is a folder, or its folder does not exist.")
    if Path(options.input).is_dir() and Path(options.input).resolve() in options.output.resolve().parents:
        raise InputError("The output would stand in the folder that is read; choose a place outside.")
    if options.output.exists() and options.output.samefile(options.input if options.input != "-" else "/dev/stdin"):
        raise InputError("The output would overwrite the input; choose another name.")
    return _to_file(items, form, options)


def _format(options: argparse.Namespace) -> str:
    from prescreen.items import InputError

    named = options.output.suffix.lower().lstrip(".") if options.output else "jsonl"
    form = str(options.format or (named if named in FORMATS else "jsonl"))
    if options.output is None and form != "jsonl":
        raise InputError(f"--format {form} needs a file: give its name with -o.")
    return form


def screener(keep: bool = False, edition: str | None = None) -> tuple[Prescreener, str]:
    """What reads enquiries, and the stamp of the model and the knowledge it reads with. Also called on Dask workers."""
    # Here, because it loads spaCy and scikit-learn, and a wrong call should be told at once.
    from prescreen.batch import Prescreener

    settings, knowledge = Settings.read(), store.current()
    path = model.ensure(settings)
    edition = edition or settings.edition
    return Prescreener(model.understander(path, knowledge), knowledge, edition, keep), f"{path.stem}-{store.stamp()}-{edition}"


def _to_stdout(items: Iterable[Item], options: argparse.Namespace) -> int:
    from prescreen import work

    reader, _ = screener(options.keep_personal)
    failed = 0
    for lines in work.alone(reader, items):
        for line in lines:
            print(line, flush=True)
            failed += not line.endswith('"error": null}')
    return _told(failed)


def _to_file(items: Iterator[Item], form: str, options: argparse.Namespace) -> int:
    from prescreen import journal, writers

    reader, stamp = screener(options.keep_personal)
    about = {"options": [options.keep_personal, options.column], "model or knowledge": stamp}
    about |= {"input": ["-"]} if options.input == "-" else journal.about_input(options.input)
    # Standard input cannot be read twice, so there is nothing to go on from.
    fresh = options.fresh or options.input == "-"
    with journal.Journal(options.output, about, fresh) as done:
        if done.done:
            print(f"Going on behind {done.done} enquiries that are done.", file=sys.stderr)
        _work(reader, stamp, islice(items, done.done, None), done, options)
        done.sync()
    print("Writing …", file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n") if form != "jsonl" else None
    writers.write(form, done.part, options.output, store.current())
    done.remove()
    print(f"{_counted(done.done, 'is', 'are')} in {options.output}.", file=sys.stderr)
    return _told(done.failed)


def _work(reader: Prescreener, stamp: str, items: Iterator[Item], done: Journal, options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from prescreen import readers

    shown = sys.stderr.isatty()
    total = readers.count(options.input) if shown else None
    bar = tqdm(total=total, initial=done.done, unit=" enquiries", disable=not shown, file=sys.stderr, smoothing=0.05)
    with ExitStack() as stack, bar:
        for lines in _workers(reader, stamp, items, options, stack):
            done.add(lines)
            bar.update(len(lines))


def _workers(
    reader: Prescreener, stamp: str, items: Iterator[Item], options: argparse.Namespace, stack: ExitStack
) -> Iterator[list[str]]:
    from prescreen import cluster, work

    if options.scheduler:
        client = stack.enter_context(cluster.connect(options.scheduler))
        how = {"keep": options.keep_personal, "edition": Settings.read().edition}
        yield from cluster.spread(client, "bot.commands.prescreen:screener", stamp, how, items)
        return
    first = list(islice(items, _FEW))
    workers = options.workers or os.cpu_count() or 1
    for chunk in work.chunks(first):
        yield work.lines(reader, chunk)
    if len(first) < _FEW:
        return
    if workers == 1:
        for chunk in work.chunks(items):
            yield work.lines(reader, chunk)
    else:
        yield from work.together(reader, items, workers)


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} enquiry {one}" if number == 1 else f"{number:,} enquiries {several}"


def _told(failed: int) -> int:
    if failed:
        print(f"{_counted(failed, 'was', 'were')} not read; see the field „error“.", file=sys.stderr)
    return FINDING if failed else GOOD
