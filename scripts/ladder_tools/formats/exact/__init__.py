"""Questions as learning platforms keep them: typed, with exact keys, shares and feedback."""
