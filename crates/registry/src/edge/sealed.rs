//! The form of a report in Redis: the report, and the gateway's signature over its bytes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{FORMAT, Report};
use crate::{AppId, Error, Keyring, Verified};

/// Largest value, in bytes.
pub(super) const LIMIT: usize = 256 * 1024;
/// Who signs.
const GATEWAY: &str = "gateway";
/// Keeps a signed report from being taken for anything else the same key signs.
const CONTEXT: &[u8] = b"cloud-gateway-report\0";
/// A report from further away in time is an old one that somebody wrote again, or the clocks differ.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(1);

/// Why a report is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not of the form this crate writes.
    #[error("the report is malformed")]
    Malformed,
    /// Larger than 256 KiB.
    #[error("the report exceeds 256 KiB")]
    Oversized,
    /// Not signed by a gateway of this platform, or moved to another name.
    #[error("the report is not signed by a gateway of this platform")]
    Unsigned,
    /// This process does not hold the key that would tell.
    #[error("this process cannot check reports: it needs APP_SECRET")]
    Unverifiable,
    /// Of a form that this version does not read.
    #[error("the report has format {0}, which this version does not read")]
    Format(u32),
    /// Written more than a minute before or after now.
    #[error("the report was written at {0}")]
    OutOfTime(Timestamp),
}

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    signature: String,
    #[serde(borrow)]
    report: &'a RawValue,
}

#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// Signs a report, cut to size.
pub(super) fn seal(mut report: Report, keyring: &Keyring) -> Result<String, Error> {
    loop {
        let text = signed(&report, keyring)?;
        if text.len() <= LIMIT {
            return Ok(text);
        }
        let cut = halve(&mut report.routes) + halve(&mut report.instances);
        let cut = cut + halve(&mut report.issues) + halve(&mut report.tls);
        if cut == 0 {
            return Err(Error::Oversized(text.len()));
        }
        report.omitted += cut;
    }
}

fn halve<T>(list: &mut Vec<T>) -> u64 {
    let before = list.len();
    list.truncate(before / 2);
    u64::try_from(before - list.len()).unwrap_or(u64::MAX)
}

fn signed(report: &Report, keyring: &Keyring) -> Result<String, Error> {
    let raw = serde_json::value::to_raw_value(report).map_err(Error::Encode)?;
    let mac = keyring.sign(&AppId::new(GATEWAY)?, &signed_bytes(&raw))?;
    let envelope = Envelope {
        signature: URL_SAFE_NO_PAD.encode(mac),
        report: &raw,
    };
    serde_json::to_string(&envelope).map_err(Error::Encode)
}

/// Reads what lies under the name of a gateway.
pub(super) fn open(
    value: &[u8],
    gateway: &str,
    keyring: &Keyring,
    now: Timestamp,
) -> Result<Report, Fault> {
    if value.len() > LIMIT {
        return Err(Fault::Oversized);
    }
    let envelope: Envelope<'_> = serde_json::from_slice(value).map_err(|_| Fault::Malformed)?;
    let signature = URL_SAFE_NO_PAD.decode(&envelope.signature);
    let signature = signature.map_err(|_| Fault::Unsigned)?;
    let signer = AppId::new(GATEWAY).map_err(|_| Fault::Unverifiable)?;
    match keyring.verify(&signer, &signed_bytes(envelope.report), &signature) {
        Verified::Yes => {}
        Verified::No => return Err(Fault::Unsigned),
        Verified::Unknown => return Err(Fault::Unverifiable),
    }
    let text = envelope.report.get();
    let Versioned { format } = serde_json::from_str(text).map_err(|_| Fault::Malformed)?;
    if format != FORMAT {
        return Err(Fault::Format(format));
    }
    let report: Report = serde_json::from_str(text).map_err(|_| Fault::Malformed)?;
    if report.gateway.as_str() != gateway {
        return Err(Fault::Unsigned);
    }
    if now.duration_since(report.at).abs() > TOLERANCE {
        return Err(Fault::OutOfTime(report.at));
    }
    Ok(report)
}

fn signed_bytes(report: &RawValue) -> Vec<u8> {
    [CONTEXT, report.get().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::super::{Issue, IssueKind};
    use super::*;
    use crate::{AppSecret, InstanceId};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn keyring(byte: u8) -> Keyring {
        Keyring::Secret(AppSecret::new([byte; 32]).unwrap())
    }

    fn report() -> Report {
        Report {
            format: FORMAT,
            gateway: InstanceId::new("g1").unwrap(),
            host: "edge".to_owned(),
            address: "127.0.0.1:3000".to_owned(),
            version: "1".to_owned(),
            started_at: NOW,
            at: NOW,
            table: super::super::TableReport::default(),
            connections: super::super::Connections::default(),
            requests: 7,
            unlogged: 0,
            routes: Vec::new(),
            instances: Vec::new(),
            issues: vec![Issue {
                app: "hello".to_owned(),
                instance: "i1".to_owned(),
                kind: IssueKind::Prefix {
                    prefix: "/auth".to_owned(),
                },
            }],
            tls: Vec::new(),
            omitted: 0,
        }
    }

    fn opened(text: &str) -> Result<Report, Fault> {
        open(text.as_bytes(), "g1", &keyring(1), NOW)
    }

    #[test]
    fn a_report_is_read_by_its_own_platform_under_its_own_name() {
        let text = seal(report(), &keyring(1)).unwrap();
        assert_eq!(opened(&text), Ok(report()));
        let strange = open(text.as_bytes(), "g1", &keyring(2), NOW);
        assert_eq!(strange, Err(Fault::Unsigned));
        let moved = open(text.as_bytes(), "g2", &keyring(1), NOW);
        assert_eq!(moved, Err(Fault::Unsigned));
        let app = AppId::new("hello").unwrap();
        let narrow = Keyring::Key(keyring(1).app_key(&app).unwrap());
        let unknown = open(text.as_bytes(), "g1", &narrow, NOW);
        assert_eq!(unknown, Err(Fault::Unverifiable));
        assert!(
            seal(report(), &narrow).is_err(),
            "an app cannot write a report"
        );
    }

    #[test]
    fn what_was_changed_or_written_again_later_is_refused() {
        let text = seal(report(), &keyring(1)).unwrap();
        let changed = text.replace("\"requests\":7", "\"requests\":8");
        assert_eq!(opened(&changed), Err(Fault::Unsigned));
        let later = NOW + SignedDuration::from_secs(61);
        let replayed = open(text.as_bytes(), "g1", &keyring(1), later);
        assert_eq!(replayed, Err(Fault::OutOfTime(NOW)));
        for junk in ["", "null", "{}", "\u{0}"] {
            assert_eq!(opened(junk), Err(Fault::Malformed), "{junk:?}");
        }
    }

    #[test]
    fn a_report_of_another_format_says_so() {
        let mut newer = report();
        newer.format = FORMAT + 1;
        let text = seal(newer, &keyring(1)).unwrap();
        assert_eq!(opened(&text), Err(Fault::Format(FORMAT + 1)));
    }

    #[test]
    fn a_report_that_is_too_large_is_cut_and_says_by_how_much() {
        let mut large = report();
        let issue = large.issues.first().unwrap().clone();
        large.issues = vec![issue; 10_000];
        let text = seal(large, &keyring(1)).unwrap();
        let read = opened(&text).unwrap();
        assert!(text.len() <= LIMIT && !read.issues.is_empty());
        assert_eq!(
            read.omitted + u64::try_from(read.issues.len()).unwrap(),
            10_000
        );
    }
}
