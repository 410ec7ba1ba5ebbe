"""Rasa's own REST channel, only where WEGWEISER_REST is `on`: it believes any sender id, so it is for development."""

from __future__ import annotations

import logging

from rasa.core.channels.rest import RestInput
from sanic import Blueprint

from bot.channels.base import Handler
from bot.settings import Settings

log = logging.getLogger("wegweiser.rest")


class DevelopmentRestInput(RestInput):
    """POST /webhooks/rest/webhook, or nothing at all."""

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        if Settings.read().rest == "on":
            log.warning("The REST channel is open (WEGWEISER_REST=on): whoever reaches this port can read any talk.")
            return super().blueprint(on_new_message)
        return Blueprint("rest_is_off", __name__)
