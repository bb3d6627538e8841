"""Mail out: what a message is, and the drivers that send it."""
