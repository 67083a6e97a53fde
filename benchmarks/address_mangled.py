"""Kinds of noise that programs leave in addresses: controls, markup, codes and numbers beside them.

Like those of `address_strange.py`, which also tells how a kind is written, made without a look at the rules.
"""

from __future__ import annotations

from benchmarks.address_strange import kind
from benchmarks.address_world import Case, Place, World, free


@kind
def emoji_and_controls(world: World, p: Place) -> Case:
    text = p.chain + p.town + p.door
    at = world.random.randint(1, len(p.chain))
    return free("🏠" + text[:at] + "\u200b\ufeff\x07" + text[at:] + "😀", p)


@kind
def vertical_bars_and_tabs(world: World, p: Place) -> Case:
    return free("\t|\t".join([p.province, p.city, p.district, p.town, p.door]), p)


@kind
def html_left_over(world: World, p: Place) -> Case:
    return free(
        f"<br>{p.province}&nbsp;{p.city if p.city != p.province else ''}&nbsp;{p.district}&nbsp;{p.door}", p
    )


@kind
def json_left_over(world: World, p: Place) -> Case:
    return free(
        f'{{"province":"{p.province}","city":"{p.city}","district":"{p.district}","address":"{p.door}"}}', p
    )


@kind
def pinyin_beside(world: World, p: Place) -> Case:
    return free(f"{p.chain}({'West Lake District'}){p.door} No.12 Wen San Road", p)


@kind
def postcode_beside(world: World, p: Place) -> Case:
    return free(f"{p.adcode[:3]}000 {p.chain}{p.town}{p.door} 邮编{p.adcode[:2]}0012", p)


@kind
def order_number_beside(world: World, p: Place) -> Case:
    return free(f"{p.chain}{p.town}{p.door}#6921{world.random.randint(10**9, 10**10)}", p)


@kind
def virtual_phone(world: World, p: Place) -> Case:
    extension, other = world.random.randint(1000, 9999), world.random.randint(1000, 9999)
    return free(f"{p.chain}{p.town}{p.door}[{extension}] 178{other}{extension}转{other}", p)
