"""What the program itself can fail at; its text is one Chinese sentence for the clerk."""

from __future__ import annotations

import errno

_WHY = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "上级不是文件夹",
    errno.ENAMETOOLONG: "名称或路径过长",
}


def why(error: OSError) -> str:
    """What the system said, in Chinese."""
    return _WHY.get(error.errno or 0, "系统拒绝")


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
