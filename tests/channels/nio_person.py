"""A person with a real Matrix client (matrix-nio). Run by tests/channels/synapse.py in another environment.

Commands come as JSON lines on standard input, what the assistant says goes as JSON lines to standard output.
"""

import asyncio
import json
import sys

from nio import AsyncClient, MatrixRoom, RoomMessageNotice


async def main(url: str, me: str, password: str, bot: str) -> None:
    client = AsyncClient(url, me)
    await client.login(password)
    room = {"id": ""}
    last = {"id": ""}

    async def heard(where: MatrixRoom, event: RoomMessageNotice) -> None:
        # Of the room that this talk opened: the first sync also tells of earlier ones.
        if event.sender == bot and where.room_id == room["id"]:
            print(json.dumps({"heard": event.body}), flush=True)

    client.add_event_callback(heard, RoomMessageNotice)
    syncing = asyncio.create_task(client.sync_forever(timeout=10_000))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        if "open" in command:
            encryption = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
            state = [encryption] if command["open"] == "encrypted" else []
            room["id"] = (await client.room_create(is_direct=True, invite=[bot], initial_state=state)).room_id
            continue
        if "say" in command:
            content = {"msgtype": "m.text", "body": command["say"]}
        elif "edit" in command:
            new = {"msgtype": "m.text", "body": command["edit"]}
            relation = {"rel_type": "m.replace", "event_id": last["id"]}
            content = {"msgtype": "m.text", "body": f"* {command['edit']}", "m.new_content": new, "m.relates_to": relation}
        else:
            content = {"msgtype": "m.image", "body": "bild.png", "url": "mxc://localhost/x"}
        # nio waits and tries again by itself when the server says that it is too much.
        last["id"] = (await client.room_send(room["id"], "m.room.message", content)).event_id
    syncing.cancel()
    await client.close()


asyncio.run(main(*sys.argv[1:]))
