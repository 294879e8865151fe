"""The page that Prometheus reads."""

from services.dispatcher.figures import Figures
from services.dispatcher.listener import Page, Request

_KIND = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """The figures of this dispatcher, at ``/metrics``."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self, request: Request) -> Page:
        """The figures, or that there is nothing else here."""
        if request.method != "GET" or request.path != "/metrics":
            return Page(404, "Only /metrics is here.\n", _KIND)
        return Page(200, self._figures.text(), _KIND)
