SELECT version FROM revision FOR UPDATE
