"""What the gate lets through, by a clock of our own: no load of the machine changes what is seen."""

import asyncio
import selectors
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from movie_db.web_gateway import host_gate as gates
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.host_gate import Gate
from movie_db.web_gateway.host_policy import HostPolicy


class Selector(selectors.DefaultSelector):
    """Waits for nothing, and counts the seconds that it was to wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0
        return super().select(0)


class Clock(asyncio.SelectorEventLoop):
    """A loop in which nobody waits: when all sleep, it is later at once."""

    def __init__(self) -> None:
        self._waiting = Selector()
        super().__init__(self._waiting)

    def time(self) -> float:
        return self._waiting.now


def run(story: Any) -> Any:
    with asyncio.Runner(loop_factory=Clock) as runner:
        return runner.run(story)


def now() -> Any:
    return asyncio.get_running_loop().time()


def row(**changed: Any) -> Any:
    usual: dict[str, Any] = {"host": "h", "rate": 20, "concurrency": 2, "doors": (), "source": "", "tries": 2}
    return HostPolicy(**(usual | changed))


async def times(gate: Any, count: Any, work: Any = 0.0) -> Any:
    """Starts of `count` requests, and how many were under way at once."""
    starts, busy, most = [], 0, 0

    async def one() -> None:
        nonlocal busy, most
        async with gate.place():
            starts.append(now())
            busy, most = busy + 1, max(most, busy + 1)
            await asyncio.sleep(work)
            busy -= 1

    await asyncio.gather(*(one() for _ in range(count)))
    return starts, most


def test_the_rate_is_kept() -> None:
    starts, _ = run(times(Gate(row(), paced=True), 6))
    assert all(later - earlier > 0.0499 for earlier, later in pairwise(starts))


def test_an_unlimited_pace_lifts_the_rate_but_not_the_concurrency() -> None:
    starts, most = run(times(Gate(row(rate=0.1), paced=False), 8, work=0.01))
    assert starts[-1] - starts[0] < 0.1
    assert most == 2


def test_a_pause_holds_everybody_even_who_waits_already() -> None:
    async def story() -> Any:
        gate = Gate(row(rate=5), paced=True)
        begun = now()
        waiting = asyncio.create_task(times(gate, 2))
        await asyncio.sleep(0.05)
        gate.pause(0.5)
        starts, _ = await waiting
        return starts[0] - begun, starts[1] - begun

    first, second = run(story())
    assert first == 0
    assert second == pytest.approx(0.55)


async def fail(gate: Any, count: Any) -> None:
    for _ in range(count):
        with suppress(GatewayError):
            async with gate.place():
                gate.failed()


def test_a_host_that_keeps_failing_is_refused_at_once() -> None:
    async def story() -> Any:
        gate = Gate(row(), paced=False)
        await fail(gate, 3)
        gate.passed()
        await fail(gate, 3)
        async with gate.place():
            gate.failed()
        with pytest.raises(GatewayError) as refused:
            async with gate.place():
                pass
        return refused.value

    refused = run(story())
    assert refused.code == "host-down"
    assert 55 < refused.retry_after <= 60


def test_those_in_the_queue_are_refused_too() -> None:
    async def story() -> Any:
        gate = Gate(row(concurrency=1), paced=False)

        async def failing() -> None:
            async with gate.place():
                await asyncio.sleep(0.01)
                gate.failed()

        return await asyncio.gather(*(failing() for _ in range(8)), return_exceptions=True)

    outcomes = run(story())
    assert outcomes[:4] == [None] * 4
    assert [o.code for o in outcomes[4:]] == ["host-down"] * 4


def test_a_host_that_cooled_is_probed_by_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "COOLING", 0.1)

    async def story() -> None:
        gate = Gate(row(), paced=False)
        await fail(gate, 4)
        await asyncio.sleep(0.12)
        starts, outcomes = 0, []

        async def probe(succeeds: Any) -> None:
            nonlocal starts
            try:
                async with gate.place():
                    starts += 1
                    await asyncio.sleep(0.02)
                    (gate.passed if succeeds else gate.failed)()
            except GatewayError as error:
                outcomes.append(error.code)

        await asyncio.gather(*(probe(False) for _ in range(4)))
        assert (starts, outcomes) == (1, ["host-down"] * 3)
        await asyncio.sleep(0.12)
        await probe(True)
        assert starts == 1, "after a failed probe it is left alone for twice as long"
        await asyncio.sleep(0.1)
        await probe(True)
        await asyncio.gather(*(probe(True) for _ in range(4)))
        assert starts == 6

    run(story())


def test_a_probe_that_is_cancelled_does_not_block_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "COOLING", 0.01)

    async def story() -> None:
        gate = Gate(row(), paced=False)
        await fail(gate, 4)
        await asyncio.sleep(0.02)

        async def probe() -> None:
            async with gate.place():
                await asyncio.sleep(10)

        task = asyncio.create_task(probe())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with gate.place():
            gate.passed()

    run(story())


def test_a_host_that_asks_for_a_long_wait_counts_as_down_for_as_long() -> None:
    async def story() -> Any:
        gate = Gate(row(), paced=False)
        gate.shut(3600)
        with pytest.raises(GatewayError) as refused:
            async with gate.place():
                pass
        return refused.value.retry_after

    assert 3590 < run(story()) <= 3600
