//! A whole connection to a gateway.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(fuzz::connection::connection);
