"""Sends reports over keep-alive connections from a process of its own and prints what it saw as one JSON line."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from tests.bench import texts
from tests.bench.rows import percentile

CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What a stretch of load saw: answers per second, milliseconds, and answers other than the wanted one."""

    rate: float
    p50: float
    p99: float
    answers: int
    wrong: int


def send(port: int, key: str, path: str, *, seconds: float, seed: int, most: int = 1500) -> Load:
    """Load the API for some seconds from another process. `most`: reports per second to prepare."""
    words = [str(port), key, path, str(seconds), str(seed), str(int(most * seconds))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", *words], check=True, capture_output=True, timeout=seconds + 60
    )
    load = Load(**json.loads(done.stdout))
    assert load.answers, "nothing was answered"
    assert load.wrong == 0, f"{load.wrong} of {load.answers} answers were refusals"
    return load


async def _connection(port: int, requests: list[bytes], until: float, times: list[float], wrong: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests and time.perf_counter() < until:
        request = requests.pop()
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - began)
        if not head.startswith((b"HTTP/1.1 202", b"HTTP/1.1 200")):
            wrong.append(head)
    writer.close()


async def _run(port: int, requests: list[bytes], seconds: float) -> Load:
    times: list[float] = []
    wrong: list[bytes] = []
    warm = [requests.pop() for _ in range(CONNECTIONS)]
    await asyncio.gather(*(_connection(port, [one], time.perf_counter() + 5, [], wrong) for one in warm))
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_connection(port, requests, until, times, wrong) for _ in range(CONNECTIONS)))
    took = time.perf_counter() - began
    p50, p99 = percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000
    return Load(len(times) / took, p50, p99, len(times), len(wrong))


def _request(path: str, key: str, content: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def main() -> None:
    """Entry point: port, key, path, seconds, seed, requests to prepare."""
    port, key, path, seconds, seed, prepared = sys.argv[1:]
    requests = [_request(path, key, texts.raw(number, seed=int(seed))) for number in range(int(prepared))]
    found = asyncio.run(_run(int(port), requests, float(seconds)))
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
