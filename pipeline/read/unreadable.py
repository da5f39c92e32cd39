"""The sentences about files that cannot be read: what they are, and what to send instead."""

from __future__ import annotations

_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx，重新报送。"
_UNPACK = "请不要压缩，直接发送表格文件（.xlsx）。"
_NO_WORD = "请把数字填入原 Excel 表式，存为 .xlsx 后重新报送。"
_DECRYPT = "请先解密（或另存为不加密的 .xlsx），再重新报送。"
UNREADABLE = {
    "empty": ("是空文件（0字节）", "请核对后重新发送原文件。"),
    "encrypted": ("设有打开密码", "请取消打开密码后重新报送。"),
    "doc": ("是旧版 Word 文档，不能读取", _NO_WORD),
    "rtf": ("是 RTF 文档，不能读取", _NO_WORD),
    "odt": ("是 OpenDocument 文档，不是表格", _NO_WORD),
    "tnef": (
        "是 Outlook 专用格式的附件（winmail.dat），不能读取",
        "请把表格（.xlsx）作为普通附件重新发送，或在 Outlook 中另存附件后放入收件夹。",
    ),
    "msg": ("是 Outlook 邮件，不能读取", "请把邮件中的附件另存出来，单独放入收件夹。"),
    "guarded": ("被本单位的加密软件加密，不能读取", _DECRYPT),
    "scrambled": ("打不开，可能已被本单位的加密软件加密，或已损坏", _DECRYPT),
    "slides": ("是演示文稿，不是表格", _NO_WORD),
    "link": (
        "只是一个链接或快捷方式，文件本身没有寄来",
        "请打开链接，把表格（.xlsx）下载下来，作为附件重新发送。",
    ),
    "sylk": ("是 SYLK 格式（.slk）的表格，不能读取", _SAVE_AS),
    "iwork": (
        "是苹果 Numbers（或 Pages、Keynote）文件，不能读取",
        "请在 Numbers 中选“文件—导出为—Excel”，把导出的 .xlsx 重新报送。",
    ),
    "embedded": ("里面嵌入的文件不能读取，文档本身没有报表", _NO_WORD),
    "unaligned": (
        "里面的表用空格对齐，分不清哪个数字在哪一栏",
        "请把数字填入原 Excel 表式，存为 .xlsx，作为附件重新报送。",
    ),
    "program": ("是程序文件，不是表格", "请核对是否发错文件，把表格（.xlsx）重新报送。"),
    "data": ("是电子书或其他软件的数据文件，不是表格", "请核对是否发错文件，把表格（.xlsx）重新报送。"),
    "volume": ("是分卷压缩包的一卷，不能读取", _UNPACK),
    "rar": ("是 RAR 压缩包，不能读取", _UNPACK),
    "7z": ("是 7z 压缩包，不能读取", _UNPACK),
    "gz": ("是 gz 压缩包，不能读取", _UNPACK),
    "ole": ("已损坏，或不是表格", _SAVE_AS),
    "large": ("表格范围过大，超出任何报表的需要", "请把报表部分复制到新的工作簿，存为 .xlsx 后重新报送。"),
    "other": ("已损坏，或不是能读取的表格格式", _SAVE_AS),
}
