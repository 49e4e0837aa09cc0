"""Files for other forms and tools, from the same answers as the document."""

from underwatch.assess.exports.exported import Exported as Exported
from underwatch.assess.exports.kinds import KINDS as KINDS
from underwatch.assess.exports.kinds import exported as exported
from underwatch.assess.exports.kinds import write_export as write_export

__all__ = ["KINDS", "Exported", "exported", "write_export"]
