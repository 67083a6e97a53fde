"""Personal values inside free text, found by content: phones, e-mails, names beside them, street addresses.

It prefers to mask too much: the whole text stands in the vault.
"""

from __future__ import annotations

import re

import polars as pl

_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|端木|夏侯|南宫"
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庄殷施洪翟安"
    "颜倪牛温季俞章鲁葛伍尤毕聂焦樊柳邢岳齐梅庞祝左涂霍兰耿关辛管柴祁包裴路柯舒解冉纪穆童詹凌卜费翁骆欧项申游鲍蒲"
)
_NAME = f"(?:(?:{_COMPOUND})[\\p{{Han}}]{{1,2}}|[{_SINGLE}][\\p{{Han}}]{{1,2}})"
_GAP = r"[\s，,、。:：;；/|（(\-]{0,3}"
_LABEL = (
    r"((?:联系|收件|收货)?(?:电话|手机)(?:号码?)?|联系方式|[Tt][Ee][Ll]|phone)"
    r"((?:号|是|为)?[\s:：]{0,3}1\d{2}\*{4}\d{4})"
)
_MARK = "\x02"
"""Stands around a label while names are looked for, so that 电话 is not taken for one."""
_MASKED = r"1\d{2}\*{4}\d{4}"
_PHONE = r"(^|\D)(?:\+?(?:00)?86[\s\-]?)?(1[3-9]\d)[\s\-]?\d{4}[\s\-]?(\d{4})($|\D)"
"""Twice in the rules: two phones may share the one character between them."""
PHONE = r"(?:^|\D)1[3-9]\d{9}(?:\D|$)"
"""A mobile phone as one number, in text that should hold none."""
PHONE_DIGITS = 11
_EXTENSION = r"(?:[\-转]|转接|分机|\[)\s?\d{3,4}\]?(\D|$)"
_STREET = r"(?:路|街|大道|巷|弄|胡同|村|小区|花园|公寓|大厦|新村|家园|苑)"
_NUMBER = r"[\d一二三四五六七八九十]+"
_HOUSE = (
    rf"(?:[东西南北中]|[一二三四五六七八九十]{{1,2}})?段?\s?{_NUMBER}\s?"
    r"(?:[-\d]+|号|弄|栋|幢|座|楼|单元|室|层|院|[A-Za-z])*"
)
_ROOM = r"\d+\s?(?:号楼|栋|幢|单元|弄)(?:[\s\-]?[\dA-Za-z]+\s?(?:号楼|栋|幢|单元|楼|层|室|号|房)?)*"
_PERSON = r"(?:收[件货]人|签收人|联系人|姓名|[派快]件员|派送员|快递员)"

CANDIDATE = "|".join(
    (r"1[3-9]\d[\s\-]?\d{4}[\s\-]?\d{4}", _MASKED, r"0\d{2,3}-\d{7,8}", "@", _STREET + _HOUSE, _ROOM, _PERSON)
)
_ORDER_ID = r'"channel_(?:order|line)_id"\s*:\s*"[^"\\]{1,64}"'
_RULES = (
    (r"[A-Za-z0-9._%+\-]+(@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})", "***${1}"),
    (_PHONE, "${1}${2}****${3}${4}"),
    (_PHONE, "${1}${2}****${3}${4}"),
    (rf"({_MASKED}){_EXTENSION}", "${1}-***${2}"),
    (r"(^|\D)(0\d{2,3})-\d{7,8}", "${1}${2}-***"),
    (_LABEL, f"{_MARK}${{1}}{_MARK}${{2}}"),
    (
        rf"([\p{{Han}}])[\p{{Han}}]{{1,3}}({_GAP}(?:{_MARK}[^{_MARK}]*{_MARK})?[是为号]?{_GAP}{_MASKED})",
        "${1}**${2}",
    ),
    (rf"({_MASKED}(?:-\*{{3}})?{_GAP}){_NAME}", "${1}**"),
    (rf"({_PERSON}[\s:：是为]{{0,3}}){_NAME}", "${1}**"),
    (_MARK, ""),
    (rf"[\p{{Han}}]{{1,12}}?{_STREET}{_HOUSE}", "***"),
    (_ROOM, "***"),
)


def mask_free_text(texts: pl.Series) -> pl.Series:
    """The texts with personal values masked; a text without any comes back unchanged."""
    candidates = texts.str.contains(CANDIDATE).fill_null(False)
    if not candidates.any():
        return texts
    whole = texts.filter(candidates)
    masked = whole
    for pattern, replacement in _RULES:
        masked = masked.str.replace_all(pattern, replacement)
    return texts.clone().scatter(candidates.arg_true(), _with_order_ids(masked, whole))


def _with_order_ids(masked: pl.Series, whole: pl.Series) -> pl.Series:
    """Gives back to JSON the order ids that happen to look like phones: they are keys, and stand in columns
    of their own anyway. Looks only at the texts whose ids were masked."""
    lost = masked.str.extract_all(_ORDER_ID) != whole.str.extract_all(_ORDER_ID)
    if not lost.any():
        return masked
    pairs = zip(masked.filter(lost), whole.filter(lost), strict=True)
    return masked.clone().scatter(lost.arg_true(), [_restored(text, original) for text, original in pairs])


def _restored(text: str, original: str) -> str:
    ids = re.findall(_ORDER_ID, original)
    if len(ids) != len(re.findall(_ORDER_ID, text)):
        return text
    given = iter(ids)
    return re.sub(_ORDER_ID, lambda _: next(given), text)
