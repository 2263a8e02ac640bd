//! Home: the launchpad of live apps and their widgets
