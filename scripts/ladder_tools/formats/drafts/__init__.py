"""Questions as people write them, in tables, texts and Word: words first, a question of ours when they are settled."""
