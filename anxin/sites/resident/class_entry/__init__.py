"""The way in for whoever has no slip: class code, number, birthday."""
