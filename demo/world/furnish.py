"""Setting Home Assistant up through its forms, as a person does; what is there already stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from string import Template
from typing import Any

from annotatedyaml import parse_yaml

from .errors import WorldError
from .home_assistant import Answer, HomeAssistant
from .ledgers import LocalLedger
from .waiting import until

SENSORS = ("Cold room", "Greenhouse")
"""Names that the radio's sensors advertise."""

TEMPERATURES = ("sensor.cold_room_temperature", "sensor.greenhouse_temperature")
HUMIDITIES = ("sensor.cold_room_humidity", "sensor.greenhouse_humidity")
PRESSURES = (
    "sensor.cold_room_atmospheric_pressure",
    "sensor.greenhouse_atmospheric_pressure",
)

LOG = "Climate log"
WEIGHT_MAGNITUDE = 9
SECONDS_TO_DISCOVER = 60

DASHBOARD = Path(__file__).parents[1] / "config" / "dashboard.yaml"
DASHBOARD_URL = "sensor-chain"

FLOW = "/api/config/config_entries/flow"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Furnisher:
    """Sets a Home Assistant up.

    `tangle` is the node's URL, `beside` are other ledgers and their URLs, `say` tells what is
    being done.
    """

    home: HomeAssistant
    tangle: str
    beside: Mapping[LocalLedger, str]
    say: Say

    async def furnish(self) -> None:
        """Do all of it, in a person's order."""
        await self._switch_radio_on()
        for name in SENSORS:
            await self._accept_sensor(name)
        log = await self._entry("sensorchain", LOG) or await self._add_log()
        await self._check_tangle(log)
        await self._add_private_rule(log)
        await self._add_dashboard(log)
        for ledger, url in self.beside.items():
            await self._add_ledger(log, ledger, url)

    async def _switch_radio_on(self) -> None:
        """Add the virtual radio."""
        if not await self._entry("virtual_radio", "Virtual radio"):
            self.say("switching the virtual Bluetooth radio on")
            await self._fill(
                FLOW,
                "virtual_radio",
                {"advertising_interval": 1, "value_interval": 5},
            )

    async def _accept_sensor(self, name: str) -> None:
        """Add a sensor that Home Assistant discovers."""
        if await self._entry("sensorchain", name):
            return
        self.say(
            f"waiting until Home Assistant discovers the sensor {name}, and adding it"
        )

        async def discovered() -> Answer | None:
            flows: list[dict[str, Any]] = await self.home.command(
                "config_entries/flow/progress"
            )
            return next((flow for flow in flows if _is_of_sensor(flow, name)), None)

        flow = await until(
            discovered, f"Home Assistant discovers {name}", SECONDS_TO_DISCOVER
        )
        step = await self.home.get(f"{FLOW}/{flow['flow_id']}")
        _check_added(await self._answer(FLOW, step, {}))

    async def _add_log(self) -> str:
        """Add a log, its ledger and its first rule; return the id of its entry."""
        await self._wait_for_states((*TEMPERATURES, *HUMIDITIES, *PRESSURES))
        self.say(f"adding the log “{LOG}”: anchored on the Tangle every 10 seconds")
        result = await self._fill(
            FLOW,
            "sensorchain",
            {"next_step_id": "log"},
            {"name": LOG},
            {"next_step_id": "tangle"},
            {
                "nodes": [self.tangle],
                "cadence": {"seconds": 10},
                "minimum_weight_magnitude": WEIGHT_MAGNITUDE,
                "more": {
                    "proof_of_work": "local",
                    "transactions": 4,
                    "explorer": f"{self.tangle}/transaction/{{transaction}}",
                },
            },
            _rule((*TEMPERATURES, *HUMIDITIES), seconds=30, public=True),
        )
        return str(result["result"]["entry_id"])

    async def _check_tangle(self, log: str) -> None:
        """Fail when the log is anchored on another Tangle than the one that runs."""
        titles = [each["title"] for each in await self._subentries(log, "ledger")]
        title = f"Tangle ({self.tangle.removeprefix('http://')})"
        if title not in titles:
            raise WorldError(
                f"The log of this world is anchored on {', '.join(titles) or 'nothing'}, not on {title}."
                " Choose that port with --tangle-port, or begin anew with --fresh."
            )

    async def _add_private_rule(self, log: str) -> None:
        """Add a second rule, whose readings stay in the log."""
        if len(await self._subentries(log, "rule")) < 2:
            self.say(
                "adding a second rule: the pressures, of which only hashes leave the house"
            )
            await self._fill(
                SUBENTRY_FLOW,
                [log, "rule"],
                _rule(PRESSURES, seconds=60, public=False),
            )

    async def _add_ledger(self, log: str, ledger: LocalLedger, url: str) -> None:
        """Have the log anchored on another ledger too."""
        names = [each["unique_id"] for each in await self._subentries(log, "ledger")]
        if any(str(name).startswith(f"{ledger.kind} ") for name in names):
            return
        self.say(f"adding a ledger beside the Tangle: {ledger.name}")
        await self._wait_until_running(log)
        chosen = {"next_step_id": ledger.kind}
        await self._fill(SUBENTRY_FLOW, [log, "ledger"], chosen, *ledger.pages(url))

    async def _wait_until_running(self, log: str) -> None:
        """Wait until the log runs: whatever is added starts it anew."""

        async def running() -> bool | None:
            entries = await self.home.get("/api/config/config_entries/entry")
            return (
                any(
                    each["entry_id"] == log and each["state"] == "loaded"
                    for each in entries
                )
                or None
            )

        await until(running, "the log runs", SECONDS_TO_DISCOVER)

    async def _add_dashboard(self, log: str) -> None:
        """Add the dashboard, and show it first."""
        dashboards = await self.home.command("lovelace/dashboards/list")
        if any(each["url_path"] == DASHBOARD_URL for each in dashboards):
            return
        self.say("laying out the dashboard")
        await self.home.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD_URL,
            title="SensorChain",
            icon="mdi:link-variant",
        )
        await self.home.command(
            "lovelace/config/save",
            url_path=DASHBOARD_URL,
            config=parse_yaml(await self._dashboard(log)),
        )
        await self.home.command(
            "frontend/set_system_data",
            key="core",
            value={"default_panel": DASHBOARD_URL},
        )

    async def _dashboard(self, log: str) -> str:
        """Return the dashboard; the entities of the ledger are named after its port."""

        async def ledger() -> str | None:
            entities = await self.home.command("config/entity_registry/list")
            buttons = [
                each["entity_id"].removeprefix("button.")
                for each in entities
                if each["config_entry_id"] == log
                and each["translation_key"] == "anchor_now"
            ]
            return buttons[0].removesuffix("_anchor_now") if buttons else None

        name = await until(ledger, "the log shows its ledger", SECONDS_TO_DISCOVER)
        return Template(DASHBOARD.read_text()).substitute(
            ledger=name, tangle=self.tangle
        )

    async def _wait_for_states(self, entity_ids: tuple[str, ...]) -> None:
        """Wait until the sensors have measured."""

        async def measured() -> bool | None:
            states = await self.home.get("/api/states")
            known = {each["entity_id"] for each in states if _is_number(each["state"])}
            return known.issuperset(entity_ids) or None

        await until(measured, "the sensors measure", SECONDS_TO_DISCOVER)

    async def _entry(self, domain: str, title: str) -> str | None:
        """Return the id of a config entry."""
        entries = await self.home.get(
            f"/api/config/config_entries/entry?domain={domain}"
        )
        return next(
            (each["entry_id"] for each in entries if each["title"] == title), None
        )

    async def _subentries(self, entry: str, kind: str) -> list[Answer]:
        """Return a config entry's subentries of a kind."""
        subentries = await self.home.command(
            "config_entries/subentries/list", entry_id=entry
        )
        return [each for each in subentries if each["subentry_type"] == kind]

    async def _fill(
        self, path: str, handler: str | list[str], *forms: Mapping[str, object]
    ) -> Answer:
        """Go through the steps of a flow, one form a step; return what was added."""
        step = await self.home.post(path, {"handler": handler})
        for form in forms:
            step = await self._answer(path, step, form)
        return _check_added(step)

    async def _answer(
        self, path: str, step: Answer, form: Mapping[str, object]
    ) -> Answer:
        """Send a form, and return the next step."""
        if "flow_id" not in step:
            raise WorldError(f"Home Assistant asks for no more: {step}")
        return await self.home.post(f"{path}/{step['flow_id']}", form)


def _rule(
    entity_ids: tuple[str, ...], *, seconds: int, public: bool
) -> Mapping[str, object]:
    """Return the form of a rule that records changes, `seconds` apart at least."""
    return {
        "entity_ids": entity_ids,
        "occasion": "change",
        "public": public,
        "more": {
            "moved_by": 0,
            "at_most_every": {"seconds": seconds},
            "at_least_every": {"seconds": 0},
        },
    }


def _is_number(state: str) -> bool:
    """Return whether a state is a measured value."""
    try:
        return isfinite(float(state))
    except ValueError:
        return False


def _is_of_sensor(flow: Mapping[str, Any], name: str) -> bool:
    """Return whether a flow offers a sensor."""
    label = flow["context"].get("title_placeholders", {}).get("name", "")
    return flow["handler"] == "sensorchain" and str(label).startswith(name)


def _check_added(step: Answer) -> Answer:
    """Return the last step of a flow; raise WorldError when nothing was added."""
    if step["type"] != "create_entry":
        told = {
            key: step[key]
            for key in ("step_id", "errors", "description_placeholders", "reason")
            if step.get(key)
        }
        raise WorldError(f"Home Assistant does not accept the form: {told or step}")
    return step
