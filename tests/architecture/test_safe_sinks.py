"""Text stays text: what shows it is built in one place each. Colours come from tokens."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.house import PRODUCT, ROOT, assert_none, called, find, imported, modules, write

# What is called or derived from, and the only places that may.
SINKS = {
    "Paragraph": "services/reports/text.py",
    "Markup": "services/core/markup.py",
    "QLabel": "desktop/widgets/",
    "setStyleSheet": "desktop/theme/",
    # Whatever leaves for a provider, so that each address is judged before it is called.
    "HTTPConnection": "services/dispatcher/web.py",
    "HTTPSConnection": "services/dispatcher/web.py",
    "urlopen": "services/dispatcher/web.py",
    "SMTP": "services/dispatcher/mail.py",
    "SMTP_SSL": "services/dispatcher/mail.py",
    "Apprise": "services/dispatcher/notice.py",
    # What becomes a mail: a header is a line, and the library decodes what it is given.
    "EmailMessage": "services/providers/mail_headers.py",
    "Header": "services/providers/mail_headers.py",
    "MIMEText": "services/providers/mail_headers.py",
}
# Clients that by themselves follow redirects, heed the environment or look up names again.
CALLER = "services/dispatcher/web.py"
CALLERS = {"requests", "urllib3", "httpx", "aiohttp", "httplib2", "pycurl"}
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
COLOURS = ("desktop/theme/", "services/reports/colours.py")


def find_unsafe_sinks(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        bases = node.bases if isinstance(node, ast.ClassDef) else []
        for name in {called(node), *(ast.unparse(base) for base in bases)}:
            sink = name.rpartition(".")[2]
            if sink in SINKS:
                yield f"{sink} belongs into {SINKS[sink]}"

    found = find(_outside(root, ()), judge)
    return [one for one in found if not one.startswith(one.rpartition(" ")[2])]


def find_callers(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        for name in imported(node):
            if name.split(".")[0] in CALLERS:
                yield f"calls leave through {CALLER}, not {name}"

    return find(_outside(root, (CALLER,)), judge)


def find_colours(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if COLOUR.fullmatch(node.value):
                yield f"the colour {node.value} is not a token"
        elif called(node).endswith(("QColor", "QColor.fromRgb", "QColor.fromString")):
            assert isinstance(node, ast.Call)
            if any(isinstance(argument, ast.Constant) for argument in node.args):
                yield f"{ast.unparse(node)} is not a token"

    return find(_outside(root, COLOURS), judge)


def _outside(root: Path, places: tuple[str, ...]) -> dict[str, ast.Module]:
    trees = modules(root, PRODUCT)
    return {path: tree for path, tree in trees.items() if not path.startswith(places)}


@pytest.mark.parametrize("check", [find_unsafe_sinks, find_callers, find_colours])
def test_sinks_of_the_product(check):
    assert_none(check(ROOT))


@pytest.mark.parametrize("path", ["desktop/views/x.py", "services/reports/x.py"])
@pytest.mark.parametrize(
    "line",
    [
        "QLabel(caller_name)",
        "QtWidgets.QLabel(x)",
        "class Name(QLabel): ...",
        "Paragraph(x, style)",
        "self.setStyleSheet('color: red')",
        "EmailMessage()",
        "email.header.Header(summary)",
        "http.client.HTTPConnection(host)",
        "urllib.request.urlopen(url)",
        "smtplib.SMTP(host)",
        "class Mail(smtplib.SMTP): ...",
        "apprise.Apprise()",
    ],
)
def test_an_unsafe_sink_is_found(tmp_path, path, line):
    write(tmp_path, path, line + "\n")
    assert len(find_unsafe_sinks(tmp_path)) == 1


def test_the_sinks_themselves_are_fine(tmp_path):
    write(tmp_path, "desktop/widgets/labels.py", "QLabel(x)\n")
    write(tmp_path, "desktop/theme/apply.py", "application.setStyleSheet(x)\n")
    write(tmp_path, "services/reports/text.py", "Paragraph(x)\n")
    write(tmp_path, "services/providers/mail_headers.py", "Header(x)\n")
    assert find_unsafe_sinks(tmp_path) == []


@pytest.mark.parametrize("line", ["import requests", "from urllib3.util import Retry"])
def test_another_way_out_is_found(tmp_path, line):
    write(tmp_path, "services/providers/x.py", line + "\n")
    write(tmp_path, "services/dispatcher/transport.py", line + "\n")
    write(tmp_path, CALLER, line + "\n")
    assert len(find_callers(tmp_path)) == 2


@pytest.mark.parametrize("line", ["x = '#ff8800'", "QColor(1, 2, 3)", "QColor('red')"])
def test_a_colour_is_found(tmp_path, line):
    write(tmp_path, "desktop/views/x.py", line + "\n")
    write(tmp_path, "desktop/theme/tokens.py", line + "\n")
    assert len(find_colours(tmp_path)) == 1


def test_a_number_and_a_token_are_no_colours(tmp_path):
    write(tmp_path, "desktop/views/x.py", "x = '#INC', '#1'\nQColor(token)\n")
    assert find_colours(tmp_path) == []
