"""The forms of a status page and of its components."""

import json
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.choosing import (
    NONE,
    key_of,
    product_items,
    service_items,
    uuid_of,
)
from desktop.views.dialogs.fields import Value, put_value, value_of, when_changed
from desktop.views.dialogs.words import filled, said
from desktop.views.status_pages.entries import AUDIENCES
from desktop.views.status_pages.forms import Communication, ComponentForm, PageForm
from desktop.widgets.buttons import Button
from desktop.widgets.choices import CheckRow
from desktop.widgets.columns import emptied
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.communications.status_page import Audience
from services.core.text import Limit
from services.paging.destination import Destination


class PageEntryForm(EntryForm[Communication]):
    """A surface on which status is told. ``preview_requested`` carries the page's id."""

    preview_requested = Signal(object)

    def add_fields(self) -> None:
        """Name and audience, where it is read, what stands at its top, and who reads before."""
        audiences = [Segment(one.value, said(text)) for one, text in AUDIENCES.items()]
        label = self.tr("For whom (decided when it is added)")
        self._audience = SegmentedControl(label, audiences, height=32, stretch=True)
        self.add_row(self.name_field(), ("audience", label, self._audience, ""))
        address = self.tr("Where people read it")
        line = self.line(address, limit=Limit.LINE)
        line.setPlaceholderText("https://status.example.com")
        self.add_row(("address", address, line, ""))
        about = self.tr("What stands at its top")
        self.add_row(("description", about, TextEdit(about, lines=2), ""))
        review = CheckRow(
            self.tr("Second pair of eyes"),
            self.tr("Somebody else passes each update before it is sent"),
        )
        self.add_row(("is_review_required", "", review, ""))
        self._preview = Button(self.tr("Preview page"), icon="open.window", height=32)
        row = QHBoxLayout()
        row.addWidget(self._preview)
        row.addStretch(1)
        self.column.addLayout(row)
        self._preview.clicked.connect(lambda: self.preview_requested.emit(self.entry_id))

    def values(self, directory: Communication, id_: UUID | None) -> dict[str, object]:
        """Values of a page."""
        found = directory.page(id_)
        page = found.page if found is not None else None
        self._audience.setEnabled(page is None)
        self._preview.setVisible(page is not None)
        return {
            "name": page.name if page else "",
            "audience": (page.audience if page else Audience.INTERNAL).value,
            "address": page.address if page else "",
            "description": page.description if page else "",
            "is_review_required": page.is_review_required if page else False,
            "is_active": page.is_active if page else True,
        }

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited; whom it is for only while it is new."""
        super().set_changeable(changeable)
        self._audience.setEnabled(changeable and self.entry_id is None)

    def form(self) -> PageForm:
        """The page."""
        return PageForm(
            page_id=self.entry_id,
            name=self.fields.text("name"),
            audience=Audience(self.fields.text("audience")),
            description=self.fields.text("description"),
            address=self.fields.text("address"),
            is_review_required=self.fields.is_on("is_review_required"),
            is_active=self.fields.is_on("is_active"),
        )


class RemoteIds(QWidget):
    """The id of a component at each account that has components of its own."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ids: dict[str, str] = {}
        self._lines: dict[str, LineEdit] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def set_destinations(self, destinations: Sequence[Destination]) -> None:
        """Ask for an id at each of these; ids at others are kept as they are."""
        if [str(one.id) for one in destinations] == list(self._lines):
            return
        emptied(self._column)
        self._lines = {}
        for one in destinations:
            self._column.addWidget(self._row(one))

    def _row(self, destination: Destination) -> QWidget:
        key = str(destination.id)
        line = LineEdit(filled(self.tr("Id at %1"), destination.name), limit=Limit.NAME.value)
        line.setText(self._ids.get(key, ""))
        line.textEdited.connect(lambda text: self._note(key, text))
        self._lines[key] = line
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(destination.name, "body", elide=True), 1)
        row.addWidget(line, 2)
        return holder

    def _note(self, key: str, text: str) -> None:
        self._ids[key] = text.strip()
        self.changed.emit()

    @property
    def ids(self) -> Mapping[str, str]:
        """Every id that is known, by the destination's."""
        return {key: id_ for key, id_ in self._ids.items() if id_}

    def set_ids(self, ids: Mapping[str, str]) -> None:
        """Show other ids without telling."""
        self._ids = dict(ids)
        for key, line in self._lines.items():
            line.setText(self._ids.get(key, ""))


@value_of.register
def _(control: RemoteIds) -> Value:
    return json.dumps(dict(control.ids))


@put_value.register
def _(control: RemoteIds, value: object) -> None:
    found = json.loads(str(value) or "{}")
    control.set_ids({str(key): str(id_) for key, id_ in found.items()})


@when_changed.register
def _(control: RemoteIds, slot: Callable[..., object]) -> None:
    control.changed.connect(slot)


class ComponentEntryForm(EntryForm[Communication]):
    """A part of what is offered, as readers of a page know it."""

    def add_fields(self) -> None:
        """Name and page, what it is, what it stands for here, and its ids elsewhere."""
        label = self.tr("Page (decided when it is added)")
        self._page = Picker(label, icon="status.page")
        self.add_row(self.name_field(), ("page", label, self._page, self.tr("Choose a page.")))
        about = self.tr("What it is, in a line")
        self.add_row(("description", about, self.line(about, limit=Limit.LINE), ""))
        service, product = self.tr("Stands for the service"), self.tr("Stands for the product")
        self._service = Picker(service, placeholder=self.tr("None"), icon="service")
        self._product = Picker(product, placeholder=self.tr("None"), icon="asset")
        self.add_row(
            ("service", service, self._service, ""), ("product", product, self._product, "")
        )
        place = self.tr("Place on the page, counted from 1")
        self.add_row(("position", place, LineEdit(place, limit=3), ""))
        self._remote = RemoteIds()
        self.add_row(("remote_ids", self.tr("Its id at other status pages"), self._remote, ""))
        self._communication = Communication()
        self._page.picked.connect(lambda _: self._show_remote())

    def show_directory(self, directory: Communication) -> None:
        """Offer pages, services and products."""
        self._communication = directory
        pages = [one.page for one in directory.settings.pages if one.page.is_active]
        self._page.set_items([PickerItem(page.name, key_of(page.id)) for page in pages])
        none = PickerItem(self.tr("None"), NONE)
        self._service.set_items([*service_items(directory.names, ""), none])
        self._product.set_items([*product_items(directory.names), none])
        self._show_remote()

    def _show_remote(self) -> None:
        page_id = uuid_of(self.fields.text("page"))
        keepers = self._communication.keepers_of(page_id)
        self._remote.set_destinations(keepers)
        field = self._remote.parentWidget()
        if field is not None:
            field.setVisible(bool(keepers))

    def values(self, directory: Communication, id_: UUID | None) -> dict[str, object]:
        """Values of a component; a new one comes last on the first page."""
        one = directory.component(id_)
        first = directory.settings.pages[0].page.id if directory.settings.pages else None
        page_id = one.page_id if one is not None else first
        self._page.setEnabled(one is None)
        self._page.set_current_payload(key_of(page_id))
        self._show_remote()
        page = directory.page(page_id)
        last = len(page.components) if page is not None else 0
        return {
            "name": one.name if one else "",
            "page": key_of(page_id),
            "description": one.description if one else "",
            "service": key_of(one.service_id) if one else "",
            "product": key_of(one.product_id) if one else "",
            "position": str(one.position + 1 if one else last + 1),
            "remote_ids": one.remote_ids if one else "{}",
            "is_active": one.is_active if one else True,
        }

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited; the page only while it is new."""
        super().set_changeable(changeable)
        self._page.setEnabled(changeable and self.entry_id is None)

    def form(self) -> ComponentForm:
        """The component."""
        text = self.fields.text
        place = text("position")
        return ComponentForm(
            component_id=self.entry_id,
            page_id=UUID(text("page")),
            name=text("name"),
            description=text("description"),
            position=max(0, int(place) - 1) if place.isdecimal() else 0,
            service_id=uuid_of(text("service")),
            product_id=uuid_of(text("product")),
            remote_ids=self._remote.ids,
            is_active=self.fields.is_on("is_active"),
        )
