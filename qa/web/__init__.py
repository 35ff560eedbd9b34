"""What the chat page is made of: its words in two languages, its fragments of HTML, its style sheet and script."""
