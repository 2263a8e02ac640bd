//! The edge: routes, identifies and proxies. Knows no app and no database
