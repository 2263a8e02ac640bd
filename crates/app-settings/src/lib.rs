//! Typed settings and secrets, changed while everything runs
