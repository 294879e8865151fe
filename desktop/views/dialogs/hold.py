"""Putting on hold: what is waited for, and when somebody looks again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import HoldForm
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import HOLD_REASONS, choices_of, filled, first_name
from desktop.widgets.chip import Chip
from desktop.widgets.inputs import TextEdit
from desktop.widgets.picker import Picker
from services.incidents.incident import Incident, OnHoldReason

_MORNING = 9


class HoldDialog(FormDialog):
    """Reason, follow-up and remark; waiting for the caller asks for a reply. Emits ``HoldForm``."""

    def __init__(self, host: QWidget, incident: Incident, now: datetime, caller: str = "") -> None:
        super().__init__(
            host, self.tr("Put on hold"), primary=self.tr("Put on hold"), icon="hold",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._now = now.astimezone()
        name = first_name(caller) or self.tr("the caller")
        reason = Picker(self.tr("Waiting for"), placeholder=self.tr("Choose"), with_filter=False)
        reason.set_items(choices_of(HOLD_REASONS))
        self.add_field(
            "reason", self.tr("Waiting for"), reason, required=self.tr("Say what is waited for.")
        )
        self._build_follow_up()
        reply = TextEdit(filled(self.tr("Reply to %1"), name), lines=3)
        self._reply = self.add_field(
            "reply", filled(self.tr("Reply to %1"), name), reply,
            hint=self.tr("required: the caller must know what you wait for"),
        )  # fmt: skip
        remark = TextEdit(self.tr("Remark"), lines=2)
        self.add_field("remark", self.tr("Remark"), remark, hint=self.tr("internal"))
        self.set_footer(self.tr("Resume or a reply ends it."), "hold")
        reason.picked.connect(self._follow_reason)
        self._follow_reason()
        self.ready()

    def _build_follow_up(self) -> None:
        self._when = WhenField(self.tr("Follow up at"), self._now + timedelta(hours=4))
        self.add_field("follow_up_at", self.tr("Follow up at"), self._when)
        row = QHBoxLayout()
        row.setSpacing(8)
        tomorrow = (self._now + timedelta(days=1)).replace(
            hour=_MORNING, minute=0, second=0, microsecond=0
        )
        presets = (
            (self.tr("in 1 hour"), self._now + timedelta(hours=1)),
            (self.tr("in 4 hours"), self._now + timedelta(hours=4)),
            (self.tr("tomorrow 9:00"), tomorrow),
            (self.tr("in 3 days"), tomorrow + timedelta(days=2)),
        )
        for text, at in presets:
            chip = Chip(text)
            chip.clicked.connect(partial(self._take_preset, at))
            row.addWidget(chip)
        row.addStretch(1)
        self.body.addLayout(row)

    def _take_preset(self, at: datetime) -> None:
        self._when.set_when(at)
        self._when.changed.emit()

    def _follow_reason(self) -> None:
        for_caller = self.fields.text("reason") == OnHoldReason.CALLER.value
        self._reply.setVisible(for_caller)
        needed = self.tr("Tell the caller what you wait for.")
        self.fields.require("reply", needed if for_caller else "")

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self._follow_reason()

    def problems(self) -> dict[str, str]:
        """What is missing, and a follow-up that lies behind us."""
        found = super().problems()
        if "follow_up_at" not in found and self._when.when <= self._now:
            found["follow_up_at"] = self.tr("This is in the past. When should somebody look again?")
        return found

    def form(self) -> HoldForm:
        """What was typed."""
        reason = OnHoldReason(self.fields.text("reason"))
        reply = self.fields.text("reply") if reason is OnHoldReason.CALLER else ""
        return HoldForm(
            reason=reason,
            follow_up_at=self._when.when,
            remark=self.fields.text("remark"),
            reply=reply,
        )
