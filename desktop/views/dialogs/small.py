"""The small dialogs: one text, one choice, or a pair of them."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import (
    NONE,
    UNKNOWN,
    CallerPicker,
    CategoryPickers,
    key_of,
    product_checklist,
    product_items,
    service_items,
    severity_segments,
    uuid_of,
)
from desktop.views.dialogs.controls import Checklist, FilteredRows
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import (
    AssignForm,
    CallerForm,
    CategoryForm,
    DescribeForm,
    NewCallerForm,
    ServiceForm,
    SeverityForm,
    TextForm,
)
from desktop.views.dialogs.words import SEVERITIES, said
from desktop.widgets.choices import CheckRow, RadioChoice
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.segmented import SegmentedControl
from services.core.text import Limit
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.incidents.priority import Severity


class TextDialog(FormDialog):
    """Asks for one text: a reason, a remark or an answer. Emits ``TextForm``."""

    def __init__(
        self,
        host: QWidget,
        title: str,
        *,
        primary: str,
        label: str,
        missing: str,
        subject: Subject,
        remark: str = "",
        icon: str | None = None,
        placeholder: str = "",
    ) -> None:
        super().__init__(host, title, primary=primary, subject=subject, icon=icon, width=520)
        if remark:
            self.add_remark(remark)
        text = TextEdit(label, lines=4, placeholder=placeholder)
        self.add_field("text", label, text, required=missing, stretch=1)
        self.ready()

    def form(self) -> TextForm:
        """The text."""
        return TextForm(self.fields.text("text"))


class ReopenDialog(TextDialog):
    """Why it is not fixed after all."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host,
            self.tr("Reopen incident"),
            primary=self.tr("Reopen"),
            icon="reopen",
            subject=Subject.of(incident),
            label=self.tr("What is still wrong?"),
            missing=self.tr("Say what is still wrong, so that work can go on."),
            remark=self.tr(
                "The incident goes back to In progress. The resolution stays as a note."
            ),
        )


class RejectDialog(TextDialog):
    """Why the receiving team returns an escalation it has not accepted."""

    def __init__(self, host: QWidget, incident: Incident, from_team: str) -> None:
        super().__init__(
            host,
            self.tr("Reject escalation"),
            primary=self.tr("Reject"),
            subject=Subject.of(incident),
            label=self.tr("Why does it not belong here?"),
            missing=self.tr("Give a reason, so that the next attempt reaches the right team."),
            remark=self.tr("The incident returns to %1.").replace("%1", from_team),
        )


class HandBackDialog(TextDialog):
    """What the service desk should know when a team hands back."""

    def __init__(self, host: QWidget, incident: Incident, to_team: str) -> None:
        super().__init__(
            host,
            self.tr("Hand back"),
            primary=self.tr("Hand back"),
            icon="back",
            subject=Subject.of(incident),
            label=self.tr("What was done, and what is left?"),
            missing=self.tr("Say what was done, so that nobody does it twice."),
            remark=self.tr("The incident returns to %1 and its owner.").replace("%1", to_team),
        )


class RecallDialog(TextDialog):
    """Why the service desk takes an incident back."""

    def __init__(self, host: QWidget, incident: Incident, from_team: str) -> None:
        super().__init__(
            host,
            self.tr("Recall escalation"),
            primary=self.tr("Recall"),
            icon="undo",
            subject=Subject.of(incident),
            label=self.tr("Reason"),
            missing=self.tr("Give a reason; the other team will ask."),
            remark=self.tr("%1 no longer works on it. The owner takes over.").replace(
                "%1", from_team
            ),
        )


class WithdrawDialog(TextDialog):
    """Why a call up the management line is no longer needed."""

    def __init__(self, host: QWidget, incident: Incident, person: str) -> None:
        super().__init__(
            host,
            self.tr("Withdraw the call"),
            primary=self.tr("Withdraw"),
            icon="undo",
            subject=Subject.of(incident),
            label=self.tr("Reason"),
            missing=self.tr("Give a reason."),
            remark=self.tr("%1 does not need to answer any more.").replace("%1", person),
        )


class AnswerDialog(TextDialog):
    """What a manager decided."""

    def __init__(self, host: QWidget, incident: Incident, person: str, need: str) -> None:
        super().__init__(
            host,
            self.tr("Record the answer of %1").replace("%1", person),
            primary=self.tr("Record answer"),
            subject=Subject.of(incident),
            label=self.tr("Answer"),
            missing=self.tr("Write down what was decided."),
            remark=self.tr("Asked: %1").replace("%1", need),
        )


class SeverityDialog(FormDialog):
    """The effect on customers, with a reason once one was set. Emits ``SeverityForm``."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, self.tr("Severity"), primary=self.tr("Set severity"),
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._before = incident.severity
        choices = SegmentedControl(
            self.tr("Severity"), severity_segments(self.tr("None")), height=32, stretch=True,
            current=incident.severity.value if incident.severity else NONE,
        )  # fmt: skip
        self.add_field("severity", self.tr("Effect on customers"), choices)
        self._meaning = self.add_remark("")
        reason = TextEdit(self.tr("Reason"), lines=3)
        needed = self.tr("Say why it changes; it is announced with the change.")
        self.add_field("reason", self.tr("Reason"), reason, required=needed if self._before else "")
        choices.chosen.connect(self._explain)
        self._explain(choices.current)
        self.ready()

    def _explain(self, key: str) -> None:
        none = self.tr("Not judged. Severity is separate from priority and never follows from it.")
        self._meaning.setText(said(SEVERITIES[key]) if key in SEVERITIES else none)

    def form(self) -> SeverityForm:
        """Severity and reason."""
        key = self.fields.text("severity")
        severity = Severity(key) if key != NONE else None
        return SeverityForm(severity=severity, reason=self.fields.text("reason"))


class AssignDialog(FormDialog):
    """A person of the team, or nobody. Emits ``AssignForm``."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        directory: Directory,
        me: UUID,
        open_counts: dict[UUID, int] | None = None,
    ) -> None:
        super().__init__(
            host, self.tr("Assign"), primary=self.tr("Assign"), icon="assign",
            subject=Subject.of(incident), width=520, height=520,
        )  # fmt: skip
        rows = FilteredRows(self.tr("People of the team"), self.tr("Filter people"))
        people = sorted(directory.members_of(incident.team_id), key=lambda p: p.id != me)
        counts = open_counts or {}
        choices = [
            RadioChoice(
                str(person.id),
                person.name,
                person.job_title or directory.team(incident.team_id),
                tag=self.tr("you") if person.id == me else "",
                side_title=self._load(counts.get(person.id)),
                side_subtitle=person.phone,
                person="",
            )
            for person in people
        ]
        nobody = RadioChoice(NONE, self.tr("Nobody"), self.tr("Waits in the queue of the team"))
        chosen = key_of(incident.assignee_id) or (str(me) if people and people[0].id == me else "")
        rows.set_choices([*choices, nobody], chosen)
        self.add_field(
            "person", directory.team(incident.team_id), rows, stretch=1,
            required=self.tr("Choose somebody, or nobody."),
        )  # fmt: skip
        self.ready()

    def _load(self, count: int | None) -> str:
        return "" if count is None else self.tr("%1 open").replace("%1", str(count))

    def form(self) -> AssignForm:
        """The person."""
        return AssignForm(uuid_of(self.fields.text("person")))


class CategoryDialog(FormDialog):
    """Category and subcategory. Emits ``CategoryForm``."""

    def __init__(self, host: QWidget, incident: Incident, directory: Directory) -> None:
        super().__init__(
            host, self.tr("Category"), primary=self.tr("Set category"),
            subject=Subject.of(incident), width=520,
        )  # fmt: skip
        self.pickers = CategoryPickers(
            self.tr("Category"), self.tr("Subcategory"), self.tr("None"), self.tr("Choose")
        )
        self.pickers.show_directory(directory)
        self.pickers.choose(incident.category_id, incident.subcategory_id)
        row = self.add_row()
        self.add_field(
            "category", self.tr("Category"), self.pickers.category, into=row, stretch=1,
            required=self.tr("Choose a category."),
        )  # fmt: skip
        self.add_field(
            "subcategory", self.tr("Subcategory"), self.pickers.subcategory, into=row, stretch=1
        )
        self.ready()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was chosen before."""
        self.pickers.restore(draft)

    def form(self) -> CategoryForm:
        """What was chosen."""
        category, subcategory = self.pickers.ids
        assert category is not None, "the form was checked"
        return CategoryForm(category_id=category, subcategory_id=subcategory)


class ServiceDialog(FormDialog):
    """The faulty service and the affected products. Emits ``ServiceForm``."""

    def __init__(self, host: QWidget, incident: Incident, directory: Directory) -> None:
        super().__init__(
            host, self.tr("Service and products"), primary=self.tr("Set service"),
            subject=Subject.of(incident), width=520,
        )  # fmt: skip
        service = Picker(self.tr("Faulty service"), placeholder=self.tr("Choose"), icon="service")
        service.set_items(service_items(directory, self.tr("Unknown")))
        service.set_current_payload(key_of(incident.service_id) or UNKNOWN)
        products: Checklist = product_checklist(self.tr("Affected products"), self.tr("None named"))
        products.set_offered(product_items(directory))
        products.set_keys([str(id_) for id_ in incident.affected_product_ids])
        self.add_field("service", self.tr("Faulty service"), service)
        self.add_field("products", self.tr("Affected products"), products)
        self._products = products
        self.ready()

    def form(self) -> ServiceForm:
        """What was chosen."""
        return ServiceForm(
            service_id=uuid_of(self.fields.text("service")),
            affected_product_ids=tuple(UUID(key) for key in self._products.keys),
        )


class CallerDialog(FormDialog):
    """Who is affected. Emits ``CallerForm``; an unknown name asks for a new person."""

    def __init__(self, host: QWidget, incident: Incident, directory: Directory) -> None:
        super().__init__(
            host, self.tr("Caller"), primary=self.tr("Set caller"),
            subject=Subject.of(incident), width=520,
        )  # fmt: skip
        self.picker = CallerPicker(self.tr("Caller"))
        self.picker.set_people(directory)
        self.picker.set_person(incident.caller_id)
        self.add_field(
            "caller", self.tr("Caller"), self.picker, required=self.tr("Choose who is affected.")
        )
        self.ready()

    def form(self) -> CallerForm:
        """The person."""
        assert self.picker.person_id is not None, "the form was checked"
        return CallerForm(self.picker.person_id)


class NewCallerDialog(FormDialog):
    """A person who calls for the first time. Emits ``NewCallerForm``."""

    def __init__(self, host: QWidget, name: str = "") -> None:
        super().__init__(
            host, self.tr("Add caller"), primary=self.tr("Add caller"), icon="add", width=560
        )
        limit = Limit.NAME.value
        rows = (
            (("name", self.tr("Name")), ("phone", self.tr("Phone"))),
            (("email", self.tr("Mail")), ("department", self.tr("Department"))),
            (("site", self.tr("Site")), ("asset_tag", self.tr("Asset tag"))),
        )
        for pair in rows:
            row = self.add_row()
            for key, label in pair:
                needed = self.tr("Give a name.") if key == "name" else ""
                line = LineEdit(label)
                line.setMaxLength(limit)
                self.add_field(key, label, line, into=row, stretch=1, required=needed, hint=" ")
        self.add_field("is_vip", "", CheckRow(self.tr("VIP: important for the organisation")))
        self.fields.restore({"name": name})
        self.ready()

    def form(self) -> NewCallerForm:
        """The person."""
        text = self.fields.text
        return NewCallerForm(
            name=text("name"),
            phone=text("phone"),
            email=text("email"),
            department=text("department"),
            site=text("site"),
            asset_tag=text("asset_tag"),
            is_vip=self.fields.is_on("is_vip"),
        )


class DescribeDialog(FormDialog):
    """Summary and description. Emits ``DescribeForm``."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, self.tr("Summary and description"), primary=self.tr("Save"),
            subject=Subject.of(incident), width=640,
        )  # fmt: skip
        summary = LineEdit(self.tr("Summary"), limit=Limit.SUMMARY.value)
        description = TextEdit(self.tr("Description"), lines=9)
        self.add_field(
            "summary", self.tr("Summary"), summary, required=self.tr("Say in a line what is wrong.")
        )
        self.add_field("description", self.tr("Description"), description, stretch=1)
        self.fields.restore({"summary": incident.summary, "description": incident.description})
        self.ready()

    def form(self) -> DescribeForm:
        """Both texts."""
        return DescribeForm(
            summary=self.fields.text("summary"), description=self.fields.text("description")
        )
