"""wegweiser channels check NAME"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from bot.channels.base import Messenger

# Name of a messenger → its class.
CHANNELS = {
    "telegram": "bot.channels.telegram.TelegramInput",
    "whatsapp_twilio": "bot.channels.whatsapp_twilio.WhatsAppTwilioInput",
    "whatsapp_cloud": "bot.channels.whatsapp_cloud.WhatsAppCloudInput",
    "messenger": "bot.channels.messenger.MessengerInput",
    "slack": "bot.channels.slack.SlackInput",
    "matrix": "bot.channels.matrix.MatrixInput",
}
# Seconds that the platform and our own address get. A person waits for this.
_LIMIT = 20.0
_REASONS = {
    "credentials": "the platform does not know the token or account",
    "http_401": "the platform does not accept the token",
    "http_403": "the platform does not allow this with the token",
    "invalid_auth": "the platform does not accept the token",
    "no_connection": "there is no connection to the platform",
    "timeout": "the platform does not answer",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="test the credentials and the webhook of a messenger; says what is missing")
    check.add_argument("name", choices=list(CHANNELS), metavar="NAME", help=", ".join(CHANNELS))


def run(options: argparse.Namespace) -> int:
    """Print each finding in a line. Returns 1 when there is one."""
    channel = load(options.name)
    found = asyncio.run(findings(channel))
    for finding in found:
        print(f"- {finding}", file=sys.stderr)
    if not found:
        print(f"{channel.platform} ({options.name}) is set up.")
    return 1 if found else 0


def load(name: str) -> Messenger:
    """The channel with its options from the environment."""
    module, _, kind = CHANNELS[name].rpartition(".")
    found: Messenger = getattr(importlib.import_module(module), kind).from_credentials(None)
    return found


async def findings(channel: Messenger) -> list[str]:
    """What is wrong, one sentence each: missing variables, refused credentials, a webhook that nobody reaches."""
    from bot.channels.api import Later, Undelivered

    options = channel.options
    if not options.on:
        return [f"{options.variable(name)} is not set: {options.help(name)}" for name in options.missing]
    found: list[str] = []
    try:
        found += await asyncio.wait_for(channel.check(), _LIMIT)
    except (Undelivered, Later) as error:
        found.append(_REASONS.get(error.kind, f"the platform answered with „{error.kind}“"))
    except asyncio.TimeoutError:
        found.append(_REASONS["timeout"])
    finally:
        await channel.api.close()
    if channel.settings.public_url and channel.has_webhook:
        found += await _webhook(f"{channel.settings.public_url.rstrip('/')}/webhooks/{channel.name()}/webhook")
    return found


async def _webhook(url: str) -> list[str]:
    """Whether our address is reached from here: an unsigned request must be turned away, and by us."""
    try:
        timeout = aiohttp.ClientTimeout(total=_LIMIT)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.post(url, json={}) as answer:
            status = answer.status
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
        return [f"nobody answers at {url}; is the server running, and WEGWEISER_PUBLIC_URL right?"]
    if status == 403:
        return []
    return [f"{url} answers {status} to an unsigned request and should answer 403; does the proxy lead to the assistant?"]
