//! Configuration: the environment read once, typed, and refused whole with every problem named.
//!
//! Owns where values come from and how they are reported. Never prints a value: a variable that is
//! wrong is told by its name and what was expected. What an operator may change at run time is a
//! setting, not a variable, and does not belong here.

mod cidr;
mod core;
mod dev_network;
mod environment;
mod reader;
mod secret;

pub use self::cidr::Cidr;
pub use self::core::{CoreConfig, Mode};
pub use self::environment::Environment;
pub use self::reader::{ConfigError, ConfigProblem, Reader};
