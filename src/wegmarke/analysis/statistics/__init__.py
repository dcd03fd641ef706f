"""Statistics on small counts: intervals that still cover when there is little, tests that go with them."""
