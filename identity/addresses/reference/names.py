"""Short names of divisions: what is left when the kind of division and its peoples are dropped.

Used by the seed generator and by the surface forms; no files are read here.
"""

from __future__ import annotations

PEOPLES = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "怒族",
    "乌孜别克族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "塔塔尔族",
    "独龙族",
    "鄂伦春族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
    "各族",
    "蒙古",
    "哈萨克",
    "维吾尔",
    "柯尔克孜",
    "塔吉克",
    "达斡尔",
    "锡伯",
    "俄罗斯",
    "撒拉",
    "鄂温克",
    "裕固",
    "东乡",
]
"""The 55 minority peoples as they stand in names of autonomous divisions (some without 族)."""

_AUTONOMOUS = ("自治区", "自治州", "自治县", "自治旗", "民族乡")
_KINDS = (
    "特别行政区", "地区", "林区", "特区", "新区", "矿区", "省", "市", "盟", "州", "区", "县", "旗",
    "街道", "镇", "乡", "苏木",
)  # fmt: skip
_FIXED = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "宁夏回族自治区": "宁夏", "西藏自治区": "西藏"}


def short_name(name: str) -> str:
    """The name without its kind (浦东新区 → 浦东, 延边朝鲜族自治州 → 延边); the name itself if under two
    characters are left."""
    if name in _FIXED:
        return _FIXED[name]
    for suffix in _AUTONOMOUS:
        if name.endswith(suffix):
            return _without_peoples(name.removesuffix(suffix)) or name
    if name.endswith(("回族区", "达斡尔族区")):
        name = name.removesuffix("区")
        return _without_peoples(name) or name
    for suffix in _KINDS:
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return stem if len(stem) >= 2 else name
    return name


def _without_peoples(stem: str) -> str:
    """The stem without the peoples at its end; the stem as it is if nothing of two characters remains."""
    found = True
    short = stem
    while found:
        found = False
        for people in PEOPLES:
            if short.endswith(people) and len(short) - len(people) >= 2:
                short, found = short.removesuffix(people), True
                break
    return short if len(short) >= 2 else stem
