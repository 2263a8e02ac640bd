SELECT version FROM revision
