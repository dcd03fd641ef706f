"""The plan beside the record: touchpoints and their cards, journey map, matrix, discovery, audit, goals."""
