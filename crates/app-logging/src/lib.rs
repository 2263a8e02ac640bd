//! OTLP in; logs and traces of all services, searchable
