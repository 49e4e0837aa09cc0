"""`calibrate`: assumptions of a scenario fitted to targets by history matching."""

from underwatch.calibration.calibrating import calibrate
from underwatch.calibration.result import Calibration
from underwatch.calibration.targets import Targets

__all__ = ["Calibration", "Targets", "calibrate"]
