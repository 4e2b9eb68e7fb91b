"""What people hand on: the cover page, the reply to the referrer, the outcome."""
