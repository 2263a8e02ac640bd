//! gRPC from outside (the protocol is written down in gRPC's own `PROTOCOL-HTTP2.md`): what makes a request a call, how
//! long it may take, and how the gateway says no to one.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;

use crate::reject::{Fault, Reject};
use crate::respond::Own;
use crate::table::policy::Policy;
use crate::wire::fields;
use crate::wire::request::Head;

/// The field or trailer that says how a call has ended.
pub(crate) const GRPC_STATUS: &str = "grpc-status";

/// Digits a timeout may have.
const MOST_DIGITS: usize = 8;
/// The largest number that fits into them.
const MOST: u128 = 99_999_999;

/// A status of gRPC, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(&'static str);

impl Status {
    pub(crate) const DEADLINE_EXCEEDED: Self = Self("4");
    const PERMISSION_DENIED: Self = Self("7");
    const RESOURCE_EXHAUSTED: Self = Self("8");
    const UNIMPLEMENTED: Self = Self("12");
    const INTERNAL: Self = Self("13");
    pub(crate) const UNAVAILABLE: Self = Self("14");

    /// Its number, in digits.
    pub(crate) fn as_str(self) -> &'static str {
        self.0
    }

    /// What a client that repeats calls by their status has to be told.
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::BodyTooLarge | Fault::HeadTooLarge | Fault::Throttled => {
                Self::RESOURCE_EXHAUSTED
            }
            Fault::GatewayTimeout | Fault::BodyTimeout | Fault::HeadTimeout => {
                Self::DEADLINE_EXCEEDED
            }
            Fault::AppDown | Fault::AuthAway | Fault::Busy | Fault::BadGateway => Self::UNAVAILABLE,
            Fault::Method | Fault::NotFound | Fault::Media => Self::UNIMPLEMENTED,
            Fault::Origin => Self::PERMISSION_DENIED,
            Fault::Malformed
            | Fault::Path
            | Fault::Host
            | Fault::TargetTooLong
            | Fault::Expectation
            | Fault::Loop => Self::INTERNAL,
        }
    }
}

/// Whether content is a call: `application/grpc`, also with what follows it, such as `+proto` or `-web`.
pub(crate) fn is_media_type(kind: &[u8]) -> bool {
    const MEDIA_TYPE: &[u8] = b"application/grpc";
    kind.get(..MEDIA_TYPE.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(MEDIA_TYPE))
}

/// Whether a request is a call.
pub(crate) fn is_call(head: &Head<'_>) -> bool {
    head.survey.content_type.is_some_and(is_media_type)
}

/// How long a call may take in all: as long as its client waits, and no longer than the app allows. As long as it
/// takes, where neither says anything.
pub(crate) fn time(head: &Head<'_>, policy: &Policy) -> Option<Duration> {
    let asked = head.survey.grpc_timeout.and_then(parse);
    match (asked, policy.call) {
        (Some(asked), Some(limit)) => Some(asked.min(limit)),
        (asked, limit) => asked.or(limit),
    }
}

/// The number of the status that a field or a trailer holds.
pub(crate) fn status(value: &[u8]) -> Option<u8> {
    fields::digits(value).and_then(|number| u8::try_from(number).ok())
}

/// Whether an instance that ends calls with this status does badly, as one does that answers with 500 and above: it is
/// UNKNOWN, INTERNAL, UNAVAILABLE or DATA_LOSS. All others may well be the client's doing.
pub(crate) fn is_failure(status: u8) -> bool {
    matches!(status, 2 | 13 | 14 | 15)
}

fn parse(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    let number = fields::digits(digits).filter(|_| digits.len() <= MOST_DIGITS)?;
    Some(match unit {
        b'H' => Duration::from_secs(number * 3600),
        b'M' => Duration::from_secs(number * 60),
        b'S' => Duration::from_secs(number),
        b'm' => Duration::from_millis(number),
        b'u' => Duration::from_micros(number),
        b'n' => Duration::from_nanos(number),
        _ => return None,
    })
}

/// Writes a timeout, in the finest unit in which it has no more than eight digits.
pub(crate) fn write_time(out: &mut Vec<u8>, time: Duration) {
    let seconds = u128::from(time.as_secs());
    let units = [
        (time.as_nanos(), b'n'),
        (time.as_micros(), b'u'),
        (time.as_millis(), b'm'),
        (seconds, b'S'),
        (seconds / 60, b'M'),
    ];
    let fitting = units.into_iter().find(|(number, _)| *number <= MOST);
    let (number, unit) = fitting.unwrap_or((seconds / 3600, b'H'));
    let mut buffer = itoa::Buffer::new();
    out.extend_from_slice(b"grpc-timeout: ");
    out.extend_from_slice(buffer.format(number).as_bytes());
    out.extend_from_slice(&[unit, b'\r', b'\n']);
}

/// Answers a call that ends here. It has no body, and what would be its trailers is its head.
pub(crate) fn answer(reject: Reject) -> Own {
    let status = Status::of(reject.fault);
    let mut fields: Vec<(&'static str, Cow<'static, str>)> = vec![
        ("content-type", "application/grpc".into()),
        (GRPC_STATUS, status.as_str().into()),
        ("grpc-message", reject.fault.detail().into()),
    ];
    if let Some(after) = reject.retry_after() {
        fields.push((
            "grpc-retry-pushback-ms",
            after.as_millis().to_string().into(),
        ));
    }
    Own {
        status: StatusCode::OK,
        fields,
        body: Vec::new(),
        closes: reject.fault.closes(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_timeout_has_up_to_eight_digits_and_a_unit() {
        for (text, expected) in [
            ("1H", Some(Duration::from_hours(1))),
            ("10M", Some(Duration::from_mins(10))),
            ("3S", Some(Duration::from_secs(3))),
            ("250m", Some(Duration::from_millis(250))),
            ("99999999u", Some(Duration::from_micros(99_999_999))),
            ("7n", Some(Duration::from_nanos(7))),
            ("100000000n", None),
            ("1", None),
            ("S", None),
            ("", None),
            ("-1S", None),
            ("1s", None),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_status_is_a_number() {
        assert_eq!((status(b"0"), status(b"14")), (Some(0), Some(14)));
        assert_eq!(
            (status(b""), status(b"-1"), status(b"300")),
            (None, None, None)
        );
        assert!(is_failure(14) && !is_failure(0) && !is_failure(5));
    }

    #[test]
    fn what_is_written_is_read_again_to_eight_digits() {
        for time in [
            Duration::ZERO,
            Duration::from_nanos(7),
            Duration::from_millis(1500),
            Duration::from_secs(90),
            Duration::from_hours(24),
            Duration::from_hours(24 * 365),
        ] {
            let mut out = Vec::new();
            write_time(&mut out, time);
            let value = out.strip_prefix(b"grpc-timeout: ").unwrap();
            let value = value.strip_suffix(b"\r\n").unwrap();
            assert_eq!(parse(value), Some(time), "{time:?}");
        }
    }

    #[test]
    fn a_message_needs_no_escape() {
        // Only printable ASCII without a percent sign stands for itself in grpc-message.
        for fault in crate::pages::FAULTS {
            let detail = fault.detail();
            assert!(
                detail
                    .bytes()
                    .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'%'),
                "{detail}"
            );
        }
    }
}
