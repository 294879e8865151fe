"""Facts that stop an act on a status update or a status page."""

from services.core.errors import AppError


class UpdateNotFit(AppError):
    """The words of the update must not leave like this."""

    code = "update-not-fit"


class SecretInUpdate(AppError):
    """The words for customers hold what only keys and tokens begin with."""

    code = "secret-in-update"


class UpdateMoved(AppError):
    """The update is not where the act needs it: it was sent, withdrawn or given back meanwhile."""

    code = "update-moved"


class ReviewNeeded(AppError):
    """Another person has to read the update before it is sent."""

    code = "review-needed"


class OwnWords(AppError):
    """Nobody reviews what they wrote themselves."""

    code = "review-of-own-words"


class ToldInFuture(AppError):
    """An update cannot claim to be of a moment that has not come."""

    code = "told-in-future"


class PageRetired(AppError):
    """Nothing is told on the status page any more."""

    code = "status-page-retired"


class StatesUnreadable(AppError):
    """States or names of components are not what they should be."""

    code = "component-states-unreadable"


class PlanOutOfRange(AppError):
    """A plan of communication has times that nobody could keep."""

    code = "plan-out-of-range"


class OutletTaken(AppError):
    """The page goes to this place already, or the account shows one page and has it."""

    code = "outlet-taken"


class OutletCannotTell(AppError):
    """The account calls people, and has no word for a status update."""

    code = "outlet-cannot-tell"


class ResolutionTold(AppError):
    """Somebody was told that it is resolved: that is followed up, never undone."""

    code = "resolution-told"
