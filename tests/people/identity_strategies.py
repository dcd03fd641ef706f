"""Facts as Hypothesis makes them: few identifiers, so that they meet, and every kind of contradiction."""

from __future__ import annotations

from hypothesis import strategies as st

from wegmarke.people.contracts import Says

IDENTIFIERS = ["~a:x", "~a:y", "~a:z", "~a:k", "~a:~l", "k", "l", "m", "x", "~u:~l", "~u:~m"]
rows = st.lists(
    st.tuples(st.sampled_from(list(Says)), st.sampled_from(IDENTIFIERS), st.sampled_from(IDENTIFIERS)).filter(
        lambda row: row[1] != row[2]
    ),
    max_size=14,
).map(lambda facts: [(at, *fact) for at, fact in enumerate(facts, start=1)])
