//! Records encrypted with a key that derives from `APP_SECRET`: AES-256-GCM, bound to the record's name and version, so
//! that none can be read, altered, renamed or dated anew by whoever holds the disk or Redis.
//!
//! Envelope, base64: form (1 byte), key id (8), nonce (12), ciphertext and tag. The key id tells a record of another
//! secret from a damaged one.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use registry::AppSecret;
use zeroize::Zeroizing;

use super::Record;

const PURPOSE: &str = "gateway-tls-vault";
/// Names the key without telling anything of it.
const ID_PURPOSE: &str = "gateway-tls-vault-id";
const CONTEXT: &str = "cloud gateway tls record";
const FORM: u8 = 1;
const ID: usize = 8;
const NONCE: usize = 12;

pub(super) struct Sealer {
    cipher: Aes256Gcm,
    id: [u8; ID],
}

impl Sealer {
    pub(super) fn new(secret: &AppSecret) -> Self {
        let key = Zeroizing::new(secret.derive(PURPOSE));
        let mut id = [0; ID];
        for (to, from) in id.iter_mut().zip(secret.derive(ID_PURPOSE)) {
            *to = from;
        }
        Self {
            cipher: Aes256Gcm::new((&*key).into()),
            id,
        }
    }

    pub(super) fn seal(&self, name: &str, stamp: u64, plain: &[u8]) -> Option<Record> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let aad = context(name, stamp);
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(Nonce::from_slice(&nonce), payload)
            .ok()?;
        let envelope = [&[FORM][..], &self.id, &nonce, &sealed].concat();
        Some(Record {
            stamp,
            sealed: STANDARD_NO_PAD.encode(envelope),
        })
    }

    /// `None` when it was sealed with another secret, under another name, or altered.
    pub(super) fn open(&self, name: &str, record: &Record) -> Option<Zeroizing<Vec<u8>>> {
        let envelope = STANDARD_NO_PAD.decode(&record.sealed).ok()?;
        let (head, rest) = envelope.split_at_checked(1 + ID)?;
        if head.first() != Some(&FORM) || head.get(1..) != Some(&self.id) {
            return None;
        }
        let (nonce, sealed) = rest.split_at_checked(NONCE)?;
        let aad = context(name, record.stamp);
        let payload = Payload {
            msg: sealed,
            aad: aad.as_bytes(),
        };
        let plain = self.cipher.decrypt(Nonce::from_slice(nonce), payload);
        plain.ok().map(Zeroizing::new)
    }
}

fn context(name: &str, stamp: u64) -> String {
    format!("{CONTEXT}\0{stamp}\0{name}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&AppSecret::new([byte; 32]).unwrap())
    }

    #[test]
    fn a_record_opens_as_itself_only() {
        let record = sealer(1).seal("account", 7, b"plain").unwrap();
        assert_eq!(
            &*sealer(1).open("account", &record).unwrap(),
            b"plain".as_slice()
        );
        assert!(!record.sealed.contains("plain"));
        assert!(sealer(2).open("account", &record).is_none(), "other secret");
        assert!(sealer(1).open("ledger", &record).is_none(), "other name");
        let dated = Record {
            stamp: 8,
            ..record.clone()
        };
        assert!(sealer(1).open("account", &dated).is_none(), "other version");
        for sealed in ["", "AQ", "%%", &record.sealed[..record.sealed.len() - 2]] {
            let broken = Record {
                sealed: sealed.to_owned(),
                ..record.clone()
            };
            assert!(sealer(1).open("account", &broken).is_none(), "{sealed}");
        }
        let twice = sealer(1).seal("account", 7, b"plain").unwrap();
        assert_ne!(twice.sealed, record.sealed, "a nonce is used once");
    }
}
