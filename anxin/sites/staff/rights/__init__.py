"""主体权利: requests about one's own data, what waits until a guardian may know, and a person's agreements."""
