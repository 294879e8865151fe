"""Proposing a major incident, accepting, rejecting, demoting and reviewing it."""

from collections.abc import Collection
from datetime import datetime

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.major.dialogs.maybe_when import MaybeWhenField
from desktop.widgets.inputs import TextEdit
from services.communications.status_page import Audience
from services.incidents.incident import Incident
from services.major_incidents.acts import (
    AcceptMajorIncident,
    DemoteMajorIncident,
    ProposeMajorIncident,
    RejectMajorIncident,
    ReviewMajorIncident,
)


class ProposeDialog(FormDialog):
    """Why it should be handled as major. Emits ``ProposeMajorIncident``."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, self.tr("Propose as major incident"), primary=self.tr("Propose"), icon="major",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident = incident
        reason = TextEdit(
            self.tr("Why"), lines=3,
            placeholder=self.tr("Who cannot work, since when, and what you heard"),
        )  # fmt: skip
        self.add_field("reason", self.tr("Why"), reason, required=self.tr("Say why it is major."))
        self.set_footer(self.tr("An incident manager accepts or rejects it."), "route")
        self.ready()

    def form(self) -> ProposeMajorIncident:
        """The proposal."""
        return ProposeMajorIncident(
            incident_id=self._incident.id, reason=self.fields.text("reason")
        )


class AcceptDialog(FormDialog):
    """Says what begins, and asks when it was detected. Emits ``AcceptMajorIncident``."""

    def __init__(self, host: QWidget, incident: Incident, called: str, detected: datetime) -> None:
        super().__init__(
            host, self.tr("Accept as major incident"), primary=self.tr("Accept"), icon="apply",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident = incident
        self.add_remark(
            self.tr("Roles, board and timeline begin, and the first word is due in five minutes.")
        )
        when = MaybeWhenField(self.tr("Detected at"), detected, detected)
        self.add_field(
            "detected", self.tr("Detected at"), when, hint=self.tr("empty where nobody knows")
        )
        decision = TextEdit(self.tr("Remark"), lines=2)
        self.add_field("decision", self.tr("Remark"), decision)
        self.set_footer(called, "bell", "warn.fg")
        self.ready()

    def form(self) -> AcceptMajorIncident:
        """The acceptance."""
        when = self.fields.control("detected")
        assert isinstance(when, MaybeWhenField)
        return AcceptMajorIncident(
            incident_id=self._incident.id,
            decision=self.fields.text("decision"),
            detected_at=when.moment,
        )


class _Refusing(FormDialog):
    """One text that says why."""

    def __init__(
        self, host: QWidget, incident: Incident, title: str, *, primary: str, footer: str
    ) -> None:
        super().__init__(
            host, title, primary=primary, icon="clear", subject=Subject.of(incident), width=560
        )
        self.incident_id = incident.id
        text = TextEdit(self.tr("Why"), lines=3)
        self.add_field("text", self.tr("Why"), text, required=self.tr("Say why."))
        self.set_footer(footer, "route")
        self.ready()

    @property
    def why(self) -> str:
        """What was typed."""
        return self.fields.text("text")


class RejectDialog(_Refusing):
    """Why it is none. Emits ``RejectMajorIncident``."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, incident, self.tr("Reject the proposal"), primary=self.tr("Reject"),
            footer=self.tr("The incident goes on as before."),
        )  # fmt: skip

    def form(self) -> RejectMajorIncident:
        """The rejection."""
        return RejectMajorIncident(incident_id=self.incident_id, decision=self.why)


class DemoteDialog(_Refusing):
    """Why it turned out to be none. Emits ``DemoteMajorIncident``.

    ``owed`` are those whose last word does not say that it is over.
    """

    def __init__(self, host: QWidget, incident: Incident, owed: Collection[Audience]) -> None:
        follows = {
            frozenset(): self.tr("Roles end and no further update is due."),
            frozenset({Audience.INTERNAL}): self.tr("Roles end. Staff are owed a last word."),
            frozenset({Audience.EXTERNAL}): self.tr("Roles end. Customers are owed a last word."),
            frozenset(Audience): self.tr("Roles end. Staff and customers are owed a last word."),
        }
        super().__init__(
            host, incident, self.tr("Demote the major incident"), primary=self.tr("Demote"),
            footer=follows[frozenset(owed)],
        )  # fmt: skip

    def form(self) -> DemoteMajorIncident:
        """The demotion."""
        return DemoteMajorIncident(incident_id=self.incident_id, decision=self.why)


class ReviewDialog(FormDialog):
    """Says that the review took place. Emits ``ReviewMajorIncident``."""

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, self.tr("The review took place"), primary=self.tr("Reviewed"), icon="reviews",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident = incident
        remark = TextEdit(
            self.tr("Remark"), lines=3, placeholder=self.tr("Where the review can be read")
        )
        self.add_field("remark", self.tr("Remark"), remark)
        self.ready()

    def form(self) -> ReviewMajorIncident:
        """The review."""
        return ReviewMajorIncident(incident_id=self._incident.id, remark=self.fields.text("remark"))
