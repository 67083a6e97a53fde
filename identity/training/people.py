"""Generated households for training: who lives where, and which numbers, names and homes they share.

Names and numbers are drawn at random; nobody real is meant. Orders and touchpoints are made in `world`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌宇浩然子轩欣怡雨涵梓晨思佳雪琳慧颖婷倩鹏飞辉波宁亮峰鑫凯健俊帆宏海燕玲丹萍莉云凤洁琴素珍贞"
    "庆林森博阳旭东坤瑞祥龙泽翔嘉诚睿哲铭皓天乐安琪悦可心诗语彤萱"
)
MOBILE_PREFIXES = np.array(
    [
        130,
        131,
        132,
        133,
        135,
        136,
        137,
        138,
        139,
        150,
        151,
        152,
        153,
        155,
        156,
        157,
        158,
        159,
        166,
        173,
        175,
        176,
        177,
        178,
        180,
        181,
        182,
        183,
        185,
        186,
        187,
        188,
        189,
        191,
        193,
        195,
        198,
        199,
    ]
).astype(str)
DISTRICTS = 240
OFFICES_PER_PERSON = 1 / 40


@dataclass(frozen=True)
class People:
    """One row a person; `homes` and `numbers` hold what a person uses first and later."""

    table: pl.DataFrame
    """person, household, surname, name, gender_code, birthday, email, number, later_number, home, later_home,
    adcode, later_adcode, office (null for most), office_adcode."""


def people(count: int, rng: np.random.Generator, lent: float = 0.12, recycled: float = 0.025) -> People:
    """`count` persons in households of one to five; children bear a parent's surname, a share `lent` of
    the others uses the first member's number, a share `recycled` of numbers was somebody else's before."""
    sizes = rng.choice([1, 2, 3, 4, 5], p=[0.3, 0.3, 0.25, 0.1, 0.05], size=count)
    household = np.repeat(np.arange(count), sizes)[:count]
    first = np.r_[True, household[1:] != household[:-1]]
    head = np.maximum.accumulate(np.where(first, np.arange(count), 0))
    place = np.arange(count) - head
    weights = 1 / (np.arange(len(SURNAMES)) + 4.0)
    surname = rng.choice(len(SURNAMES), p=weights / weights.sum(), size=count)
    surname = np.where(place >= 2, surname[head], surname)
    given = _given_names(count, rng)
    number = _numbers(count, rng)
    borrowed = (place >= 1) & (rng.random(count) < lent)
    own_number = np.where(borrowed, number[head], number)
    was_others = rng.random(count) < recycled
    own_number = np.where(was_others & ~borrowed, number[rng.permutation(count)], own_number)
    later_number = np.where(rng.random(count) < 0.12, _numbers(count, rng), own_number)
    home = household.astype(str)
    moved = rng.random(count) < 0.15
    district = rng.integers(0, DISTRICTS, size=count)[head]
    later_district = np.where(moved, rng.integers(0, DISTRICTS, size=count), district)
    offices = max(1, int(count * OFFICES_PER_PERSON))
    office = rng.integers(0, offices, size=count)
    at_office = rng.random(count) < 0.2
    table = pl.DataFrame(
        {
            "person": np.arange(count),
            "household": household,
            "name": pl.Series(np.array(list(SURNAMES))[surname]) + pl.Series(given),
            "birthday": (np.datetime64("1955-01-01") + rng.integers(0, 20_000, size=count)).astype(str),
            "email": pl.Series(np.char.add(np.arange(count).astype(str), "@example.com")),
            "number": own_number,
            "later_number": later_number,
            "home": pl.Series(home),
            "later_home": pl.Series(np.where(moved, np.char.add("m", np.arange(count).astype(str)), home)),
            "adcode": pl.Series(district + 110000).cast(pl.String),
            "later_adcode": pl.Series(later_district + 110000).cast(pl.String),
            "office": pl.Series(np.char.add("o", office.astype(str))),
            "at_office": at_office,
            "office_adcode": pl.Series(office % DISTRICTS + 110000).cast(pl.String),
        }
    )
    return People(table.with_columns(pl.col("birthday").str.replace_all("-", "")))


def _given_names(count: int, rng: np.random.Generator) -> np.ndarray:
    characters = np.array(list(dict.fromkeys(GIVEN)))
    weights = 1 / (np.arange(len(characters)) + 12.0)
    drawn = rng.choice(characters, p=weights / weights.sum(), size=(count, 2))
    return np.where(rng.random(count) < 0.2, drawn[:, 0], np.char.add(drawn[:, 0], drawn[:, 1]))


def _numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    prefix = rng.choice(MOBILE_PREFIXES, size=count)
    rest = np.char.zfill(rng.integers(0, 10**8, size=count).astype(str), 8)
    return np.char.add(prefix, rest)
