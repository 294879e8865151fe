"""What is in git speaks of the product alone: no registry, no machine, no dead link."""

import re
from pathlib import Path

import pytest
from architecture.house import ROOT, assert_none, texts, write

# In parts, so that this file does not hold what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("deb", "debian"),
        ("security", "debian", "org"),
        ("archive", "ubuntu"),
        ("anaconda", "org"),
        ("proxy", "golang"),
        ("crates", "io"),
        ("ghcr", "io"),
        ("docker", "io"),
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w./~-])/(?:work|root|opt/wheels|tmp/bash_jobs)(?![\w.])")
NEIGHBOUR = "../" + "shared"
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)|(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def find_registries(root: Path) -> list[str]:
    return [
        f"{path}: names the registry {host}"
        for path, text in texts(root)
        for host in REGISTRIES
        if host in text.lower()
    ]


def find_machine_paths(root: Path) -> list[str]:
    here = f"{root}/"
    return [
        f"{path}: names a folder of one machine, {found}"
        for path, text in texts(root)
        for found in [*MACHINE_PATHS.findall(text), *([here] if here in text else [])]
    ]


def find_neighbour(root: Path) -> list[str]:
    return [
        f"{path}: speaks of a folder outside the repository"
        for path, text in texts(root)
        if NEIGHBOUR in text and not path.startswith("tests/")
    ]


def find_dead_links(root: Path) -> list[str]:
    return [
        f"{path}: the link to {target} leads nowhere"
        for path, text in texts(root)
        if path.endswith(".md")
        for target in _relative_links(text)
        if not (root / path).parent.joinpath(target).exists()
    ]


def _relative_links(text: str) -> list[str]:
    targets = [first or second for first, second in LINK.findall(CODE.sub("", text))]
    paths = [target.partition("#")[0] for target in targets if not re.match(r"\w+:", target)]
    return [path for path in paths if path]


def find_loose_requirements(root: Path) -> list[str]:
    """Lines of the lock that would let another file in than the one that was tried."""
    text = (root / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        f"requirements.lock: {line[:60]}"
        for line in lines
        if "://" in line
        or line.startswith("-")
        or not re.fullmatch(
            r"[\w.-]+==[^\s;]+(?: ; [^#]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+", line
        )
    ]


CHECKS = [
    find_registries,
    find_machine_paths,
    find_neighbour,
    find_dead_links,
    find_loose_requirements,
]


@pytest.mark.parametrize("check", CHECKS)
def test_texts_of_the_repository(check):
    assert_none(check(ROOT))


@pytest.mark.parametrize("host", REGISTRIES)
def test_a_registry_is_found(tmp_path, host):
    write(tmp_path, "docs/a.md", f"see https://{host}/simple")
    assert find_registries(tmp_path) == [f"docs/a.md: names the registry {host}"]


@pytest.mark.parametrize("path", ["/" + "work/x", "/" + "root/.cache", "/" + "opt/wheels"])
def test_a_machine_path_is_found(tmp_path, path):
    write(tmp_path, "run", f"cd {path}\n")
    assert len(find_machine_paths(tmp_path)) == 1


def test_the_path_of_the_checkout_is_found(tmp_path):
    write(tmp_path, "notes.txt", f"{tmp_path}/out")
    assert len(find_machine_paths(tmp_path)) == 1


@pytest.mark.parametrize("path", ["services/root/x", "https://a.example/work", "../work/x"])
def test_other_paths_are_fine(tmp_path, path):
    write(tmp_path, "run", f"cd {path}\n")
    assert find_machine_paths(tmp_path) == []


@pytest.mark.parametrize(("path", "found"), [("README.md", 1), ("tests/test_x.py", 0)])
def test_the_neighbour_is_found_outside_tests(tmp_path, path, found):
    write(tmp_path, path, NEIGHBOUR)
    assert len(find_neighbour(tmp_path)) == found


@pytest.mark.parametrize(
    "link", ["[a](b.md)", "![a](img/b.png)", '<img src="b.png">', "[a](b.md#c)"]
)
def test_a_dead_link_is_found(tmp_path, link):
    write(tmp_path, "docs/a.md", f"Read {link}.")
    assert len(find_dead_links(tmp_path)) == 1


@pytest.mark.parametrize(
    "link", ["[a](a.md)", "[a](#top)", "[a](https://a.example)", "`[a](b.md)`"]
)
def test_a_live_link_is_fine(tmp_path, link):
    write(tmp_path, "docs/a.md", f"Read {link}.")
    assert find_dead_links(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "a==1",
        "a>=1 --hash=sha256:" + "0" * 64,
        "--index-url https://a.example",
        "a @ https://a.example/a.whl --hash=sha256:" + "0" * 64,
        "a==1 --hash=md5:00",
    ],
)
def test_a_loose_requirement_is_found(tmp_path, line):
    write(tmp_path, "requirements.lock", line + "\n")
    assert len(find_loose_requirements(tmp_path)) == 1


def test_a_pinned_requirement_is_fine(tmp_path):
    pinned = "a==1 ; os_name == 'nt' \\\n    --hash=sha256:" + "0" * 64
    write(tmp_path, "requirements.lock", pinned + "\n")
    assert find_loose_requirements(tmp_path) == []
