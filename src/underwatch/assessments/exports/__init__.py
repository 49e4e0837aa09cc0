"""Files for other forms and tools, from the same answers as the document."""

from underwatch.assessments.exports.exported import Exported as Exported
from underwatch.assessments.exports.kinds import KINDS as KINDS
from underwatch.assessments.exports.kinds import exported as exported
from underwatch.assessments.exports.kinds import new_file as new_file
from underwatch.assessments.exports.kinds import not_an_export as not_an_export
from underwatch.assessments.exports.kinds import write_export as write_export

__all__ = ["KINDS", "Exported", "exported", "new_file", "not_an_export", "write_export"]
