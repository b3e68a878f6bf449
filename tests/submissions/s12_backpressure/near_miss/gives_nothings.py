# expect: failed test_keeps_the_order_of_the_ids
# expect: failed test_never_has_more_in_flight
# expect: failed test_reads_no_further_than_the_limit
# mistake: reads an id for each result and pays nobody
# kind: behaviour


async def checkout_stream(services, ids, limit):
    async for _ in ids:
        yield None
