"""Which SKU a channel code stands for, on made-up codes whose truth is known: a floor, no false certainty."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.stewards_desk import lay_out

from dagster_project.lib.stewardship import deciding
from dagster_project.lib.stewardship.suggesting import aliases
from dagster_project.settings import Settings

LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"


def dense(rng: random.Random) -> str:
    """Neighbouring numbers are other SKUs: a slip of the finger may hit one."""
    return f"{rng.choice(('TEA', 'SKU', 'FD', 'CL', 'HM'))}-{rng.randrange(10_000):04d}"


def sparse(rng: random.Random) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(3)) + "".join(rng.choice(DIGITS) for _ in range(6))


def written_otherwise(rng: random.Random, code: str) -> str:
    return rng.choice((code.lower(), code.replace("-", " "), f"JD{code}", f"DY_{code}"))


def mistyped(rng: random.Random, code: str) -> str:
    at, letter = rng.randrange(len(code)), rng.choice(LETTERS + DIGITS)
    return rng.choice(
        (code[:at] + letter + code[at + 1 :], code[:at] + code[at + 1 :], code[:at] + letter + code[at:])
    )


def judged(settings: Settings, skus: list[str], cases: dict[str, str | None]) -> pl.DataFrame:
    """truth, new_value and confidence of each suggestion for these codes."""
    with duckdb.connect(str(settings.serving / "serve_1.duckdb")) as connection:
        connection.register("codes", pl.DataFrame({"sku_code": skus}).to_arrow())
        connection.register("seen", pl.DataFrame({"code": list(cases)}).to_arrow())
        connection.execute(
            "create or replace table marts.dim_skus as select sku_code, null::varchar as barcode, "
            "null::varchar as name from codes"
        )
        connection.execute(
            "create or replace table marts.dim_sku_aliases as select 'jd' as channel, 's1' as shop_id, "
            "code as channel_sku_code, null::varchar as sku_code, null::varchar as resolved_sku_code, "
            "null::varchar as product_name, 1::bigint as line_count from seen"
        )
    told = aliases.suggested(deciding.published(settings))
    truth = pl.DataFrame(
        {"record_key": [f"jd/s1/{code}" for code in cases], "truth": list(cases.values())},
        schema={"record_key": pl.String, "truth": pl.String},
    )
    return told.join(truth, on="record_key")


@pytest.mark.parametrize(("make", "least_right"), [(dense, 0.6), (sparse, 0.99)])
def test_what_is_sure_is_right_and_what_is_not_says_so(tmp_path: Path, make, least_right: float) -> None:  # noqa: ANN001
    rng = random.Random(11)
    skus = sorted({make(rng) for _ in range(2_000)})
    cases: dict[str, str | None] = {}
    for code in rng.sample(skus, 450):
        cases[written_otherwise(rng, code) if len(cases) % 2 else mistyped(rng, code)] = code
    cases |= {make(rng): None for _ in range(150)}
    cases = {code: truth for code, truth in cases.items() if code not in skus}
    told = judged(lay_out(tmp_path), skus, cases)
    is_right = pl.col("new_value").eq_missing(pl.col("truth"))
    sure = told.filter(pl.col("confidence") >= 0.9)
    assert sure.height > 150
    assert float(sure.select(is_right.mean()).item()) >= 0.98
    unsure = told.filter(pl.col("confidence") < 0.9)
    assert unsure.height > 100
    assert float(unsure.select(is_right.mean()).item()) >= least_right
