"""自测结果: how the results of a form spread over its bands. Counts of groups, nobody's name, no rank."""
