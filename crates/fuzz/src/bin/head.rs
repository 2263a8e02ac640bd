//! The heads of requests and of responses.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(|bytes| {
    gateway::invariants::head::request(bytes);
    gateway::invariants::head::response(bytes, false);
    gateway::invariants::head::response(bytes, true);
});
