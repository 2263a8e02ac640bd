//! Signed leases of app instances in Redis: the entry, the heartbeat and the watch
