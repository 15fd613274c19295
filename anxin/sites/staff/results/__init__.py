"""测评报告: one sitting for a professional, the row it stands in, and everything one person has handed in."""
