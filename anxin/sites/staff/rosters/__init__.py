"""The roster of a campaign: files, classes, slips, and who has agreed."""
