//! A private PostgreSQL and Redis run as child processes under one data directory
