//! Which machine this is, so that a gateway knows whether a Unix socket path is one it can open.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where a machine's stable name may be read, best first.
const SOURCES: [&str; 3] = [
    "/etc/machine-id",
    "/var/lib/dbus/machine-id",
    "/proc/sys/kernel/random/boot_id",
];

/// A stable name of a machine that does not reveal the machine's own id.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostId(String);

impl HostId {
    /// The name of this machine. A machine that has no id gets a random one per process, which only means
    /// that Unix sockets are not used between its processes.
    pub fn of_this_machine() -> Self {
        let own = SOURCES
            .iter()
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .map(|text| text.trim().to_owned())
            .find(|text| text.len() >= 16);
        match own {
            Some(id) => Self::from_machine_id(&id),
            None => Self::from_machine_id(&uuid::Uuid::new_v4().to_string()),
        }
    }

    fn from_machine_id(id: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"cloud-host\0");
        hash.update(id.as_bytes());
        let mut text = URL_SAFE_NO_PAD.encode(hash.finalize());
        text.truncate(22);
        Self(text)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_keeps_its_name_and_hides_its_id() {
        assert_eq!(HostId::of_this_machine(), HostId::of_this_machine());
        let id = "0123456789abcdef0123456789abcdef";
        assert!(!HostId::from_machine_id(id).as_str().contains("0123"));
        assert_ne!(HostId::from_machine_id(id), HostId::from_machine_id("x"));
    }
}
