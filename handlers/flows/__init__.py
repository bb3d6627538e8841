"""What crosses both domains; chat and console call the same functions."""
