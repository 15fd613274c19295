"""自测: choosing, consenting, answering."""
