"""A proxy of a few lines that writes the headers that nginx's file in ``deploy/`` says, where there is no nginx.

python -m tests.helpers.likeness PAGE_PORT PORT CERTIFICATE KEY
"""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tests.helpers.fronts import NGINX, SUBPATH
from tests.helpers.running import HOST

#: Headers of one connection alone.
OF_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def likeness(page: str) -> Starlette:
    """What passes all below the path on to a page."""
    headers = [(name.lower(), value) for name, value in re.findall(r"proxy_set_header (\S+) (\S+);", NGINX)]
    clients: list[httpx.AsyncClient] = []

    @asynccontextmanager
    async def connecting(_: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(base_url=page, timeout=60) as client:
            clients.append(client)
            yield

    async def pass_on(request: Request) -> Response:
        values = {
            "$http_host": request.headers["host"],
            "$scheme": request.url.scheme,
            "$remote_addr": request.client.host if request.client else "",
            '""': "",
        }
        sent = {name: text for name, text in request.headers.items() if name not in OF_A_CONNECTION}
        sent |= {name: values[value] for name, value in headers}
        answer = await clients[0].send(
            clients[0].build_request(
                request.method,
                f"{request.url.path.removeprefix(SUBPATH)}?{request.url.query}",
                headers={name: text for name, text in sent.items() if text},
                content=await request.body(),
            ),
            stream=True,
        )
        kept = {name: text for name, text in answer.headers.items() if name not in OF_A_CONNECTION}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, kept, background=BackgroundTask(answer.aclose))

    return Starlette(routes=[Route(f"{SUBPATH}/{{path:path}}", pass_on, methods=["GET", "POST"])], lifespan=connecting)


if __name__ == "__main__":
    page_port, port, certificate, key = sys.argv[1:]
    uvicorn.run(
        likeness(f"http://{HOST}:{page_port}"),
        host=HOST,
        port=int(port),
        proxy_headers=False,
        log_level="warning",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=1,
    )
