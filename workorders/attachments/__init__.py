"""Pictures and files people send: what is accepted, what became of each, and who may see it."""
