"""Reading a phone call out of the sentence somebody logged it in."""
