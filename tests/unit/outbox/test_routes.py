"""Each route has room of its own, and on each the parties take turns."""

from collections.abc import Sequence

from msgspec import structs

from tests.contract.samples import ORDER
from twofold.domain.orders import Order
from twofold.outbox.routes import ASIDE, Route, Routes

NOW_AT = 1_000


def order_of(id_: int, party: str, due_at: int = NOW_AT, source: str = "9166") -> Order:
    """A waiting text."""
    return structs.replace(ORDER, id=id_, party=party, due_at=due_at, source=source)


def parties(orders: Sequence[Order]) -> str:
    """Whose turn it was, one letter each; a dot for the operator's own."""
    return "".join(order.party[:1] or "." for order in orders)


def routes_with(first: int, second: int) -> tuple[Routes, Route, Route]:
    """Two routes of some capacity, on which nothing is known to wait."""
    routes = Routes([(("9166", "123"), Route(lambda: first)), (("1579",), Route(lambda: second))])
    for route in routes:
        route.is_behind = False
    return routes, routes.of("9166"), routes.of("1579")


def test_a_flood_of_one_partner_and_the_others_take_turns() -> None:
    flood = [order_of(n, "flood") for n in range(1, 9)]
    others = [order_of(11, "xyz", NOW_AT + 5), order_of(12, "abc", NOW_AT + 9)]
    own = [order_of(21, "", NOW_AT + 7), order_of(22, "", NOW_AT + 8)]
    assert parties(Route(lambda: 4).in_turn([*flood, *others, *own], 8)) == ".a.fxfff"


def test_turns_go_on_where_they_were_however_little_room_there_is() -> None:
    route = Route(lambda: 1)
    waiting = [order_of(n, party) for n, party in enumerate(("flood", "", "xyz", "abc") * 3, 1)]
    taken = []
    while waiting:
        (order,) = route.in_turn(waiting, 1)
        waiting.remove(order)
        taken.append(order)
    assert parties(taken) == ".a.f.xafxafx"


def test_within_a_party_the_oldest_goes_first() -> None:
    late, soon, next_ = (order_of(1, "a", 30), order_of(2, "a", 10), order_of(3, "a", 20))
    assert Route(lambda: 4).in_turn([late, soon, next_], 9) == [soon, next_, late]


def test_short_codes_of_one_route_share_its_turns() -> None:
    here, there = order_of(1, "a", 20), order_of(2, "a", 10, source="123")
    assert Route(lambda: 4).in_turn([here, there], 1) == [there]


def test_a_route_without_room_takes_nothing_from_another() -> None:
    routes, up, down = routes_with(2, 0)
    down.claimed = 9
    room = routes.room()
    assert ("9166" in room, "123" in room, "1579" in room) == (True, True, False)
    assert (up.room, down.room) == (4, -9)


def test_what_a_commit_takes_is_gone_for_the_rest_of_it() -> None:
    routes, up, _ = routes_with(1, 5)
    up.claiming = 1
    room = routes.room()
    room.take("9166")
    assert ("123" in room, "1579" in room) == (False, True)
    assert "123" in routes.room(), "nothing was claimed after all"


def test_nothing_new_overtakes_what_waits() -> None:
    routes, up, _ = routes_with(5, 5)
    up.is_behind = True
    assert ("9166" in routes.room(), "1579" in routes.room()) == (False, True)


def test_what_is_no_text_leaves_beside_all_links() -> None:
    routes, _, _ = routes_with(0, 0)
    assert routes.of("web") is routes.of("") is routes.aside
    assert ("" in routes.room(), routes.aside.room) == (True, 2 * ASIDE)


def test_before_the_store_was_read_something_may_wait_everywhere() -> None:
    routes = Routes([(("9166",), Route(lambda: 5))])
    assert ("9166" in routes.room(), "" in routes.room()) == (False, False)
