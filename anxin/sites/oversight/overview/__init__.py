"""The overview: five figures, the table by area or line, and the charts."""
