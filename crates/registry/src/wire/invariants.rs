//! What holds of every registration, whoever wrote it. Generated input and fuzzing look for one that breaks it.
#![allow(clippy::unwrap_used, reason = "an invariant fails by panicking")]

use serde_json::Value;

use super::*;
use crate::{AppId, AppSecret};

pub(crate) fn keyring() -> Keyring {
    Keyring::Secret(AppSecret::new([1; 32]).unwrap())
}

/// What an app with a key of its own may sign, well-formed or not; nothing where it has no valid name, or is no JSON.
pub(crate) fn seal_any(entry: &str) -> Option<String> {
    let raw: Box<RawValue> = serde_json::from_str(entry).ok()?;
    let fields: Value = serde_json::from_str(entry).ok()?;
    let app = AppId::new(fields.get("id")?.as_str()?).ok()?;
    let mac = keyring().sign(&app, &signed_bytes(&raw)).unwrap();
    let envelope = Envelope {
        epoch: fields.get("epoch").and_then(Value::as_u64).unwrap_or(7),
        signature: URL_SAFE_NO_PAD.encode(mac),
        entry: &raw,
    };
    serde_json::to_string(&envelope).ok()
}

/// Nobody registers without the key.
///
/// # Panics
/// Somebody did.
pub fn unsigned(value: &[u8]) {
    assert!(open(value, "hello", "i1", &keyring()).is_err());
}

/// What the holder of a key registers under its own name is sound or refused. Yields it where it was accepted.
///
/// # Panics
/// It was accepted, and is not sound.
pub fn signed(entry: &str) -> Option<Entry> {
    let sealed = seal_any(entry)?;
    let fields: Value = serde_json::from_str(entry).ok()?;
    let (app, instance) = (
        fields.get("id")?.as_str()?,
        fields.get("instance")?.as_str()?,
    );
    let entry = open(sealed.as_bytes(), app, instance, &keyring()).ok()?;
    let again = seal(&entry, &keyring()).unwrap();
    let read = open(again.as_bytes(), app, instance, &keyring());
    assert_eq!(read.as_ref(), Ok(&entry));
    assert_eq!(
        (entry.id.as_str(), entry.instance.as_str()),
        (app, instance)
    );
    for address in [Some(&entry.http), entry.grpc.as_ref()]
        .into_iter()
        .flatten()
    {
        let url = url::Url::parse(address);
        let is_bare = url.is_ok_and(|url| {
            let is_nobodys = url.username().is_empty() && url.password().is_none();
            is_nobodys && url.path() == "/" && url.scheme() == "http" && url.query().is_none()
        });
        assert!(is_bare, "{address}");
    }
    let base = url::Url::parse("http://platform.test/").unwrap();
    for link in entry.nav.iter().map(|item| &item.path).chain(&entry.search) {
        let leads = base.join(link).map(|url| url.host_str().map(str::to_owned));
        assert_eq!(leads, Ok(Some("platform.test".to_owned())), "{link}");
    }
    Some(entry)
}
