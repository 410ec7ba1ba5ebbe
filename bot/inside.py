"""Actions inside the Rasa process: no second process, no way over HTTP, the same calls and answers.

They run in a thread with a loop of its own. An action that hangs so stops the actions, as it would stop the action server, and
not the server of the messages: its patience ends, and the person gets the sentence with a human contact.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

# The package of the actions; by name, since nothing of ours imports it.
_PACKAGE = "actions"
# Seconds in which the thread of the actions answers while it is well.
_PULSE = 2.0


def apply() -> None:
    """From now on Rasa calls the actions of this process, whatever address its endpoints name."""
    read = AvailableEndpoints.read_endpoints

    def read_endpoints(endpoint_file: str) -> AvailableEndpoints:
        endpoints = read(endpoint_file)
        endpoints.action = Inside(endpoints.action)
        return endpoints

    AvailableEndpoints.read_endpoints = staticmethod(read_endpoints)


class Inside(EndpointConfig):
    """What Rasa takes for the address of an action server. `named` is the one of its endpoints, whose options it keeps."""

    def __init__(self, named: EndpointConfig | None = None) -> None:
        super().__init__(url="inside", **(named.kwargs if named else {}))
        self._executor = ActionExecutor()
        self._executor.register_package(_PACKAGE)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name=_PACKAGE, daemon=True).start()

    async def request(self, method: str = "post", **call: Any) -> Any:
        """Run the action that `call["json"]` names. Raises what the SDK raises, such as for an action that there is not."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._executor.run(call["json"]), self._loop))

    async def alive(self) -> bool:
        """Whether the actions answer."""
        pulse = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop)
        try:
            await asyncio.wait_for(asyncio.wrap_future(pulse), _PULSE)
        except asyncio.TimeoutError:
            return False
        return True
