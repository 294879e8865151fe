"""The forms of plans and templates: how often people hear, and in which words."""

from uuid import UUID

from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.words import said
from desktop.views.status_pages.entries import AUDIENCES, MOMENTS
from desktop.views.status_pages.forms import Communication, PlanForm, TemplateForm
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.segmented import Segment, SegmentedControl
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.communications.templates import PLACEHOLDERS
from services.core.text import Limit
from services.incidents.priority import Severity

_MINUTE = 60
_TIMES = ("first_within_s", "every_s", "relaxed_after_s", "relaxed_every_s")
_USUAL_S = (300, 1_800, 7_200, 3_600)


def _audiences(label: str) -> SegmentedControl:
    segments = [Segment(one.value, said(text)) for one, text in AUDIENCES.items()]
    return SegmentedControl(label, segments, height=32, stretch=True)


class PlanEntryForm(EntryForm[Communication]):
    """How often an audience hears of major incidents of one severity, in minutes."""

    def add_fields(self) -> None:
        """For which incidents and whom, then the times."""
        severity, audience = self.tr("Severity"), self.tr("For whom")
        segments = [Segment(one.value, f"SEV {one.value[-1]}") for one in Severity]
        self._fixed = (
            SegmentedControl(severity, segments, height=32, stretch=True),
            _audiences(audience),
        )
        self.add_row(
            ("severity", severity, self._fixed[0], ""), ("audience", audience, self._fixed[1], "")
        )
        words = (
            self.tr("First word within, minutes of acceptance"),
            self.tr("Then every, minutes"),
            self.tr("Less often after, minutes"),
            self.tr("Then every, minutes"),
        )
        missing = self.tr("Write minutes.")
        fields = [
            (name, label, LineEdit(label, limit=5), missing)
            for name, label in zip(_TIMES, words, strict=True)
        ]
        self.add_row(*fields[:2])
        self.add_row(*fields[2:])

    def values(self, directory: Communication, id_: UUID | None) -> dict[str, object]:
        """Values of a plan, in minutes."""
        one = directory.plan(id_)
        for control in self._fixed:
            control.setEnabled(one is None)
        times = [getattr(one, name) for name in _TIMES] if one is not None else _USUAL_S
        return {
            "severity": (one.severity if one else Severity.SEV3).value,
            "audience": (one.audience if one else Audience.INTERNAL).value,
            **{name: f"{s / _MINUTE:g}" for name, s in zip(_TIMES, times, strict=True)},
            "is_active": one.is_active if one else True,
        }

    def set_changeable(self, changeable: bool) -> None:
        """Let the times be edited; what the plan is for only while it is new."""
        super().set_changeable(changeable)
        for control in self._fixed:
            control.setEnabled(changeable and self.entry_id is None)

    def form(self) -> PlanForm:
        """The plan; what is no number counts as 0, which is refused with its reason."""
        text = self.fields.text
        return PlanForm(
            severity=Severity(text("severity")),
            audience=Audience(text("audience")),
            first_within_s=_seconds(text("first_within_s")),
            every_s=_seconds(text("every_s")),
            relaxed_after_s=_seconds(text("relaxed_after_s")),
            relaxed_every_s=_seconds(text("relaxed_every_s")),
            is_active=self.fields.is_on("is_active"),
        )


def _seconds(minutes: str) -> int:
    try:
        return round(float(minutes.replace(",", ".")) * _MINUTE)
    except (ValueError, OverflowError):
        return 0


class TemplateEntryForm(EntryForm[Communication]):
    """Words to begin an update with; what stands in braces is filled from the record."""

    def add_fields(self) -> None:
        """Name, for whom and for which word, then the texts."""
        audience, moment = self.tr("For whom"), self.tr("For which word")
        moments = [Segment(one.value, said(text)) for one, text in MOMENTS.items()]
        self._fixed = (
            _audiences(audience),
            SegmentedControl(moment, moments, height=32, stretch=True),
        )
        self.add_row(self.name_field())
        self.add_row(
            ("audience", audience, self._fixed[0], ""), ("moment", moment, self._fixed[1], "")
        )
        subject, summary = self.tr("Subject, or title on the page"), self.tr("Summary")
        self.add_row(("subject", subject, self.line(subject, limit=Limit.SUMMARY), ""))
        self.add_row(("summary", summary, TextEdit(summary, lines=3), ""))
        status = self.tr("Current status, one point a line (staff)")
        steps = self.tr("Next steps, one point a line (staff)")
        self.add_row(
            ("current_status", status, TextEdit(status, lines=4), ""),
            ("next_steps", steps, TextEdit(steps, lines=4), ""),
        )
        words = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        remark = self.tr("Filled from the record: %1.").replace("%1", words)
        self.column.addWidget(PlainLabel(remark, "meta", "fg.subtle", wrap=True, selectable=True))

    def values(self, directory: Communication, id_: UUID | None) -> dict[str, object]:
        """Values of a template."""
        one = directory.template(id_)
        for control in self._fixed:
            control.setEnabled(one is None)
        texts = ("name", "subject", "summary", "current_status", "next_steps")
        return {
            **{name: getattr(one, name) if one else "" for name in texts},
            "audience": (one.audience if one else Audience.INTERNAL).value,
            "moment": (one.moment if one else UpdateMoment.FOLLOW_UP).value,
            "is_active": one.is_active if one else True,
        }

    def set_changeable(self, changeable: bool) -> None:
        """Let the texts be edited; for whom and which word only while it is new."""
        super().set_changeable(changeable)
        for control in self._fixed:
            control.setEnabled(changeable and self.entry_id is None)

    def form(self) -> TemplateForm:
        """The template."""
        text = self.fields.text
        return TemplateForm(
            template_id=self.entry_id,
            name=text("name"),
            audience=Audience(text("audience")),
            moment=UpdateMoment(text("moment")),
            subject=text("subject"),
            summary=text("summary"),
            current_status=text("current_status"),
            next_steps=text("next_steps"),
            is_active=self.fields.is_on("is_active"),
        )
