"""The charts of a quarter, drawn with a font of their own."""
