"""Pure rules of the network: rosters, opening hours, routing, distances, sums. No Django, no clock."""
