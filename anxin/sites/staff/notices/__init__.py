"""通知: a colleague's own list, with a bell that rings by itself."""
