"""What the anatomy means: structures, landmarks, attachments, views and references, as checked data."""
