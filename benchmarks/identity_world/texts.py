"""Names, words and numbers as text, drawn in columns; the shares are round figures of common knowledge."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Random = np.random.Generator

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫", "慕容")
_COMPOUND_SHARE = 0.004
_SURNAME_TILT = 0.85
"""Zipf's exponent: 王 comes to some 8 %, the hundredth surname to 0.2 %."""
_MALE = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国志文博轩梓睿泽晨昊天佑铭哲瀚彬峰"
_FEMALE = "芳娜敏静秀娟英霞丽艳燕玲婷红玉萍桂兰梅洁琳雪莹倩颖慧欣怡悦佳梦雨诗涵梓萱思琪语桐若曦妍瑶珊蕾菲"
_GIVEN = "".join(dict.fromkeys(_MALE + _FEMALE))
_TWINS = "大小双晓子嘉一可"
_CALLED = ("先生", "女士", "小姐", "阿姨", "师傅")
_SOUNDS_EXTRA = (
    "炜蔚雷君杨永捷滔朝铭岗萍晖朋花菲欣博彬雨好恺建骏凡率序凝隆琳健果治闻伯宣紫瑞则辰号甜祐明喆翰宾锋方娜"
    "民晶绣涓瑛侠莉彦雁铃廷虹钰平贵蓝枚杰林学盈茜影惠新宜月加孟羽施晗子宣斯其宇童偌西研遥山磊飞"
)
DUMMIES = ("13800138000", "13800000000", "00000000", "11111111111", "12345678901", "99999999999")
_PREFIXES = (
    130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 147, 150, 151, 152, 153, 155, 156, 157, 158, 159,
    166, 173, 175, 176, 177, 178, 180, 181, 182, 183, 185, 186, 187, 188, 189, 191, 198, 199,
)  # fmt: skip
_VIRTUAL_PREFIXES = (170, 171, 184, 192)


def pick(random: Random, words: tuple[str, ...] | list[str] | str, size: int, tilt: float = 0.0) -> Ints:
    """Places of drawn words; the k-th has a share of 1 / (k+1) ** tilt."""
    shares = 1.0 / np.arange(1, len(words) + 1) ** tilt
    return np.searchsorted(np.cumsum(shares / shares.sum()), random.random(size)).clip(0, len(words) - 1)


def words(choices: tuple[str, ...] | list[str] | str, places: Ints) -> pl.Series:
    """The words at `places`; a place below 0 is null."""
    column = pl.Series(list(choices), dtype=pl.String)
    return column.gather(pl.Series(np.maximum(places, 0))).set(pl.Series(places < 0), None)


def surnames(random: Random, size: int) -> Ints:
    drawn = pick(random, _SURNAMES, size, _SURNAME_TILT)
    rare = random.random(size) < _COMPOUND_SHARE
    return np.where(rare, len(_SURNAMES) + random.integers(0, len(_COMPOUND), size), drawn)


def surname_text(places: Ints) -> pl.Series:
    return words([*_SURNAMES, *_COMPOUND], places)


def given(random: Random, is_male: Bools) -> tuple[Ints, Ints]:
    """Two characters of a given name as places in one list; the second is -1 in one name of four."""
    size = is_male.size
    both = []
    for tilt in (0.5, 0.35):
        of = [
            np.array([_GIVEN.index(character) for character in pool])[pick(random, pool, size, tilt)]
            for pool in (_MALE, _FEMALE)
        ]
        both.append(np.where(is_male, *of))
    return both[0], np.where(random.random(size) < 0.25, -1, both[1])


def given_text(places: Ints) -> pl.Series:
    return words(_GIVEN, places).fill_null("")


def twin_of(random: Random, second: Ints) -> Ints:
    """Another second character, as twins have beside a shared first one."""
    return (np.maximum(second, 0) + 1 + random.integers(0, len(_GIVEN) - 1, second.size)) % len(_GIVEN)


def misspelt(random: Random, name: pl.Series) -> pl.Series:
    """One of the given characters replaced by one that sounds the same; else by any other."""
    from pypinyin import lazy_pinyin

    by_sound: dict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys(_GIVEN + _SOUNDS_EXTRA):
        by_sound[lazy_pinyin(character)[0]].append(character)
    other = {}
    for character in _GIVEN:
        same = [c for c in by_sound[lazy_pinyin(character)[0]] if c != character]
        other[character] = same[0] if same else _GIVEN[(_GIVEN.index(character) + 7) % len(_GIVEN)]
    last = name.str.slice(-1)
    middle = name.str.slice(1, 1)
    at_end = pl.Series(random.random(len(name)) < 0.6) | (name.str.len_chars() < 3)
    ended = name.str.head(-1) + last.replace(other)
    turned = name.str.slice(0, 1) + middle.replace(other) + name.str.slice(2)
    return ended.zip_with(at_end, turned)


def called(random: Random, surname: pl.Series, is_male: Bools) -> pl.Series:
    """What a parcel or a clerk's note calls somebody: 王先生, 李女士, 小陈, 老张."""
    kind = random.integers(0, 4, len(surname))
    title = words(_CALLED, np.where(is_male, np.where(kind == 1, 4, 0), np.where(kind == 1, 3, 1)))
    formal = surname + title
    familiar = words(("小", "老"), (kind == 3).astype(np.int64)) + surname
    return formal.zip_with(pl.Series(kind < 2), familiar)


def mobiles(random: Random, size: int) -> Ints:
    prefix = np.array(_PREFIXES)[random.integers(0, len(_PREFIXES), size)]
    return prefix * 10**8 + random.integers(0, 10**8, size)


def virtuals(random: Random, pool: int, size: int) -> Ints:
    """Numbers out of a small pool that the platform gives to one parcel after another."""
    prefix = np.array(_VIRTUAL_PREFIXES)[random.integers(0, len(_VIRTUAL_PREFIXES), pool)]
    return (prefix * 10**8 + random.integers(0, 10**8, pool))[random.integers(0, pool, size)]


def code(prefix: str, *parts: Ints) -> pl.Series:
    """An opaque id of 16 hex digits after `prefix`: a function of the parts; null where one is below 0."""
    mixed = np.full(parts[0].size, sum(prefix.encode()) * 7_919, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = (mixed ^ part.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed ^= mixed >> np.uint64(27)
    text = np.frombuffer(mixed.astype(">u8").tobytes().hex().encode(), dtype="S16")
    known = np.all([part >= 0 for part in parts], axis=0)
    column = pl.Series(text).cast(pl.String)
    return (prefix + column).set(pl.Series(~known), None)
