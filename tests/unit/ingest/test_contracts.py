"""Built-in contracts hold together, and a wrong one is told by file and key."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.ingest_files import contract

from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ingest.contracts.contract import canonical_words, load_contract
from dagster_project.lib.ingest.contracts.exported import exported_at
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.contracts.schema import SCHEMA_FILE
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.readers.headers import canonical_header
from dagster_project.settings import BUILT_IN_CHANNELS

SOURCES = sorted(source_folders([BUILT_IN_CHANNELS]))
PLATFORMS = ("douyin_orders", "taobao_orders", "taobao_items", "jd_orders", "pos_receipts")
GOOD = "version: 1\nsource: s\nfeed: surveys\nowner: o\nname: {zh: 一, en: one}\n"


@pytest.mark.parametrize("source", SOURCES)
def test_built_in_contract_is_valid(source: str) -> None:
    loaded = load_contract(BUILT_IN_CHANNELS / source)
    mapped = set(loaded.headers) | set(loaded.get("constants", {})) | set(loaded.get("compose", {}))
    mapped |= set(loaded.get("sums", {})) | set(loaded.get("ordinals", {})) | {"channel"}
    mapped |= set(loaded.get("from_export_time", ())) | {"warehouse_code"}
    assert set(loaded.feed.required) <= mapped, "a required column that nothing fills"


def test_every_feed_has_a_contract_of_its_own_name() -> None:
    assert {f"luyue_{feed}" for feed in load_feeds()} <= set(SOURCES)


@pytest.mark.parametrize("source", PLATFORMS)
def test_one_header_fills_one_column_or_is_meant_to(source: str) -> None:
    """A header under two columns is a slip, but for a receipt's one time and amount, and a shop's one id."""
    headers = [header for column in contract(source).headers.values() for header in column]
    twice = {header for header in headers if headers.count(header) > 1}
    assert source == "pos_receipts" or twice <= {"店铺id"}


def test_header_names_are_compared_without_their_decoration() -> None:
    assert canonical_header("\ufeff 动帐流水号\u200b ") == canonical_header("动账流水号")
    assert canonical_header("商品总价（元）") == canonical_header("商品总价(元)")
    assert canonical_header("店铺ID") == canonical_header("店铺Id")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "colour: red\n", "line 1: colour is no key here; the keys are schema_version"),
        (GOOD + "owmer: red\n", "owmer is no key here; did you mean owner?"),
        (
            GOOD.replace("version: 1", "version: one"),
            'line 1: version: "one" is a text; write a whole number',
        ),
        (GOOD.replace("surveys", "survey"), 'line 3: feed: "survey" is none of orders'),
        (GOOD.replace("surveys", "survey"), "did you mean surveys?"),
        (GOOD.replace("owner: o\n", ""), "owner is missing; add it"),
        (GOOD.replace("source: s", "source: t"), "line 2: source: t is not the name of its folder, s"),
        (GOOD + "schema_version: 2\n", "schema_version: 2 is not known to this version"),
        (GOOD + "constants: {shade: red}\n", "line 6: constants.shade: shade is no column of surveys"),
        (
            GOOD + "required: [chanel]\n",
            "chanel is no column of surveys, nor a helper; did you mean channel?",
        ),
        (GOOD + "words: [{from: channel, into: channel, list: status, map: {a: b}}]\n", "not in the list"),
        (GOOD + "words: [{from: channel, into: channel, list: status, map: {a: close}}]\n", "mean closed?"),
        (GOOD + "split: [{from: comment, pattern: '(?P<score>'}]\n", "is no usable pattern"),
        (GOOD + "lists: {comment: {from: comment, pattern: '(?=a)'}}\n", "is no usable pattern"),
        (GOOD + "exported_at: {pattern: '(', format: stamp}\n", "exported_at.pattern: ( is no usable"),
        (GOOD + "window: {column: score}\n", "window.column: score is int, this rule needs ts"),
        (GOOD + "sums: {score: [channel]}\n", "sums.score: channel is text, this rule needs money or qty"),
        (GOOD + "copies: {score: comment}\n", "comment is text, this rule needs money"),
        (GOOD + "compose: {survey_id: '{score:%Y}'}\n", "formats score, which is no time"),
        (GOOD + "compose: {survey_id: '{score'}\n", "is no template"),
        (GOOD + "compose: {survey_id: '{responded_at:%Q}'}\n", "%Q is no form of a time"),
        (GOOD + "exported_at: {pattern: 'a', format: stamp}\n", "exported_at.pattern: a has no group"),
        (
            GOOD + "exported_at: {pattern: '(a)', format: stmp}\n",
            "stmp is no form of a date; write epoch, stamp",
        ),
        (GOOD + "exported_at: {pattern: '(a)', format: '%m-%d'}\n", "%m-%d is no form of a date"),
        (GOOD + "window: {column: responded_at, pattern: '(a)'}\n", "it has no groups from and to"),
        (GOOD + "split: [{from: comment, pattern: '(a)'}]\n", "it has no named group"),
        (GOOD + "required: [channel, channel]\n", "has non-unique elements"),
        (GOOD + "constants: &a {channel: *a}\n", "a YAML alias stands inside what it names"),
        (GOOD + "paid_amount: order\n", "the feed surveys has no paid amount"),
        (GOOD + "owner: p\n", "the key owner stands twice"),
        (GOOD + "helpers: {1: text}\n", "helpers: 1 is a whole number; write a text (in quotes)"),
        (GOOD + "required: channel\n", 'required: "channel" is a text; write a list'),
        (GOOD + "null_words: [no]\n", "null_words[0]: false is true or false; write a text (in quotes)"),
        (GOOD + "? [a]\n: b\n", "not YAML"),
        (GOOD + "  - [", "not YAML"),
        ("", "no keys and values"),
    ],
)
def test_wrong_contract_is_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "contract.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"s/contract\.yml") as error:
        load_contract(tmp_path / "s")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("score,得分,one", "line 2: priority one is no number; write column,header,priority"),
        ("points,得分,1", "line 2: points is no column of the feed, nor a helper; declare it"),
        ("scores,得分,1", "did you mean score?"),
        ("score,,1", "the column or the header is empty"),
    ],
)
def test_wrong_column_map_is_told(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "contract.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "s" / "column_map.csv").write_text(f"column,header,priority\n{line}\n", encoding="utf-8")
    with pytest.raises(ContractError, match=r"s/column_map\.csv") as error:
        load_contract(tmp_path / "s")
    assert says in str(error.value)


def test_column_map_saved_by_a_spreadsheet_program_is_read(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "contract.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "s" / "column_map.csv").write_bytes(
        "column,header,priority\r\nscore,得分,\r\n".encode("gb18030")
    )
    assert load_contract(tmp_path / "s").headers == {"score": ("得分",)}


def test_schema_is_one_and_names_every_feed_and_word_list() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    keys = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["properties"]
    assert keys["feed"]["enum"] == list(load_feeds())
    assert keys["words"]["items"]["properties"]["list"]["enum"] == list(canonical_words())


def test_docs_tell_of_every_built_in_source(project_root: Path) -> None:
    told = (project_root / "docs" / "channels.md").read_text(encoding="utf-8")
    assert [
        source for source in SOURCES if not source.startswith("luyue_") and f"`{source}`" not in told
    ] == []


def test_every_contract_names_its_schema_for_editors() -> None:
    for source in SOURCES:
        lines = (BUILT_IN_CHANNELS / source / "contract.yml").read_text(encoding="utf-8").splitlines()
        assert lines[:2] == ["# yaml-language-server: $schema=../contract.schema.json", "schema_version: 1"]


def test_schema_tells_every_key_in_both_languages_and_so_do_the_docs(project_root: Path) -> None:
    keys = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["properties"]
    told = (project_root / "docs" / "channels.md").read_text(encoding="utf-8")
    for name, key in keys.items():
        assert " / " in key["title"], name
        assert re.search(r"[A-Za-z]{3}.*[\u4e00-\u9fff]{2}", key["description"]), name
        assert f"`{name}" in told, f"{name} is not told in docs/channels.md"


@pytest.mark.parametrize(
    ("source", "name", "at"),
    [
        ("douyin_orders", "1767316500_ab12.csv", "2026-01-02 09:15:00"),
        ("taobao_orders", "ExportOrderList20260102091500(1).csv", "2026-01-02 09:15:00"),
        ("taobao_items", "ExportOrderDetailList20260102.csv", "2026-01-02 00:00:00"),
        ("pinduoduo_orders", "orders_export2026-1-2-9-15-0_店.csv", "2026-01-02 09:15:00"),
        ("jst_stock_counts", "商品库存_20260102091500.csv", "2026-01-02 09:15:00"),
        ("luyue_orders", "orders_20260102.csv", "2026-01-02 00:00:00"),
        ("luyue_orders", "orders.csv", "2026-01-01 08:00:00"),
        ("luyue_orders", "orders_20261399.csv", "2026-01-01 08:00:00"),
        ("luyue_orders", "orders_120260102.csv", "2026-01-01 08:00:00"),
    ],
)
def test_export_time_comes_from_the_name_else_from_the_file(source: str, name: str, at: str) -> None:
    midnight_utc = 1767225600 * 10**9
    assert exported_at(contract(source), name, midnight_utc) == datetime.fromisoformat(at)
