"""What the operator's port serves: `/healthz` and `/metrics`. It never faces the public."""

from aiohttp import web

from bot.metrics import Metrics
from bot.platforms.health import Health
from bot.readings.library import Library


def application(health: Health, metrics: Metrics, library: Library) -> web.Application:
    """The operator's application. `/healthz` answers 200 when all is well, else 503, with the reasons as JSON."""

    async def healthz(_: web.Request) -> web.Response:
        readings = {"held": sorted(library.readings), "left_out": sorted(set(library.mistakes) - set(library.readings))}
        return web.json_response({**health.as_json(), "readings": readings}, status=200 if health.well else 503)

    async def counted(_: web.Request) -> web.Response:
        for platform, counts in health.backfills.items():
            metrics.reading_back(platform, counts)
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", counted)
    return app
