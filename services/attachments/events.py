"""Facts that attachments announce."""

from services.kernel.events import Event


class AttachmentAdded(Event):
    """A file was attached, or is to be looked at again. The subject is the attachment."""

    name = "attachment.added"


class AttachmentRemoved(Event):
    """A file was taken from a report by its owner. The subject is the report."""

    name = "attachment.removed"


class AttachmentsGiven(Event):
    """What others are given of a report's files has changed. The subject is the report."""

    name = "attachments.given"


class AttachmentRead(Event):
    """The words that a report's attachments give others to read have changed. The subject is the report."""

    name = "attachment.read"
