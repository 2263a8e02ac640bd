//! The form of a lease in Redis: an entry, its epoch and the app's signature over the entry's bytes.
//!
//! Everything read from Redis passes through [`open`]; nothing it refuses reaches the rest of the crate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Entry, Error, Keyring, Reason, Verified};

/// Largest value of a lease, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// Keeps a signed entry from being taken for anything else the same key signs.
const CONTEXT: &[u8] = b"cloud-lease\0";

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    epoch: u64,
    signature: String,
    #[serde(borrow)]
    entry: &'a RawValue,
}

/// Signs an entry as the app it names.
pub(crate) fn seal(entry: &Entry, keyring: &Keyring) -> Result<String, Error> {
    let raw = serde_json::value::to_raw_value(entry).map_err(Error::Encode)?;
    let mac = keyring.sign(&entry.id, &signed_bytes(&raw))?;
    let envelope = Envelope {
        epoch: entry.epoch,
        signature: URL_SAFE_NO_PAD.encode(mac),
        entry: &raw,
    };
    let text = serde_json::to_string(&envelope).map_err(Error::Encode)?;
    if text.len() > LIMIT {
        return Err(Error::Oversized(text.len()));
    }
    Ok(text)
}

/// Reads a lease that lies under the name `app/instance`.
pub(crate) fn open(
    value: &[u8],
    app: &str,
    instance: &str,
    keyring: &Keyring,
) -> Result<Entry, Reason> {
    if value.len() > LIMIT {
        return Err(Reason::Oversized);
    }
    let envelope: Envelope<'_> = serde_json::from_slice(value).map_err(|_| Reason::Malformed)?;
    let entry: Entry = serde_json::from_str(envelope.entry.get()).map_err(|_| Reason::Malformed)?;
    let in_its_place = entry.id.as_str() == app
        && entry.instance.as_str() == instance
        && entry.epoch == envelope.epoch;
    let signature = URL_SAFE_NO_PAD.decode(&envelope.signature);
    let signature = signature.map_err(|_| Reason::Unsigned)?;
    match keyring.verify(&entry.id, &signed_bytes(envelope.entry), &signature) {
        // A process that holds one app's key only cannot tell; it routes nothing and hands out nothing.
        Verified::Yes | Verified::Unknown if in_its_place => {}
        Verified::Yes | Verified::Unknown | Verified::No => return Err(Reason::Unsigned),
    }
    if is_sound(&entry) {
        Ok(entry)
    } else {
        Err(Reason::Malformed)
    }
}

fn signed_bytes(entry: &RawValue) -> Vec<u8> {
    [CONTEXT, entry.get().as_bytes()].concat()
}

/// Addresses are plain `http://host:port`, and every link stays on the platform.
fn is_sound(entry: &Entry) -> bool {
    let addresses = [Some(&entry.http), entry.grpc.as_ref()];
    let links = entry
        .nav
        .iter()
        .chain(&entry.admin_nav)
        .map(|item| &item.path)
        .chain(entry.widgets.iter().map(|widget| &widget.path))
        .chain(entry.legal.iter().map(|link| &link.path))
        .chain([&entry.health])
        .chain(&entry.search)
        .chain(&entry.openapi);
    addresses.into_iter().flatten().all(|text| is_address(text))
        && links.into_iter().all(|path| is_local_path(path))
        && entry
            .unix
            .as_ref()
            .is_none_or(|unix| unix.path.starts_with('/') && !unix.path.contains('\0'))
}

fn is_address(text: &str) -> bool {
    let Some((host, port)) = text
        .strip_prefix("http://")
        .and_then(|rest| rest.rsplit_once(':'))
    else {
        return false;
    };
    let named = is_name(host, text);
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok());
    // A sign is a number to Rust, and nothing to whoever connects.
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port != 0);
    !host.is_empty() && (named || bracketed) && is_port
}

/// A name, or an address of IPv4 as it is usually spelled: what ends in a number is an address to whoever connects, in
/// the many ways of old resolvers too.
fn is_name(host: &str, address: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let is_kept = |url: url::Url| {
        url.host_str()
            .is_some_and(|found| found.eq_ignore_ascii_case(host))
    };
    host.bytes().all(is_plain) && url::Url::parse(address).is_ok_and(is_kept)
}

fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path
            .bytes()
            .any(|byte| byte <= b' ' || byte == b'\\' || byte == 0x7f)
}

#[cfg(any(test, fuzzing))]
pub mod invariants;
#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::{AppId, AppSecret, InstanceId, Label, NavItem, Role};

    fn keyring() -> Keyring {
        Keyring::Secret(AppSecret::new([1; 32]).unwrap())
    }

    fn entry() -> Entry {
        let id = AppId::new("hello").unwrap();
        let instance = InstanceId::new("i1").unwrap();
        let start = "2026-01-01T00:00:00Z".parse().unwrap();
        Entry::new(id, instance, start, "http://127.0.0.1:4000".to_owned())
    }

    fn opened(value: &str) -> Result<Entry, Reason> {
        open(value.as_bytes(), "hello", "i1", &keyring())
    }

    #[test]
    fn a_sealed_entry_opens() {
        assert_eq!(opened(&seal(&entry(), &keyring()).unwrap()), Ok(entry()));
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let setting = serde_json::json!({
            "key": "a", "kind": {"type": "integer"}, "label": {"en": "x", "de": "x"}, "default": 1.000_008_015_056_835_2e23,
        });
        let mut entry = entry();
        entry.settings = vec![serde_json::from_value(setting).unwrap()];
        assert_eq!(opened(&seal(&entry, &keyring()).unwrap()), Ok(entry));
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let sealed = seal(&entry(), &keyring()).unwrap();
        let changed = sealed.replace("127.0.0.1:4000", "127.0.0.1:4001");
        assert_eq!(opened(&changed), Err(Reason::Unsigned));
        let epoch = sealed.replace("{\"epoch\":0", "{\"epoch\":9");
        assert_eq!(opened(&epoch), Err(Reason::Unsigned));
    }

    #[test]
    fn a_lease_cannot_be_moved_to_another_name() {
        let sealed = seal(&entry(), &keyring()).unwrap();
        let moved = open(sealed.as_bytes(), "hello", "i2", &keyring());
        assert_eq!(moved, Err(Reason::Unsigned));
        let moved = open(sealed.as_bytes(), "files", "i1", &keyring());
        assert_eq!(moved, Err(Reason::Unsigned));
    }

    #[test]
    fn a_lease_signed_with_another_secret_is_refused() {
        let stranger = Keyring::Secret(AppSecret::new([2; 32]).unwrap());
        assert_eq!(
            opened(&seal(&entry(), &stranger).unwrap()),
            Err(Reason::Unsigned)
        );
    }

    #[test]
    fn junk_is_refused() {
        for junk in [
            "",
            "{}",
            "null",
            "[]",
            "\u{0}",
            "{\"epoch\":1,\"signature\":\"\",\"entry\":{}}",
        ] {
            assert_eq!(opened(junk), Err(Reason::Malformed), "{junk:?}");
        }
        let large = "x".repeat(LIMIT + 1);
        assert_eq!(opened(&large), Err(Reason::Oversized));
    }

    #[test]
    fn addresses_and_links_that_lead_elsewhere_are_refused() {
        for address in [
            "https://a:1",
            "http://a",
            "http://a:0",
            "http://a:+1",
            "http://[::1]:+1",
            "http://u@a:1",
            "http://a:1/x",
            "http://[a]:1",
            "http://[u@a/x]:1",
            "ftp://a:1",
            "http://521.0.0.1:1",
            "http://0x7f.1:1",
        ] {
            let mut entry = entry();
            address.clone_into(&mut entry.http);
            let sealed = seal(&entry, &keyring()).unwrap();
            assert_eq!(opened(&sealed), Err(Reason::Malformed), "{address}");
        }
        for path in [
            "javascript:alert(1)",
            "//evil.example",
            "https://evil.example",
            "/a b",
            "/\\evil",
            "",
        ] {
            let mut entry = entry();
            entry.nav.push(NavItem {
                label: Label::new("x", "x"),
                path: path.to_owned(),
                icon: String::new(),
                role: Role::Guest,
            });
            let sealed = seal(&entry, &keyring()).unwrap();
            assert_eq!(opened(&sealed), Err(Reason::Malformed), "{path}");
        }
    }

    #[test]
    fn an_oversized_entry_is_not_sealed() {
        let mut entry = entry();
        entry.description = Label::new("x".repeat(LIMIT), "");
        assert!(matches!(seal(&entry, &keyring()), Err(Error::Oversized(_))));
    }
}
