"""When the impact began, was detected and ended, each as far as known."""

from datetime import datetime

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.major.dialogs.maybe_when import MaybeWhenField
from services.incidents.incident import Incident
from services.major_incidents.acts import SetImpactTimes
from services.major_incidents.major import MajorIncident


class ImpactTimesDialog(FormDialog):
    """Emits ``SetImpactTimes``."""

    def __init__(
        self, host: QWidget, incident: Incident, major: MajorIncident, now: datetime
    ) -> None:
        super().__init__(
            host, self.tr("Times of the impact"), primary=self.tr("Save times"), icon="clock",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._major = major
        self._when: dict[str, MaybeWhenField] = {}
        for name, label, at in (
            ("started", self.tr("The impact began"), major.impact_started_at),
            ("detected", self.tr("It was detected"), major.detected_at),
            ("ended", self.tr("The impact ended"), major.impact_ended_at),
        ):
            field = MaybeWhenField(label, at, now)
            self._when[name] = field
            self.add_field(name, label, field, hint=self.tr("empty is unknown"))
        self.add_remark(
            self.tr("Time to detect and time to recover are counted from these, never guessed.")
        )
        self.ready()

    def problems(self) -> dict[str, str]:
        """What is wrong, and moments that do not follow each other."""
        found = super().problems()
        started, detected, ended = (field.moment for field in self._when.values())
        if started and detected and detected < started:
            found["detected"] = self.tr("This is before it began.")
        if ended and any(at and ended < at for at in (started, detected)):
            found["ended"] = self.tr("This is before it began or was detected.")
        return found

    def form(self) -> SetImpactTimes:
        """The moments."""
        major = self._major
        return SetImpactTimes(
            incident_id=major.incident_id,
            started_at=self._when["started"].moment,
            detected_at=self._when["detected"].moment,
            ended_at=self._when["ended"].moment,
            seen_started_at=major.impact_started_at,
            seen_detected_at=major.detected_at,
            seen_ended_at=major.impact_ended_at,
        )
