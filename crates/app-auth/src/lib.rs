//! Sign-in: credentials, sessions, invitations. The only crate that sees a password
