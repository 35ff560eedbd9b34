"""Readers of the formats reports come in: PDF, DOCX and HTML. Each takes bytes and returns ``parts``."""
