"""Personal names in comparable forms: surname, visible part of a masked name, pinyin.

Whether two names are one person's is decided elsewhere, from these forms. Organisations and parcel points
that stand where a person should are no names here.
"""

from __future__ import annotations

import polars as pl

from identity.spelling import dictionary

FULL, MASKED, SURNAME = "full", "masked", "surname"
_COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|"
    "太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|令狐|百里|呼延|东郭|南门|"
    "西门|拓跋|轩辕|第五"
)
"""Surnames of two characters."""
_BRACKETED = r"[(\[【<].*?[)\]】>]"
_TITLE = r"(?:先生|女士|小姐|太太|老师|师傅|同学|经理|老板|阿姨|收|总)$"
_FAMILIAR = rf"^[小老](\p{{Han}}|{_COMPOUND})$"
"""小陈, 老张: what comes behind is the surname. Of 小** nothing is known."""
_NOT_A_PERSON = r"公司|集团|驿站|超市|门店|快递|代收|柜|仓库|物业|前台|保安|测试|匿名|用户|顾客|散客|会员"
_HAN_NAME = r"^\p{Han}[\p{Han}·]{1,14}$"
_LATIN_NAME = r"^[a-z][a-z .'-]{2,40}$"
_NOISE = r"[\s\d,.;:!?~_/|+-]"
_MASK = r"[*×＊xX○●]+"


def name_forms(values: pl.Series) -> pl.DataFrame:
    """Comparable forms of names, one row a value, in its order, all text.

    `name_kind`: full, masked (王*, *丰), surname (王先生, 小王), or null where no person's name can be read.
    `name`: the full name without titles and spaces. `surname`: its first character or compound surname,
    also of a masked name that shows it. `pinyin`: of a full name, without tones, syllables joined.
    `mask_head` and `mask_tail`: what a masked or surname-only name shows before and after what it hides,
    empty where nothing.
    """
    forms = values.cast(pl.String).rename("value").to_frame()
    text = pl.col("value").str.normalize("NFKC").str.to_lowercase().str.replace_all(_BRACKETED, "")
    latin = pl.col("text").str.strip_chars().str.replace_all(r"\s+", " ")
    plain = pl.col("text").str.replace_all(_NOISE, "")
    forms = forms.with_columns(text=text.str.strip_chars()).with_columns(latin=latin, plain=plain)
    forms = forms.with_columns(
        bare=pl.col("plain").str.replace(_TITLE, "").str.replace(_FAMILIAR, "${1}"),
        is_latin=pl.col("latin").str.contains(_LATIN_NAME),
        is_masked=pl.col("plain").str.contains("*", literal=True),
        is_person=~pl.col("plain").str.contains(_NOT_A_PERSON),
    )
    familiar = pl.col("plain").str.contains(r"^[小老]\*+$")
    one_part = pl.col("bare").str.contains(rf"^(?:\p{{Han}}|{_COMPOUND})$")
    kind = (
        pl.when(~pl.col("is_person"))
        .then(None)
        .when(pl.col("is_masked") & pl.col("plain").str.contains(r"\p{Han}") & ~familiar)
        .then(pl.lit(MASKED))
        .when(pl.col("is_latin"))
        .then(pl.lit(FULL))
        .when(one_part)
        .then(pl.lit(SURNAME))
        .when(pl.col("bare").str.contains(_HAN_NAME))
        .then(pl.lit(FULL))
    )
    forms = forms.with_columns(name_kind=kind)
    full = pl.when(pl.col("name_kind") == FULL).then(pl.when("is_latin").then("latin").otherwise("bare"))
    forms = forms.with_columns(name=full, shown=pl.col("plain").str.replace(_TITLE, ""))
    head = pl.when(pl.col("name_kind") == MASKED).then(pl.col("shown").str.extract(r"^([^*]*)\*", 1))
    tail = pl.when(pl.col("name_kind") == MASKED).then(pl.col("shown").str.extract(r"\*([^*]*)$", 1))
    forms = forms.with_columns(
        mask_head=pl.when(pl.col("name_kind") == SURNAME).then("bare").otherwise(head),
        mask_tail=pl.when(pl.col("name_kind") == SURNAME).then(pl.lit("")).otherwise(tail),
    )
    seen = pl.coalesce("name", pl.when(pl.col("mask_head") != "").then("mask_head"))
    surname = pl.coalesce(seen.str.extract(rf"^({_COMPOUND})", 1), seen.str.extract(r"^(\p{Han})", 1))
    forms = forms.with_columns(surname=surname, pinyin=pinyin(forms["name"]))
    return forms.select("name_kind", "name", "surname", "pinyin", "mask_head", "mask_tail")


def pinyin(names: pl.Series) -> pl.Series:
    """Pinyin of each name without tones (张伟 → zhangwei), each character read by itself, null for null.

    Reading characters one by one costs a few thousand look-ups instead of one per name, and gives a character
    the same reading in every name, which is what a comparison needs.
    """
    distinct = names.drop_nulls().unique().rename("name").to_frame()
    characters = distinct.with_columns(character=pl.col("name").str.split("")).explode("character")
    characters = characters.filter(pl.col("character").str.len_chars() > 0)
    alphabet = characters["character"].unique().sort()
    spell = dictionary().lazy_pinyin
    readings = pl.Series([spell(character)[0] for character in alphabet], dtype=pl.String)
    read = characters.with_columns(
        reading=pl.col("character").replace_strict(alphabet, readings, default=None)
    )
    spelled = read.group_by("name", maintain_order=True).agg(pl.col("reading").str.join(""))
    return names.replace_strict(spelled["name"], spelled["reading"], default=None).rename("pinyin")
