"""What the program itself can fail at; its text is one Chinese sentence for the clerk."""

from __future__ import annotations


class PipelineError(Exception):
    """The run cannot be done, and nothing was half written."""


class ConfigurationError(PipelineError):
    """A key of the county's configuration is wrong; the text names its path and the text in question."""


class UsageError(PipelineError):
    """What was asked for makes no sense for this county."""


class ClusterError(PipelineError):
    """The cluster cannot be used: not reachable, without workers, or of another version."""


class OutputError(PipelineError):
    """An output file cannot be written: it is open, protected, or not the program's own."""


class ProofError(PipelineError):
    """What was about to be written does not add up: our own fault, and no workbook is better than a wrong one."""
