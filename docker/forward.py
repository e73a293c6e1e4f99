"""`forward.py PORT HOST:PORT`: passes connections on, from a network with published ports into one without."""

import asyncio
import sys
from contextlib import suppress


async def main(port: int, host: str, target: int) -> None:
    async def copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                to.write(data)
                await to.drain()
        to.close()

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to_there = await asyncio.open_connection(host, target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, to_there), copy(there, writer))

    async with await asyncio.start_server(passed_on, "0.0.0.0", port) as server:  # noqa: S104 - of a container
        await server.serve_forever()


if __name__ == "__main__":
    to_host, _, to_port = sys.argv[2].rpartition(":")
    asyncio.run(main(int(sys.argv[1]), to_host, int(to_port)))
