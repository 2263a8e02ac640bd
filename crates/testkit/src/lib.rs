//! For tests: private PostgreSQL and Redis, databases from a template, browser, cookie client
