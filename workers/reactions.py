"""All wiring on one page: what is done about what happened."""

from services import (
    attachments,
    definitions,
    delivery,
    dialogue,
    digests,
    indicators,
    network,
    reports,
    search,
    tagging,
    weighing,
)
from services.kernel.events import on

# In the very transaction: nobody finds what is gone by its words.
reports.words_kept_by(tagging.forget_words, search.forget_meanings, search.forget_learned)

on(
    reports.ReportSubmitted,
    reports.ReportRevised,
    reports.ReportRemarked,
    reports.ReportWithdrawn,
    reports.ReportRecalled,
    tagging.ReportReread,
    attachments.AttachmentRead,
)(name="tag", prepare=tagging.plan, apply=tagging.write)
on(definitions.ReportOutdated)(name="retag", prepare=tagging.plan, apply=tagging.write, behind=True)
on(tagging.PairDecided)(name="relink", prepare=tagging.plan_links, apply=tagging.write)
on(tagging.ReportTagged)(name="count", prepare=indicators.plan, apply=indicators.write)
on(reports.ReportEmptied)(name="bare", prepare=tagging.to_bare, apply=tagging.bare)
on(reports.ReportRecalled, reports.ReportEmptied)(name="unsay", prepare=weighing.to_forget, apply=weighing.forget)
on(reports.ReportRecalled, reports.ReportEmptied)(name="erase", prepare=digests.plan_erasure, apply=digests.erase)
on(reports.ReportRecalled, reports.ReportEmptied)(name="hush", prepare=dialogue.to_hush, apply=dialogue.hush)
on(
    reports.ReportRevised,
    reports.ReportRemarked,
    reports.ReportWithdrawn,
    reports.ReportRecalled,
    reports.ReportGivenLate,
)(name="notify", prepare=reports.losses, apply=reports.notify)
on(reports.ReviewDue)(name="remind", prepare=reports.reminders, apply=reports.notify)
on(network.invitations.FactorReset)(name="warn", prepare=delivery.warnings, apply=delivery.tell)
on(network.ReaderMade)(name="warn-readers", prepare=delivery.readers_made, apply=delivery.tell)
on(attachments.AttachmentAdded)(name="copy", prepare=attachments.plan, apply=attachments.write)
on(reports.ReportRecalled, reports.ReportEmptied, attachments.AttachmentRemoved)(
    name="shred", prepare=attachments.doomed, apply=attachments.shred
)
