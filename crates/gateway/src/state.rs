//! The last routes on disk, so that a gateway that starts while Redis is away knows where everything was. Signed with
//! the gateway's own key: a file somebody else wrote is worth nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use registry::{AppId, Entry, Keyring, Seed, Snapshot, Verified};
use serde::{Deserialize, Serialize};

use crate::table::is_gateway;
use crate::table::memory::Memory;

const NAME: &str = "routes.json";
/// Keeps the signature from being one over anything else.
const CONTEXT: &[u8] = b"cloud-gateway-state\0";

/// What is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    generation: String,
    entries: Vec<Arc<Entry>>,
    memory: Memory,
}

impl State {
    /// The state of a moment.
    pub(crate) fn of(snapshot: &Snapshot, memory: &Memory) -> Self {
        Self {
            generation: snapshot.generation.clone(),
            entries: snapshot
                .live()
                .filter(|entry| !is_gateway(entry))
                .cloned()
                .collect(),
            memory: memory.clone(),
        }
    }

    /// What the registry's watch and the table start from.
    pub(crate) fn into_parts(self) -> (Seed, Memory) {
        let Self {
            generation,
            entries,
            memory,
        } = self;
        (
            Seed {
                generation,
                entries,
            },
            memory,
        )
    }

    /// Reads what an earlier gateway has written; nothing, when there is nothing to trust.
    pub(crate) fn load(directory: &Path, keyring: &Keyring, gateway: &AppId) -> Option<Self> {
        let path = directory.join(NAME);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the last routes could not be read");
                return None;
            }
        };
        let state = open(&text, keyring, gateway);
        if state.is_none() {
            tracing::warn!(path = %path.display(), "the last routes are not of this platform and not used");
        }
        state
    }

    /// Writes the state in one step: a reader finds the old one or the new one.
    pub(crate) fn save(
        &self,
        directory: &Path,
        keyring: &Keyring,
        gateway: &AppId,
    ) -> io::Result<()> {
        let text = self
            .seal(keyring, gateway)
            .ok_or_else(|| io::Error::other("the state cannot be signed"))?;
        std::fs::create_dir_all(directory)?;
        let draft: PathBuf = directory.join(format!("{NAME}.{}", std::process::id()));
        write_private(&draft, text.as_bytes())?;
        std::fs::rename(draft, directory.join(NAME))
    }

    fn seal(&self, keyring: &Keyring, gateway: &AppId) -> Option<String> {
        let json = serde_json::to_string(self).ok()?;
        let mac = keyring.sign(gateway, &signed(&json)).ok()?;
        Some(format!("{}\n{json}\n", URL_SAFE_NO_PAD.encode(mac)))
    }
}

fn open(text: &str, keyring: &Keyring, gateway: &AppId) -> Option<State> {
    let (mac, json) = text.split_once('\n')?;
    let json = json.trim_end();
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    if keyring.verify(gateway, &signed(json), &mac) != Verified::Yes {
        return None;
    }
    serde_json::from_str(json).ok()
}

fn signed(json: &str) -> Vec<u8> {
    [CONTEXT, json.as_bytes()].concat()
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use registry::{AppSecret, InstanceId};

    use super::*;

    fn keyring(byte: u8) -> Keyring {
        Keyring::Secret(AppSecret::new([byte; 32]).unwrap())
    }

    fn state() -> State {
        let id = AppId::new("hello").unwrap();
        let start = jiff::Timestamp::UNIX_EPOCH;
        let entry = Entry::new(
            id,
            InstanceId::random(),
            start,
            "http://127.0.0.1:1".to_owned(),
        );
        let snapshot = Snapshot {
            entries: vec![Arc::new(entry)],
            ..Snapshot::default()
        };
        State::of(&snapshot, &Memory::default())
    }

    #[test]
    fn what_was_written_is_read_again_and_by_nobody_else() {
        let directory = tempfile::tempdir().unwrap();
        let gateway = AppId::new("gateway").unwrap();
        assert!(State::load(directory.path(), &keyring(1), &gateway).is_none());
        state()
            .save(directory.path(), &keyring(1), &gateway)
            .unwrap();
        state()
            .save(directory.path(), &keyring(1), &gateway)
            .unwrap();
        let loaded = State::load(directory.path(), &keyring(1), &gateway).unwrap();
        assert_eq!(loaded.entries.len(), 1);
        assert!(State::load(directory.path(), &keyring(2), &gateway).is_none());
    }

    #[test]
    fn a_changed_file_is_not_used() {
        let gateway = AppId::new("gateway").unwrap();
        let text = state().seal(&keyring(1), &gateway).unwrap();
        assert!(open(&text, &keyring(1), &gateway).is_some());
        assert!(
            open(
                &text.replace("127.0.0.1:1", "10.0.0.1:1"),
                &keyring(1),
                &gateway
            )
            .is_none()
        );
        for junk in ["", "\n", "x\n{}", "{}"] {
            assert!(open(junk, &keyring(1), &gateway).is_none(), "{junk:?}");
        }
    }
}
