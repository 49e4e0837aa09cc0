"""What is declared: scenarios, their sections, their sources, organs and safeguards."""

from underwatch.scenario.scenario import Scenario, reading, shipped
from underwatch.scenario.sections.values import Section

__all__ = ["Section", "Scenario", "reading", "shipped"]
