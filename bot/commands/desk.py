"""wegweiser desk"""

from __future__ import annotations

import argparse
import getpass
import signal
import sys

from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=5006, help="port of the desk (default: 5006)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    parser.add_argument(
        "--tls", action="store_true", help="browsers come over TLS (through a proxy): cookies over nothing else"
    )
    tasks = parser.add_subparsers(dest="task", metavar="TASK")
    user = tasks.add_parser("add-user", help="make a user; the password is asked, or read from standard input")
    user.add_argument("name")
    user.add_argument("--role", choices=["counsellor", "admin"], required=True)
    user.add_argument(
        "--lands", required=True, help="codes with commas, as DE-BE,DE-BB; none = what has no Land; all = everything"
    )
    tasks.add_parser("check", help="check the rules of delivery")
    tasks.add_parser("deliver", help="try once what is to be delivered; the running desk does it all the time")


def run(options: argparse.Namespace) -> int:
    from bot import desk
    from bot.tracker import NoTalks
    from prescreen.delivery.rules import BadRules

    settings = Settings.read()
    try:
        if options.task == "add-user":
            return _add_user(options, settings)
        if options.task == "check":
            found = desk.delivery(settings)
            print(f"The rules are good: {len(found.rules)} rules, ways: {', '.join([*found.desks, *found.ways])}.")
            return 0
        if options.task == "deliver":
            return _deliver(settings)
        return _serve(options, settings)
    except (BadRules, NoTalks) as error:
        print(error, file=sys.stderr)
        return 1


def _add_user(options: argparse.Namespace, settings: Settings) -> int:
    from bot import desk
    from prescreen.accounts import BadAccount

    accounts = desk.accounts(settings)
    lands = accounts.lands if options.lands == "all" else set(options.lands.split(","))
    try:
        accounts.add(options.name, _password(), options.role, lands)
    except BadAccount as error:
        print(error, file=sys.stderr)
        return 2
    accounts.note(options.name, "user added", "command line")
    print(f"The user {options.name} can log in now.")
    return 0


def _password() -> str:
    """Asked twice on a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (at least 12 characters): ")
    return first if getpass.getpass("Once more: ") == first else ""


def _deliver(settings: Settings) -> int:
    from bot import desk
    from prescreen.delivery.outbox import Outbox
    from prescreen.handovers import Handovers

    outbox = Outbox(Handovers(settings.desk_url).database, desk.delivery(settings))
    print(f"{outbox.work()} tried.")
    dead = outbox.list("dead")
    for delivery in dead:
        print(f"Failed for good: {delivery.code} by {delivery.way}: {delivery.error}", file=sys.stderr)
    return 1 if dead else 0


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot import desk, logs
    from bot.server import port_is_free
    from prescreen.desk import app

    if not port_is_free(options.host, options.port):
        print(f"Port {options.port} is taken. Stop what uses it, or choose another with --port.", file=sys.stderr)
        return 1
    parts = desk.build(settings, secure=options.tls)
    if not parts.accounts.all():
        print("There is no user yet: ./wegweiser desk add-user NAME --role admin --lands all", file=sys.stderr)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = app.create(parts)
    logs.configure(settings)
    server.register_listener(
        lambda *_: print(f"The desk is ready: http://{options.host}:{options.port}/", flush=True), "after_server_start"
    )
    server.run(host=options.host, port=options.port, access_log=False, motd=False, debug=False)
    return 0
