"""监管指标 Indicators: counts per node and period, their definitions, and the way down to the events. No names."""
