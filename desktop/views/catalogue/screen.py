"""The catalogue: who works here, which services there are, how incidents are sorted."""

from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.views.catalogue.entries import (
    CATEGORIES,
    PEOPLE,
    PRODUCTS,
    SERVICES,
    TEAMS,
    entries_of,
)
from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.catalogue.entry_form import (
    CategoryForm,
    PersonEntryForm,
    ProductEntryForm,
    ServiceForm,
    TeamEntryForm,
)
from desktop.views.catalogue.entry_screen import EntryKind, EntryScreen
from services.incidents.directory import Directory


class CatalogueScreen(EntryScreen[Directory]):
    """People, teams, services, products and categories.

    ``saved`` carries a form of ``desktop.views.catalogue.forms``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        words: list[tuple[str, str, str, str, EntryForm[Directory]]] = [
            (PEOPLE, self.tr("People"), self.tr("Add person"), self.tr("New person"),
             PersonEntryForm()),
            (TEAMS, self.tr("Teams"), self.tr("Add team"), self.tr("New team"), TeamEntryForm()),
            (SERVICES, self.tr("Services"), self.tr("Add service"), self.tr("New service"),
             ServiceForm()),
            (PRODUCTS, self.tr("Products"), self.tr("Add product"), self.tr("New product"),
             ProductEntryForm()),
            (CATEGORIES, self.tr("Categories"), self.tr("Add category"), self.tr("New category"),
             CategoryForm()),
        ]  # fmt: skip
        super().__init__(
            self.tr("Catalogue"),
            self.tr("You can read this catalogue."),
            [EntryKind(*said, partial(entries_of, said[0])) for said in words],
            Directory(),
            parent,
        )
