from pathlib import Path

import pytest
from unit.reports.report_examples import options

from services.reports.fonts import use_fonts
from services.reports.incident_report import incident_report


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    use_fonts(folder)
    return folder


@pytest.fixture
def printed():
    """Prints a detail; options may be changed by name."""

    def print_(detail, **changes) -> bytes:
        return incident_report(detail, options(**changes))

    return print_
