"""The command from end to end, with the real model: killed and gone on, several processes, a Dask cluster, wrong calls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.server import free_port
from bot.settings import ROOT
from tests.conftest import CASES

pytestmark = pytest.mark.assistant
COMMAND = [sys.executable, "-m", "bot", "prescreen"]


def prescreen(*arguments: object, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, input=text, timeout=300)


@pytest.fixture(scope="module")
def enquiries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 enquiries, a broken one among them."""
    records = [
        json.loads(line) for name in ("questions", "exam") for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    texts = [record["text"] for record in records]
    lines = [json.dumps({"id": i, "text": f"{texts[i % len(texts)]} Nummer {i}."}, ensure_ascii=False) for i in range(1500)]
    lines[700] = "{broken"
    path = tmp_path_factory.mktemp("in") / "in.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def expected(enquiries: Path) -> list[str]:
    """The results of one process."""
    done = prescreen(enquiries, "-o", enquiries.with_name("one.jsonl"), "--workers", 1)
    assert done.returncode == 1, done.stderr
    return enquiries.with_name("one.jsonl").read_text("utf-8").splitlines()


def test_several_processes_give_the_same_in_the_same_order(enquiries: Path, expected: list[str], tmp_path: Path) -> None:
    assert prescreen(enquiries, "-o", tmp_path / "out.jsonl", "--workers", 3).returncode == 1
    assert (tmp_path / "out.jsonl").read_text("utf-8").splitlines() == expected
    assert [json.loads(line)["id"] for line in expected] == [*range(700), 701, *range(701, 1500)]
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_killed_run_goes_on_and_loses_nothing(enquiries: Path, expected: list[str], tmp_path: Path) -> None:
    out, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    for portion in (1, 2):
        running = subprocess.Popen(
            [*COMMAND, str(enquiries), "-o", str(out), "--workers", "2"],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        before = part.stat().st_size if part.exists() else 0
        while running.poll() is None and not (part.exists() and part.stat().st_size > before + portion * 100_000):
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert not out.exists() and part.exists()
    done = prescreen(enquiries, "-o", out, "--workers", 2)
    assert "Going on behind" in done.stderr and done.returncode == 1
    assert out.read_text("utf-8").splitlines() == expected
    assert not part.exists()


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers, each a process of its own; their address and the workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    quiet = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    host = ["--host", "127.0.0.1", "--no-dashboard"]
    port = address.rsplit(":", 1)[1]
    started = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", port, *host], **quiet)]  # type: ignore[call-overload]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nworkers",
        "1",
        "--nthreads",
        "1",
        "--no-nanny",
        *host,
    ]
    try:
        started += [subprocess.Popen(worker, **quiet) for _ in range(workers)]  # type: ignore[call-overload]
        _wait_for(address, workers)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


def test_a_cluster_gives_the_same_although_a_worker_dies(enquiries: Path, expected: list[str], tmp_path: Path) -> None:
    out, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    with cluster(2) as (address, workers):
        running = subprocess.Popen(
            [*COMMAND, str(enquiries), "-o", str(out), "--scheduler", address], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        while running.poll() is None and not (part.exists() and part.stat().st_size > 400_000):
            time.sleep(0.02)
        assert running.poll() is None
        workers[0].kill()
        _, told = running.communicate(timeout=200)
    assert running.returncode == 1, told
    assert out.read_text("utf-8").splitlines() == expected


def test_a_scheduler_that_is_not_there_is_a_wrong_call(enquiries: Path, tmp_path: Path) -> None:
    done = prescreen(enquiries, "-o", tmp_path / "out.jsonl", "--scheduler", f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 2 and "No Dask scheduler answers" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.csv"], "There is no file none.csv"),
        (["IN", "--format", "csv"], "give its name with -o"),
        (["IN", "-o", "IN"], "would overwrite the input"),
        (["IN", "-o", "TMP/none/out.csv"], "does not exist"),
        (["IN", "--column", "text"], "--column is for tables"),
        (["IN", "--format", "pdf"], "invalid choice"),
        (["TMP", "-o", "TMP/out.csv"], "no file that can be read"),
        (["DIR", "-o", "DIR/out.csv"], "choose a place outside"),
        (["IN", "--workers", "-1"], "1 or more"),
    ],
)
def test_a_wrong_call_is_told_at_once(enquiries: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    given = [
        argument.replace("IN", str(enquiries)).replace("DIR", str(enquiries.parent)).replace("TMP", str(tmp_path))
        for argument in arguments
    ]
    done = prescreen(*given)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_every_format_comes_out_of_every_format(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Nr;Anfrage\n7;Wer berät mich in Kiel?\n", encoding="cp1252")
    for form in ("csv", "xlsx", "html", "jsonl"):
        done = prescreen(tmp_path / "in.csv", "-o", tmp_path / f"out.{form}")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, f"1 enquiry is in {tmp_path / f'out.{form}'}.")
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["land"] == "DE-SH"
    assert "Schleswig-Holstein" in (tmp_path / "out.html").read_text("utf-8")


def test_standard_input_may_be_broken_bytes() -> None:
    done = subprocess.run(
        [*COMMAND, "-"],
        cwd=ROOT,
        input=b'{"id": 1, "text": "Kiel"}\n\xff\xfe\0\n{"id": 2, "text": "K\xf6ln"}',
        capture_output=True,
    )
    results = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [result["id"] for result in results] == [1, 2, 2] and done.returncode == 1
