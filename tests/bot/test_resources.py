"""The stand-in says what pkg_resources itself says, for all that is asked of it in the Rasa process."""

from __future__ import annotations

import pkg_resources
import pytest

from bot import resources

SCHEMA = ("rasa", "shared/utils/schemas/domain.yml")


def test_it_answers_as_the_real_one() -> None:
    for group in ("apscheduler.triggers", "apscheduler.executors", "apscheduler.jobstores", "no.such.group"):
        ours, theirs = resources.iter_entry_points(group), list(pkg_resources.iter_entry_points(group))
        assert {(entry.name, entry.load()) for entry in ours if entry.name in ("cron", "date", "debug", "memory")} == {
            (entry.name, entry.load()) for entry in theirs if entry.name in ("cron", "date", "debug", "memory")
        }
        assert {entry.name for entry in ours} == {entry.name for entry in theirs}
    assert resources.get_distribution("APScheduler").version == pkg_resources.get_distribution("APScheduler").version
    assert resources.resource_filename(*SCHEMA) == pkg_resources.resource_filename(*SCHEMA)
    assert resources.resource_filename("rasa.telemetry", "keys") == pkg_resources.resource_filename("rasa.telemetry", "keys")
    assert resources.resource_string(*SCHEMA) == pkg_resources.resource_string(*SCHEMA)


def test_what_is_not_there_is_an_error() -> None:
    with pytest.raises(resources.DistributionNotFound):
        resources.get_distribution("no-such-package")
    with pytest.raises(FileNotFoundError):
        resources.resource_string("rasa", "no.such.file")
