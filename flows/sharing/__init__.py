"""What may be shown to others than the bureau: small sensitive counts suppressed."""
