"""■フォーム: its head lines, and what stands behind a ▼ of it: a question, a page, a result; read and printed."""
