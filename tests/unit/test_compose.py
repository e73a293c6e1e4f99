"""What compose.yml promises, without starting anything; `make compose-test` shows it on a running suite."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SUITE = yaml.safe_load((ROOT / "compose.yml").read_text("utf-8"))
SERVICES = SUITE["services"]
ONE_SHOT = {"secrets", "migrate"}


def leads_out(network: Any) -> Any:
    told = SUITE["networks"][network]
    unanswered = told.get("driver_opts", {}).get("com.docker.network.bridge.enable_ip_masquerade") == "false"
    return not (told.get("internal") or unanswered)


def test_only_the_gateway_is_on_a_network_that_leads_out() -> None:
    assert {name for name, one in SERVICES.items() if any(map(leads_out, one.get("networks", [])))} == {"web_gateway"}
    assert all("networks" in one or one.get("network_mode") == "none" for one in SERVICES.values())


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_to_this_machine_only(name: Any) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_ports_of_databases_are_open_in_the_dev_profile_only() -> None:
    opened = {name for name, one in SERVICES.items() if any(":543" in port for port in one.get("ports", []))}
    assert opened == {"movie_db_port", "test_db"}
    assert all(SERVICES[name]["profiles"] == ["dev"] for name in opened)


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONE_SHOT))
def test_a_service_tells_whether_it_is_well(name: Any) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_nothing_that_it_need_not(name: Any) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_comes_back_after_a_crash(name: Any) -> None:
    ends = name in ONE_SHOT | {"crawling_service"}
    assert SERVICES[name]["restart"] == ("on-failure:5" if ends else "unless-stopped")


def test_no_password_is_written_down() -> None:
    settings = [value for one in SERVICES.values() for value in one.get("environment", {}).items()]
    assert not [name for name, _ in settings if name.endswith("PASSWORD")]
    assert {value for name, value in settings if name.endswith("PASSWORD_FILE")} == {"/secrets/password"}
    urls = [value for name, value in settings if name.endswith("_URL")]
    assert urls
    assert all("://movie_db@" in url for url in urls)


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"movie_db_port"}))
def test_every_log_goes_to_the_one_volume_of_logs(name: Any) -> None:
    of_tests = {"test_db"}
    assert name in of_tests or any(volume.startswith("movie_logs:") for volume in SERVICES[name]["volumes"])


def test_every_setting_that_is_passed_on_exists() -> None:
    from movie_db.contract.settings import Settings

    known = {f"MOVIE_DB_{name.upper()}" for name in Settings.model_fields}
    passed = {name for one in SERVICES.values() for name in one.get("environment", {}) if name.startswith("MOVIE_DB_")}
    assert passed <= known


def test_the_databases_log_is_bounded_to_a_week() -> None:
    command = SERVICES["movie_db"]["command"]
    assert "log_filename=movie_db.%a.log" in command
    assert "log_rotation_age=1d" in command
    assert "log_truncate_on_rotation=on" in command


def test_a_database_that_was_killed_while_it_was_made_is_made_anew() -> None:
    (entry,) = (line for line in SERVICES["movie_db"]["entrypoint"] if "docker-entrypoint.sh" in line)
    assert "[ ! -e unfinished ] || rm -rf pgdata" in entry
    assert SERVICES["movie_db"]["environment"]["PGDATA"].endswith("/data/pgdata")
    assert "rm -f /var/lib/postgresql/data/unfinished" in (ROOT / SUITE["configs"]["made"]["file"]).read_text()
