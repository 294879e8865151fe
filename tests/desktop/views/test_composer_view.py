"""The composer of status updates as a widget: what it shows, keeps and asks for."""

from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from view_examples import NOW, an_id

from desktop.theme.theme import apply_theme
from desktop.views.composer.check_card import CheckCard, Findings
from desktop.views.composer.next_update import NO_NEXT, every, next_of
from desktop.views.composer.strips import Strips
from desktop.views.composer.update_composer import Part, UpdateComposer
from desktop.views.composer.values import (
    CheckLine,
    ComponentChoice,
    ComposerVerb,
    ComposerView,
    FindingLine,
    Judged,
    PageChoice,
    PreviewLine,
    ReceiptLine,
    Side,
    StripLine,
    TemplateChoice,
    ToldLine,
)
from desktop.views.status_pages.pasted import pasted
from desktop.widgets.labels import PlainLabel
from desktop.widgets.text_audit import clipped_labels, watch_shortened
from services.communications.status_page import Audience, ComponentStatus
from services.communications.status_update import UpdateMoment

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
SHOP = an_id("shop")
STAFF = PageChoice(id=an_id("staff"), name="Staff status", audience=INTERNAL, reach="Staff room")
PUBLIC = PageChoice(
    id=an_id("public"), name="Public", audience=EXTERNAL, reach="Page", subscribers="12 subscribers"
)
TEMPLATE = TemplateChoice(
    id=an_id("final"), name="Final", audience=INTERNAL, moment=UpdateMoment.FINAL,
    subject="INC-1 - SEV 1 - Payments", summary="It is over.", current_status="Impact: none",
)  # fmt: skip


def a_view(**changes: object) -> ComposerView:
    values: dict[str, object] = {
        "key": "INC-1",
        "sides": {
            INTERNAL: Side(number=5, copies="update 4", pages=(STAFF,), templates=(TEMPLATE,),
                           places=("Staff status",), next_after_s=(1_800, 900)),
            EXTERNAL: Side(number=3, pages=(PUBLIC,), next_after_s=(1_200,)),
        },
        "components": (ComponentChoice(id=SHOP, page_id=PUBLIC.id, name="Shop"),),
        **changes,
    }  # fmt: skip
    return ComposerView(**values)  # type: ignore[arg-type]


@pytest.fixture
def composer(qtbot) -> UpdateComposer:
    composer = UpdateComposer()
    qtbot.addWidget(composer)
    composer.resize(392, 720)
    composer.show_view(a_view(), [], NOW)
    composer.show()
    return composer


def labels(widget: QWidget) -> str:
    return " | ".join(one.text() for one in widget.findChildren(PlainLabel) if one.isVisible())


def press(widget: QWidget, name: str) -> None:
    buttons = [b for b in widget.findChildren(QAbstractButton) if b.isVisible()]
    next(b for b in buttons if b.text() == name).click()


def test_words_are_kept_planned_and_taken_from_templates(composer, qtbot):
    next_update_follows_the_plan(composer)
    both_audiences_keep_their_words(composer, qtbot)
    template_brings_its_words(composer, qtbot)


def test_words_are_judged_and_shown_as_they_arrive(composer):
    check_turns_green(composer)
    findings_stand_below_their_field(composer)
    what_was_told_and_how_it_arrives(composer)


def test_nothing_is_sent_that_is_not_whole_answered_and_allowed(composer):
    what_is_missing_is_said(composer)
    subscribers_are_asked_about(composer)
    strips_ask_about_their_update(composer)
    who_may_not_write_reads_why(composer)


def both_audiences_keep_their_words(composer, qtbot):
    composer.words[INTERNAL].fields.restore({"summary": "Inside", "current_status": "• a\n\n- b"})
    composer.choose(EXTERNAL)
    composer.words[EXTERNAL].fields.restore({"subject": "Shop", "components": []})
    content = composer.content()
    other = UpdateComposer()
    qtbot.addWidget(other)
    other.restore(content)
    other.show_view(a_view(), [], NOW)
    assert other.audience is EXTERNAL
    assert other.form().subject == "Shop"
    other.choose(INTERNAL)
    assert other.form().summary == "Inside"
    assert other.form().current_status == "a\nb"
    assert other.form().page_id == STAFF.id


def next_update_follows_the_plan(composer):
    field = composer.words[INTERNAL].next
    assert field.current.title == "11:12, every 30 min"
    later = NOW + timedelta(minutes=3)
    composer.show_view(a_view(), [], later)
    assert field.current.title == "11:15, every 30 min"
    assert composer.content()["internal"]["next"] == "", "the plan's time is in no draft"
    typed = field.found("11:45")
    field.set_current_payload(typed[-1].payload)
    composer.show_view(a_view(), [], later)
    assert field.current.title == "11:45"
    assert composer.form().next_at == NOW.replace(hour=11, minute=45, second=0)
    assert next_of(every(900)) == (900, None)
    assert next_of(NO_NEXT) == (None, None)


def template_brings_its_words(composer, qtbot):
    composer.choose(INTERNAL)
    with qtbot.waitSignal(composer.changed):
        composer.words[INTERNAL].take_template(TEMPLATE)
    form = composer.form()
    assert (form.summary, form.moment) == ("It is over.", UpdateMoment.FINAL)
    assert (form.next_after_s, form.next_at) == (None, None)


def check_turns_green(composer):
    met = CheckLine(text="Impact", is_met=True)
    missing = CheckLine(text="Root cause", is_met=False, remedy="say “not yet known”")
    composer.show_judged(Judged(checks=(met, missing)))
    card = composer.findChild(CheckCard)
    assert "1 of 2" in labels(card)
    assert "say “not yet known”" in labels(card)
    composer.show_judged(Judged(checks=(met, met)))
    assert "2 of 2" in labels(card)
    assert "say" not in labels(card)


def findings_stand_below_their_field(composer):
    composer.choose(EXTERNAL)
    found = FindingLine(field="summary", text="<b>db-1</b> is inside", must_change=True)
    composer.show_judged(Judged(findings=(found,)))
    assert "<b>db-1</b> is inside" in labels(composer.words[EXTERNAL])
    composer.show_judged(Judged())
    shown = [f for f in composer.findChildren(Findings) if f.isVisible()]
    assert shown == []


def subscribers_are_asked_about(composer):
    sent: list[object] = []
    composer.send_requested.connect(sent.append)
    composer.choose(EXTERNAL)
    composer.words[EXTERNAL].restore({"subject": "Shop", "summary": "It fails."})
    composer.send()
    assert sent == []
    assert "it is asked each time" in composer.footer.problem
    press(composer.footer, "No")
    composer.send()
    assert sent[0].is_notifying is False
    composer.choose(INTERNAL)
    composer.choose(EXTERNAL)
    assert composer.form().is_notifying is None, "never answered for the next one"
    states = composer.form().component_states
    assert states == {SHOP: ComponentStatus.OPERATIONAL}


def what_is_missing_is_said(composer):
    sent: list[object] = []
    composer.send_requested.connect(sent.append)
    composer.send()
    assert sent == []
    assert "Name it in one line." in labels(composer.words[INTERNAL])


def who_may_not_write_reads_why(composer):
    composer.choose(INTERNAL)
    side = Side(pages=(STAFF,), why_not_write="Agents write updates.")
    composer.show_view(a_view(sides={INTERNAL: side}), [], NOW)
    assert composer.words[INTERNAL].fields.control("summary").isReadOnly()
    assert not composer.footer.may_send
    side = Side(pages=(STAFF,), why_not_send="Only an incident manager sends.")
    composer.show_view(a_view(sides={INTERNAL: side}), [], NOW)
    assert not composer.words[INTERNAL].fields.control("summary").isReadOnly()
    assert composer.footer.problem == "Only an incident manager sends."
    composer.show_view(a_view(sides={}), [], NOW)
    assert "There is no status page" in composer.footer.problem


def strips_ask_about_their_update(composer):
    asked: list[tuple[object, UUID | None]] = []
    composer.asked.connect(lambda verb, id_: asked.append((verb, id_)))
    held = StripLine(update_id=an_id("held"), tone="warn", lead="It waited 24 min.",
                     verbs=(ComposerVerb.SEND_NOW, ComposerVerb.PUT_AWAY))  # fmt: skip
    composer.show_view(a_view(strips=(held,)), [], NOW)
    press(composer.findChild(Strips), "Put away")
    assert asked == [(ComposerVerb.PUT_AWAY, an_id("held"))]


def what_was_told_and_how_it_arrives(composer):
    refused = ReceiptLine(outlet="Mail", icon="danger", tone="danger.fg", state="Refused",
                          reason="550 no such mailbox")  # fmt: skip
    told = ToldLine(
        id=an_id("told"), title="Update 4, internal", audience=INTERNAL, by="Sofia",
        when="10:18", text="It fails.", marks=("Edited",), receipts=(refused,),
    )  # fmt: skip
    composer.show_view(a_view(told=(told,)), [], NOW)
    composer.show_part(Part.TOLD)
    assert "“550 no such mailbox”" in labels(composer.told)
    long = PreviewLine(outlet="Text", icon="phone", text="It fails", used=412, limit=320)
    composer.show_judged(Judged(previews=(long,)))
    composer.show_part(Part.AS_IT_ARRIVES)
    assert "412 of 320" in labels(composer.previews)
    assert "Too long here" in labels(composer.previews)


def test_pasted_subscribers_are_read_as_people_paste_them():
    text = 'Ana <ana@a.example>\n"B, C" <b@a.example>;ops@a.example,\nANA@a.example\t'
    found = pasted(text, ["OPS@a.example"])
    assert found.addresses == ("ana@a.example", "b@a.example")
    assert found.names == ("Ana", "B, C")
    assert found.known == 1
    assert pasted("  \n , ;").addresses == ()


def test_no_text_is_cut_off(composer, qapp):
    apply_theme(qapp, "dark")
    missing = CheckLine(text="How many, inside and outside", is_met=False,
                        remedy="say both, or “unknown”")  # fmt: skip
    with watch_shortened() as shortened:
        for audience in Audience:
            composer.choose(audience)
            composer.show_judged(Judged(checks=(missing,) * 5))
            qapp.processEvents()
            composer.grab()
    assert [one.text for one in shortened] == []
    assert clipped_labels(composer) == []
