"""All Chinese prose: of replies and of letters, a module per subject."""
