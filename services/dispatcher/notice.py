"""Handing a notice to Apprise, where it is installed."""

from services.dispatcher.not_sent import NotSent
from services.providers.provider import NoticeCall, Refused, Reply


def notify(call: NoticeCall) -> Reply:
    """Apprise's yes as status 200, and its no, which has no reason, as 500.

    Apprise makes its calls itself: the address, which only whoever keeps the secrets of this
    machine can set, may lead anywhere.

    Raises:
        NotSent: Apprise is not installed, or does not know such an address.
    """
    try:
        import apprise
    except ImportError:
        raise NotSent(Refused("Apprise is not installed on this machine")) from None
    service = apprise.Apprise()
    if not service.add(call.address):
        raise NotSent(Refused("this is no address of Apprise's"))
    kind = apprise.NotifyType.FAILURE if call.is_failure else apprise.NotifyType.SUCCESS
    is_taken = service.notify(title=call.title, body=call.text, notify_type=kind)
    return Reply(status=200 if is_taken else 500)
