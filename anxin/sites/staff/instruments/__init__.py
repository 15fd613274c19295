"""The instrument library for staff: look, write, preview, review, publish, retire."""
