"""The files of deploy/ fit together and fit the program. They are read, not run: that needs a container engine, a cluster."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from typing import Any

import pytest
import yaml

from bot.metrics import Metrics
from bot.settings import PREFIX, ROOT, Settings

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
KUBERNETES = [
    document for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) for document in yaml.safe_load_all(path.read_text())
]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
USER = 10001
# Set by the program itself, or read by the files of deploy/ alone.
_SUPPLIED = {"ACTION_PORT", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"}
_OF_COMPOSE = {"HOST", "DESK_HOST", "REDIS_PASSWORD"}


def variables(text: str) -> set[str]:
    return set(re.findall(rf"{PREFIX}([A-Z_]+)", text))


def pods() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for document in KUBERNETES:
        if document["kind"] == "Deployment":
            found.append((document["metadata"]["name"], document["spec"]["template"]))
        if document["kind"] == "CronJob":
            found.append((document["metadata"]["name"], document["spec"]["jobTemplate"]["spec"]["template"]))
    return found


def containers() -> list[Any]:
    return [
        pytest.param(container, id=f"{name}-{container['name']}")
        for name, pod in pods()
        for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting_of_the_program_or_of_these_files(path: Any) -> None:
    known = {field.name.upper() for field in fields(Settings)} | _SUPPLIED | _OF_COMPOSE
    assert variables(path.read_text(encoding="utf-8")) <= known


def test_the_stores_get_every_variable_that_they_name() -> None:
    named = set(re.findall(rf"\$\{{{PREFIX}(\w+)\}}", (DEPLOY / "endpoints.yml").read_text())) - {"ACTION_PORT"}
    in_compose = {name.removeprefix(PREFIX) for name in COMPOSE["services"]["assistant"]["environment"]}
    settings = next(document for document in KUBERNETES if document["kind"] == "ConfigMap")
    # What is secret stands in no file; the comment beside the map lists it.
    in_kubernetes = {name.removeprefix(PREFIX) for name in settings["data"]} | {"DB_PASSWORD", "REDIS_URL"}
    assert named <= in_compose and named <= in_kubernetes


def test_compose_asks_for_every_secret_and_has_none() -> None:
    text, example = (DEPLOY / "compose.yaml").read_text(), (DEPLOY / "env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    assert asked == set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", text)) <= asked


def test_nothing_of_kubernetes_holds_a_secret() -> None:
    assert [document for document in KUBERNETES if document["kind"] == "Secret"] == []
    settings = next(document for document in KUBERNETES if document["kind"] == "ConfigMap")
    assert [name for name in settings["data"] if re.search("PASSWORD|TOKEN|SECRET|_KEY|DATABASE|REDIS", name)] == []


def test_the_image_is_built_from_the_lock_and_does_not_run_as_root() -> None:
    assert "--require-hashes -r requirements.lock" in CONTAINERFILE
    assert re.findall(r"^USER (\S+)", CONTAINERFILE, re.MULTILINE) == [f"{USER}:{USER}"]
    assert f"python:{(ROOT / '.python-version').read_text().strip()}-" in CONTAINERFILE
    for name in re.findall(r"^COPY (?!--from)(\S+) ", CONTAINERFILE, re.MULTILINE):
        assert (ROOT / name).exists()


def test_the_image_runs_a_command_that_there_is() -> None:
    entry = json.loads(re.findall(r"^ENTRYPOINT (.*)", CONTAINERFILE, re.MULTILINE)[0])
    calls = [json.loads(re.findall(r"^CMD (.*)", CONTAINERFILE, re.MULTILINE)[0]), COMPOSE["services"]["desk"]["command"]]
    calls += [container["args"] for _, pod in pods() for container in pod["spec"]["containers"] if "args" in container]
    assert len(calls) == 5
    for call in calls:
        help_of = [sys.executable, *entry[1:], *[word for word in call if word != "0.0.0.0"], "--help"]
        if "--host" in help_of:
            help_of.insert(help_of.index("--host") + 1, "127.0.0.1")
        assert subprocess.run(help_of, cwd=ROOT, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["assistant", "desk", "retention"])
def test_our_services_of_compose_have_few_rights(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["user"] == f"{USER}:{USER}" and service["read_only"] and service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"] and service["mem_limit"] and "ports" not in service


def test_only_the_proxy_of_compose_is_open_and_the_stores_have_no_way_out() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    for name in ("postgres", "redis"):
        assert services[name]["networks"] == ["back"]
    assert COMPOSE["networks"]["back"]["internal"] and COMPOSE["networks"]["front"]["internal"]
    assert not set(services["proxy"]["networks"]) & {"back"}


@pytest.mark.parametrize("container", containers())
def test_every_container_has_few_rights_and_bounds(container: dict[str, Any]) -> None:
    rights = container["securityContext"]
    assert rights["readOnlyRootFilesystem"] and rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["requests"].keys() == {"cpu", "memory"} and container["resources"]["limits"]["memory"]


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_no_pod_runs_as_root_or_knows_the_cluster(name: str, pod: dict[str, Any]) -> None:
    rights = pod["spec"]["securityContext"]
    assert rights["runAsNonRoot"] and rights["runAsUser"] == (999 if name == "redis" else USER)
    assert pod["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize(("name", "port"), [("assistant", 5005), ("desk", 5006), ("redis", 6379)])
def test_probes_services_and_ports_belong_together(name: str, port: int) -> None:
    container = dict(pods())[name]["spec"]["containers"][0]
    assert [found["containerPort"] for found in container["ports"]] == [port]
    named = container["ports"][0]["name"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        how = container[probe]
        target = how.get("httpGet") or how.get("tcpSocket")
        assert "exec" in how or target["port"] == named
    service = next(d for d in KUBERNETES if d["kind"] == "Service" and d["metadata"]["name"] == name)
    assert service["spec"]["selector"] == {"app": name} and service["spec"]["ports"][0]["targetPort"] == named


def test_every_manifest_is_applied_and_nothing_may_speak_by_default() -> None:
    listed = next(document for document in KUBERNETES if document["kind"] == "Kustomization")["resources"]
    assert {*listed, "kustomization.yaml"} == {path.name for path in (DEPLOY / "kubernetes").glob("*.yaml")}
    policies = {d["metadata"]["name"]: d["spec"] for d in KUBERNETES if d["kind"] == "NetworkPolicy"}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert {"assistant", "redis", "stores"} < policies.keys()


def test_the_proxies_lead_to_what_there_is_and_never_to_the_figures() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text()
    public = re.findall(r"@public path (.*)", caddy)[0].split()
    ingress = next(d for d in KUBERNETES if d["kind"] == "Ingress")["spec"]["rules"][0]["http"]["paths"]
    for address in [*public, *[way["path"] for way in ingress]]:
        assert re.match(r"/(health|demo|widget|webhooks/[a-z_]+)", address) and "rest" not in address
    assert re.findall(r"reverse_proxy (\w+):(\d+)", caddy) == [("assistant", "5005"), ("desk", "5006")]


def test_the_dashboard_shows_figures_that_there_are() -> None:
    kinds = {metric.name: metric.type for metric in Metrics().registry.collect()}
    made = {f"{name}_total" if kind == "counter" else f"{name}_bucket" for name, kind in kinds.items()}
    shown = {
        name
        for panel in json.loads((DEPLOY / "grafana.json").read_text())["panels"]
        for target in panel["targets"]
        for name in re.findall(r"wegweiser_\w+", target["expr"])
    }
    assert shown == made


def test_yamllint_finds_nothing() -> None:
    files = [str(path) for path in FILES if path.suffix in (".yml", ".yaml")]
    done = subprocess.run(
        [sys.executable, "-m", "yamllint", "-s", "-c", str(DEPLOY / ".yamllint"), *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
