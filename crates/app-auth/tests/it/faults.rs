//! What sign-in stands on goes away, in turn: it fails closed and says so, loses nothing that it acknowledged, and
//! goes on by itself.

mod neighbours;
mod postgres;
mod redis;
