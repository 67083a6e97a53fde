"""Clauses kept and broken, conflicts, merges missed, and offers of a new promise: and the rows behind.

Contracts are those that were opened in the period; a channel's are the clauses of its orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.access import policy
from app.queries.behind import Door, door
from app.queries.kpis import of_channel
from app.queries.reader import read
from app.queries.scope import Scope, within

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

OFFER_DIMENSIONS = ("option_code", "compensation", "load_band")

_CLAUSES = """
select clause_code, numerator, denominator, kept_rate as value, denominator - numerator as broken,
    open_count as open, void_count as void, clause_count as clauses, contract_count as contracts,
    joint_contract_count as joint_contracts, p50_late_minutes
from marts.rpt_contract_clauses
where period = $period and period_start = $start and channel = $channel
order by clauses desc, clause_code
"""

_OF_WAREHOUSES = f"""
with opened as (
    select *, contract_id in (
        select contract_id from marts.fct_fulfilment_contracts where channel_count > 1
    ) as is_joint
    from marts.fct_contract_clauses
    where ($channel = 'all' or channel = $channel) and {within("opened_at")}
)
select if(grouping(clause_code) = 1, 'all', clause_code) as clause_code,
    count_if(clause_status = 'kept') as numerator,
    count_if(clause_status in ('kept', 'broken')) as denominator,
    count_if(clause_status = 'kept') / nullif(count_if(clause_status in ('kept', 'broken')), 0) as value,
    count_if(clause_status = 'broken') as broken, count_if(clause_status = 'open') as open,
    count_if(clause_status = 'void') as void, count(*) as clauses,
    count(distinct contract_id) as contracts,
    count(distinct contract_id) filter (where is_joint) as joint_contracts,
    quantile_cont(minutes_late, 0.5) filter (where clause_status = 'broken')::double as p50_late_minutes,
from opened
group by grouping sets ((clause_code), ())
order by clauses desc, clause_code
"""

_CONFLICTS = f"""
select conflict_code, count(*) as conflicts, count(distinct resource_code) as resources
from marts.fct_clause_conflicts
where ($channel = 'all' or channel = $channel) and {within("opened_at")}
group by conflict_code
order by conflicts desc, conflict_code
"""

_IN_CHANNEL = "($channel = 'all' or list_contains(string_split(channels, ','), $channel))"

_MERGES = f"""
select opportunity, count(*) as groups, sum(order_count) as orders, sum(parcel_count) as parcels,
    sum(saved_parcel_count) as saved_parcels, sum(saved_freight_cny)::double as saved_freight_cny,
from marts.rpt_merge_opportunities
where {_IN_CHANNEL} and {within("first_paid_at")}
group by opportunity
order by saved_parcels desc, opportunity
"""

_OFFERS = """
select dimension, member, offers, numerator, denominator, acceptance_rate as value, expired_count,
    extra_cost_cny::double as extra_cost_cny, promise_kept_count, promise_due_count, promise_kept_rate, status
from marts.rpt_sla_negotiation
where period = $period and period_start = $start
    and (dimension in ('option_code', 'compensation', 'load_band')
        or (dimension = $dimension and member = $member))
order by dimension, denominator desc, member
"""


def clauses(version: Version, scope: Scope) -> pl.DataFrame:
    """Clauses by clause_code, and all of them: value is the share kept of those kept or broken.

    The roll-up tells no warehouses apart: who may see only some has the clauses of their orders counted.
    """
    is_rolled_up = policy.current().warehouses is None
    return read(version, _CLAUSES if is_rolled_up else _OF_WAREHOUSES, **scope.span, channel=scope.channel)


def conflicts(version: Version, scope: Scope) -> pl.DataFrame:
    """Conflicts by conflict_code, the most frequent first."""
    return read(version, _CONFLICTS, **scope.span, channel=scope.channel)


def merges(version: Version, scope: Scope) -> pl.DataFrame:
    """Cross-channel groups that were not merged, by what became of the opportunity."""
    return read(version, _MERGES, **scope.span, channel=scope.channel)


def offers(version: Version, scope: Scope) -> pl.DataFrame:
    """Offers of the channel, and of all channels by option,
    compensation and load: value is the acceptance."""
    return read(version, _OFFERS, **scope.span, **of_channel(scope))


def clause_rows(scope: Scope, title: str, status: str, clause_code: str = "all") -> Door:
    """Clauses of one status."""
    sql = f"""select contract_id, channel, channel_order_id, clause_code, item_code, promised_at, actual_at,
    minutes_late::double as minutes_late, penalty_cny::double as penalty_cny
from marts.fct_contract_clauses
where clause_status = $status and ($clause_code = 'all' or clause_code = $clause_code)
    and ($channel = 'all' or channel = $channel) and {within("opened_at")}"""
    columns = (
        "channel channel_order_id contract_id clause_code item_code promised_at actual_at minutes_late"
        " penalty_cny"
    )
    parameters = {**scope.span, "channel": scope.channel, "status": status, "clause_code": clause_code}
    return door(title, sql, columns, "-minutes_late", parameters)


def contract_rows(scope: Scope, title: str) -> Door:
    """Contracts over several channels."""
    sql = f"""select contract_id, opened_at, closed_at, contract_status, order_count, channels, clause_count,
    kept_clause_count, broken_clause_count, conflict_count, paid_amount_cny::double as paid_amount_cny
from marts.fct_fulfilment_contracts
where channel_count > 1 and {_IN_CHANNEL} and {within("opened_at")}"""
    columns = (
        "contract_id opened_at closed_at contract_status order_count channels clause_count kept_clause_count"
        " broken_clause_count conflict_count paid_amount_cny"
    )
    return door(title, sql, columns, "-opened_at", {**scope.span, "channel": scope.channel})


def conflict_rows(scope: Scope, title: str, conflict_code: str = "all") -> Door:
    """Clauses that their assigned resource cannot keep, and why."""
    sql = f"""select channel, channel_order_id, clause_code, conflict_code, resource_code, needed, offered,
    opened_at
from marts.fct_clause_conflicts
where ($channel = 'all' or channel = $channel) and {within("opened_at")}
    and ($conflict_code = 'all' or conflict_code = $conflict_code)"""
    columns = "channel channel_order_id clause_code conflict_code resource_code needed offered opened_at"
    parameters = {**scope.span, "channel": scope.channel, "conflict_code": conflict_code}
    return door(title, sql, columns, "-opened_at", parameters)


def merge_rows(scope: Scope, title: str, opportunity: str) -> Door:
    """Groups of one kind of opportunity."""
    sql = f"""select merge_group_id, first_paid_at, order_count, channels, parcel_count, warehouse_count,
    saved_parcel_count, saved_freight_cny::double as saved_freight_cny
from marts.rpt_merge_opportunities
where opportunity = $opportunity and {_IN_CHANNEL} and {within("first_paid_at")}"""
    columns = (
        "merge_group_id first_paid_at order_count channels parcel_count warehouse_count saved_parcel_count"
        " saved_freight_cny"
    )
    parameters = {**scope.span, "channel": scope.channel, "opportunity": opportunity}
    return door(title, sql, columns, "-first_paid_at", parameters)


def refused(scope: Scope, title: str, dimension: str = "all", member: str = "all") -> Door:
    """Offers that were declined or ran out; of an option or a compensation over all channels."""
    channel = scope.channel if dimension == "all" else "all"
    of_member = f"and coalesce({dimension}, 'unknown') = $member" if dimension in OFFER_DIMENSIONS else ""
    sql = f"""select channel, channel_order_id, option_code, service_level, offered_at, expires_at, response,
    responded_at, extra_cost_cny::double as extra_cost_cny, compensation, resource_code
from marts.fct_sla_offers
where is_counted and not is_accepted and ($channel = 'all' or channel = $channel)
    and {within("offered_at")} {of_member}"""
    columns = (
        "channel channel_order_id option_code service_level offered_at expires_at response responded_at"
        " extra_cost_cny compensation resource_code"
    )
    parameters = {**scope.span, "channel": channel, **({"member": member} if of_member else {})}
    return door(title, sql, columns, "-offered_at", parameters)


def not_kept(scope: Scope, title: str) -> Door:
    """Offers that were accepted, and whose promise was then not kept."""
    sql = f"""select channel, channel_order_id, option_code, promised_at, offered_at, responded_at,
    compensation, resource_code, load_band
from marts.fct_sla_offers
where is_promise_kept = false and ($channel = 'all' or channel = $channel) and {within("offered_at")}"""
    columns = (
        "channel channel_order_id option_code promised_at offered_at responded_at compensation resource_code"
        " load_band"
    )
    return door(title, sql, columns, "-promised_at", {**scope.span, "channel": scope.channel})


def accepted(scope: Scope, title: str) -> Door:
    """Offers that were accepted, the dearest first."""
    sql = f"""select channel, channel_order_id, option_code, service_level, promised_at,
    offered_at, responded_at,
    extra_cost_cny::double as extra_cost_cny, compensation, resource_code
from marts.fct_sla_offers
where is_counted and is_accepted and ($channel = 'all' or channel = $channel) and {within("offered_at")}"""
    columns = (
        "channel channel_order_id option_code service_level promised_at offered_at"
        " responded_at extra_cost_cny"
        " compensation resource_code"
    )
    return door(title, sql, columns, "-extra_cost_cny", {**scope.span, "channel": scope.channel})
