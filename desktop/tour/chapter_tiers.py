"""Second chapter: the tiers pick it up."""

from collections.abc import Callable

from desktop.tour.hands import ENGINEER, STATE, Hands
from desktop.views.dialogs.escalate import EscalateDialog


class TierChapter(Hands):
    """A tier-2 engineer accepts, asks tier 3, and resolves."""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("work_as_engineer", self.work_as_engineer),
            ("accept", self.accept),
            ("to_tier_three", self.to_tier_three),
            ("reject", self.reject),
            ("no_closing", self.no_closing),
            ("resolve", self.resolve),
        ]

    def work_as_engineer(self) -> str:
        """The presence menu: work as the tier-2 engineer."""
        self.work_as(ENGINEER)
        self.letters("ge")
        self.choose(self.number)
        self.driver.picture("escalated_to_us")
        return f"working as {ENGINEER}, tier 2"

    def accept(self) -> str:
        """Shift+A: the receiving team accepts."""
        self.driver.keys("A")
        self.until_escalation("accepted", "Network")
        return "accepted by tier 2"

    def to_tier_three(self) -> str:
        """E: further to tier 3, who still has to answer."""
        self.letters("e")
        dialog = self.form()
        assert isinstance(dialog, EscalateDialog)
        self.hand_over(dialog, "Platform", "Confirm that the gateway logs show no drops.")
        self.commit()
        self.until_escalation("offered", "Platform")
        return "offered to Platform, tier 3"

    def reject(self) -> str:
        """Tier 3 returns it with a reason; it is with tier 2 again."""
        name = str(
            self.driver.found(
                "SELECT p.name FROM team t JOIN team_member m ON m.team_id = t.id"
                " JOIN person p ON p.id = m.person_id WHERE t.name = 'Platform'"
                " ORDER BY p.name LIMIT 1"
            )
        )
        self.work_as(name)
        self.letters("ge")
        self.choose(self.number)
        self.driver.keys("R")
        dialog = self.form()
        self.driver.write(
            dialog.fields.control("text"), "Gateway logs are clean; it is the client's roaming."
        )
        self.driver.picture("reject")
        self.commit()
        self.until_escalation("accepted", "Network")
        self.work_as(ENGINEER)
        self.letters("ge")
        self.choose(self.number)
        return f"{name} rejected it with a reason, back with Network"

    def no_closing(self) -> str:
        """D does nothing for tier 2: only the service desk closes."""
        self.letters("d")
        self.driver.settle()
        self.until_state("in_progress")
        self.driver.picture("only_the_desk_closes")
        return "tier 2 cannot close, and is told why"

    def resolve(self) -> str:
        """R: resolving hands it back to the service desk."""
        self.letters("r")
        dialog = self.form()
        self.choose_in(dialog, "code", "Workaround")
        self.driver.write(
            dialog.fields.control("resolution"),
            "Rolled the client back to 5.3.9 and raised the roaming timer; tunnel holds.",
        )
        self.driver.picture("resolve")
        self.commit()
        self.driver.until_found("resolved", STATE, self.number)
        self.until_escalation("handed_back", "Network")
        return "resolved by tier 2 and handed back by that act"
