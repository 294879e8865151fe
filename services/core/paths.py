"""Where the program keeps its files."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

HOME_VARIABLE = "FIRSTLINE_HOME"


@dataclass(frozen=True)
class Home:
    """Every folder the program writes to, all below one root when ``FIRSTLINE_HOME`` is set."""

    data: Path
    cache: Path
    log: Path

    @property
    def shared_database(self) -> Path:
        """The embedded shared database."""
        return self.data / "shared.db"

    @property
    def journal(self) -> Path:
        """The durable list of every command given on this desk."""
        return self.data / "journal.db"

    @property
    def replica(self) -> Path:
        """The disposable local cache."""
        return self.cache / "cache.db"

    @property
    def drafts(self) -> Path:
        """Texts being typed, saved each second."""
        return self.data / "drafts.db"

    @property
    def preferences(self) -> Path:
        """Choices about looks and windows."""
        return self.data / "preferences.json"

    @property
    def profiles(self) -> Path:
        """The list of shared databases to choose from; no password is in it."""
        return self.data / "profiles.json"

    def of_team(self, profile_id: str) -> "Home":
        """The home of a team's profile: journal, cache and drafts of its own."""
        return replace(
            self,
            data=self.data / "teams" / profile_id,
            cache=self.cache / "teams" / profile_id,
        )

    @property
    def status_page_previews(self) -> Path:
        """Status pages as they would be published, to be looked at on this computer."""
        return self.cache / "status-pages"

    @property
    def fonts(self) -> Path:
        """Fonts prepared for PDF."""
        return self.cache / "fonts"

    @property
    def lock(self) -> Path:
        """Held while a desktop uses this profile."""
        return self.data / "profile.lock"

    def create(self) -> "Home":
        """Make the folders and return this home."""
        for folder in (self.data, self.cache, self.log):
            folder.mkdir(parents=True, exist_ok=True)
        return self


def home_at(root: Path) -> Home:
    """A home with every file below one folder."""
    return Home(data=root / "data", cache=root / "cache", log=root / "log")


def default_home() -> Home:
    """The home named by ``FIRSTLINE_HOME``, else the folders of this platform."""
    if root := os.environ.get(HOME_VARIABLE):
        return home_at(Path(root).expanduser())
    folders = platformdirs.PlatformDirs("firstline", appauthor=False)
    return Home(folders.user_data_path, folders.user_cache_path, folders.user_log_path)
