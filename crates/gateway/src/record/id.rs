//! The name of a request at every hop, and the trace it belongs to.

use http::{HeaderMap, HeaderName, HeaderValue};
use platform::telemetry::{continue_trace, inject};
use tracing::Span;
use uuid::Uuid;

use crate::wire::request::Head;
use crate::worker::Chance;

/// The most bytes an id may have that a trusted proxy has given.
const LONGEST: usize = 64;

/// The name of a request.
#[derive(Clone, Copy)]
pub(crate) struct RequestId {
    bytes: [u8; LONGEST],
    length: usize,
}

impl RequestId {
    /// A new one, or the one that a trusted proxy has given.
    pub(crate) fn of(given: Option<&[u8]>, chance: &Chance) -> Self {
        match given.filter(|id| is_plain(id)) {
            Some(given) => Self::copy(given),
            None => Self::copy(new(chance).simple().encode_lower(&mut [0; 32]).as_bytes()),
        }
    }

    fn copy(text: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        let length = text.len().min(LONGEST);
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = *from;
        }
        Self { bytes, length }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// A name that sorts by time (RFC 9562, 5.7). It has to be unique, not secret, so it costs no system call.
fn new(chance: &Chance) -> Uuid {
    let (seconds, nanos) = uuid::Timestamp::now(uuid::NoContext).to_unix();
    let millis = seconds * 1000 + u64::from(nanos / 1_000_000);
    let mut random = [0; 10];
    let words = chance
        .next()
        .to_le_bytes()
        .into_iter()
        .chain(chance.next().to_le_bytes());
    random
        .iter_mut()
        .zip(words)
        .for_each(|(to, from)| *to = from);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

fn is_plain(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (8..=LONGEST).contains(&id.len()) && id.iter().all(plain)
}

/// The trace a request belongs to (W3C Trace Context).
pub(crate) enum Trace {
    /// Not recorded here: the fields as they came, or one made up so that the lines of all hops share an id.
    Plain {
        parent: [u8; 55],
        state: Option<Vec<u8>>,
    },
    /// Recorded: the fields name the span of this hop.
    Recorded(HeaderMap),
}

impl Trace {
    /// Goes on with the trace the head names, if that is believed, else begins one. With a span, the span is part of it.
    pub(crate) fn of(
        head: &Head<'_>,
        believed: bool,
        span: Option<&Span>,
        chance: &Chance,
    ) -> Self {
        let parent = head.survey.trace_parent.filter(|_| believed);
        let state = head
            .survey
            .trace_state
            .filter(|_| believed && parent.is_some());
        if let Some(span) = span {
            let mut fields = HeaderMap::new();
            for (name, value) in [("traceparent", parent), ("tracestate", state)] {
                if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value).ok()) {
                    fields.insert(HeaderName::from_static(name), value);
                }
            }
            return Self::Recorded(within(&fields, span));
        }
        match parent.and_then(|parent| <[u8; 55]>::try_from(parent).ok()) {
            Some(parent) => Self::Plain {
                parent,
                state: state.map(<[u8]>::to_vec),
            },
            None => Self::fresh(chance),
        }
    }

    /// A trace that begins here and is not recorded.
    pub(crate) fn fresh(chance: &Chance) -> Self {
        Self::Plain {
            parent: fresh(chance),
            state: None,
        }
    }

    /// Writes the fields that carry the trace on.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Plain { parent, state } => {
                crate::compose::field(out, "traceparent", parent);
                if let Some(state) = state {
                    crate::compose::field(out, "tracestate", state);
                }
            }
            Self::Recorded(fields) => {
                for (name, value) in fields {
                    crate::compose::field(out, name.as_str(), value.as_bytes());
                }
            }
        }
    }
}

/// The fields that name `span` as the parent of what comes next.
fn within(fields: &HeaderMap, span: &Span) -> HeaderMap {
    use futures_util::FutureExt;
    let carry = continue_trace(fields, span.clone(), async {
        let mut fields = HeaderMap::new();
        inject(&mut fields);
        fields
    });
    carry.now_or_never().unwrap_or_default()
}

/// A trace that nobody records.
fn fresh(chance: &Chance) -> [u8; 55] {
    let mut parent = *b"00-00000000000000000000000000000000-0000000000000000-00";
    let words = [chance.next(), chance.next() | 1, chance.next() | 1];
    for (word, at) in words.into_iter().zip([3, 19, 36]) {
        if let Some(digits) = parent.get_mut(at..at + 16) {
            write_hex(word, digits);
        }
    }
    parent
}

/// Writes the sixteen digits of a number.
fn write_hex(word: u64, digits: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut rest = word;
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get((rest & 0xf) as usize).copied().unwrap_or(b'0');
        rest >>= 4;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn an_id_is_new_unless_somebody_trusted_gave_a_plain_one() {
        let chance = Chance::new();
        assert_eq!(
            RequestId::of(Some(b"abcd-1234"), &chance).as_str(),
            "abcd-1234"
        );
        for bad in [
            None,
            Some(&b"short"[..]),
            Some(b"has space in it"),
            Some(&[b'a'; 65]),
        ] {
            assert_eq!(RequestId::of(bad, &chance).as_str().len(), 32);
        }
        assert_ne!(
            RequestId::of(None, &chance).as_str(),
            RequestId::of(None, &chance).as_str()
        );
    }

    #[test]
    fn a_fresh_trace_is_well_formed() {
        let parent = String::from_utf8(fresh(&Chance::new()).to_vec()).unwrap();
        let parts: Vec<_> = parent.split('-').collect();
        assert_eq!(
            parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
            [2, 32, 16, 2]
        );
        assert!(parts[1].bytes().any(|digit| digit != b'0'), "{parent}");
    }
}
