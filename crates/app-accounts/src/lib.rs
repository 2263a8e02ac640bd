//! People and groups of the organisation
