//! PostgreSQL for apps: pool, locked migrations, roles and schemas, redacted errors, outbox, jobs
