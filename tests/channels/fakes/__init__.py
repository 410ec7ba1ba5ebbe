"""A local fake of each platform's API: it enforces the published limits and returns the platform's own errors."""

from tests.channels.fakes.base import Fake, Fault, Key, Sent
from tests.channels.fakes.matrix import FakeMatrix
from tests.channels.fakes.messenger import FakeMessenger
from tests.channels.fakes.slack import FakeSlack
from tests.channels.fakes.telegram import FakePollingTelegram, FakeTelegram
from tests.channels.fakes.twilio import FakeTwilio
from tests.channels.fakes.whatsapp_cloud import FakeWhatsAppCloud

FAKES = (FakeTelegram, FakePollingTelegram, FakeTwilio, FakeWhatsAppCloud, FakeMessenger, FakeSlack, FakeMatrix)

__all__ = ["FAKES", "Fake", "Fault", "Key", "Sent"]
