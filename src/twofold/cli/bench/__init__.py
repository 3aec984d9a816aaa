"""`twofold bench`: the product against the bare parts that it is made of, in the same run.

Rules: each part runs in a process of its own, with the same load, schema and rows.
Machines differ and are shared: ratios within one run count, and medians of its rounds.
"""
