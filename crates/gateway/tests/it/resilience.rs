//! What goes wrong around a gateway, and who must not notice: sessions while auth is away, an instance that was frozen
//! and wakes, tunnels, and clients that take all the time in the world.

mod clocks;
mod flapping;
mod loris;
mod sessions;
mod tunnels;
mod unread;
mod zombie;
