//! What an app has declared for a prefix, within the bounds of every gateway. A value beyond them does not hold and is
//! reported.

use std::sync::Arc;
use std::time::Duration;

use registry::{PrefixPolicy, prefix};

/// Longest time limit an app may ask for.
pub(super) const LONGEST_TIME: Duration = Duration::from_hours(24);
/// Largest body that is taken in before an instance is asked, in bytes.
const LARGEST_BUFFERED: u64 = 16 * 1024 * 1024;

/// Limits of one prefix; what the app leaves open follows the gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what an app may declare, each for itself"
)]
pub(crate) struct Policy {
    pub(crate) response: Option<Duration>,
    pub(crate) idle: Option<Duration>,
    pub(crate) body: Option<u64>,
    pub(crate) concurrency: Option<usize>,
    /// Served without TLS too, where everything else is redirected.
    pub(crate) plain: bool,
    /// Instances are asked over HTTP/2.
    pub(crate) http2: bool,
    /// gRPC from outside is passed on.
    pub(crate) grpc: bool,
    /// Longest time a gRPC call may take in all.
    pub(crate) call: Option<Duration>,
    /// Bodies are taken in before an instance is asked.
    pub(crate) buffer: bool,
    /// A trusted proxy may say which request it asks about.
    pub(crate) original: bool,
    methods: Option<Arc<[String]>>,
}

impl Policy {
    /// The most particular word on each limit.
    pub(super) fn of(policies: &[&PrefixPolicy], prefix: &str) -> Self {
        let mut policies: Vec<&PrefixPolicy> = policies
            .iter()
            .copied()
            .filter(|policy| prefix::covers(&policy.prefix, prefix))
            .collect();
        policies.sort_by_key(|policy| std::cmp::Reverse(policy.prefix.len()));
        let first = |limit: fn(&PrefixPolicy) -> Option<u64>| {
            policies.iter().find_map(|policy| limit(policy))
        };
        let is = |word: fn(&PrefixPolicy) -> Option<bool>| {
            let said = policies.iter().find_map(|policy| word(policy));
            said.unwrap_or(false)
        };
        Self {
            response: first(|policy| policy.request_timeout_ms).map(time),
            idle: first(|policy| policy.idle_timeout_ms).map(time),
            body: first(|policy| policy.body_limit),
            concurrency: first(|policy| policy.concurrency.map(u64::from))
                .and_then(|limit| usize::try_from(limit).ok()),
            plain: is(|policy| policy.plain),
            http2: is(|policy| policy.http2),
            grpc: is(|policy| policy.grpc),
            call: first(|policy| policy.call_timeout_ms.filter(|limit| is_call_time(*limit)))
                .map(time),
            buffer: is(|policy| policy.buffer),
            original: is(|policy| policy.original),
            methods: policies
                .iter()
                .find_map(|policy| policy.methods.as_deref())
                .map(Arc::from),
        }
    }

    /// Whether the app wants requests with this method.
    pub(crate) fn allows(&self, method: &str) -> bool {
        let named = |methods: &Arc<[String]>| methods.iter().any(|allowed| allowed == method);
        self.methods.as_ref().is_none_or(named)
    }

    /// Largest body, in bytes; `usual` where the app says nothing.
    pub(crate) fn body_limit(&self, usual: u64) -> u64 {
        let limit = self.body.unwrap_or(usual);
        if self.buffer {
            limit.min(LARGEST_BUFFERED)
        } else {
            limit
        }
    }
}

/// The names of the values beyond what is allowed.
pub(crate) fn faults(policy: &PrefixPolicy) -> impl Iterator<Item = &'static str> {
    let is_too_long = |limit: Option<u64>| limit.is_some_and(|limit| limit > millis(LONGEST_TIME));
    let buffers = policy.buffer == Some(true);
    [
        ("request_timeout_ms", is_too_long(policy.request_timeout_ms)),
        ("idle_timeout_ms", is_too_long(policy.idle_timeout_ms)),
        (
            "call_timeout_ms",
            policy
                .call_timeout_ms
                .is_some_and(|limit| !is_call_time(limit)),
        ),
        (
            "body_limit",
            buffers
                && policy
                    .body_limit
                    .is_some_and(|limit| limit > LARGEST_BUFFERED),
        ),
    ]
    .into_iter()
    .filter_map(|(name, is_wrong)| is_wrong.then_some(name))
}

fn is_call_time(limit: u64) -> bool {
    (1..=millis(LONGEST_TIME)).contains(&limit)
}

/// A time an app asked for, no more than a day, so that no deadline lies beyond all time; 0 asks for as long as it may
/// take.
fn time(milliseconds: u64) -> Duration {
    match milliseconds {
        0 => LONGEST_TIME,
        asked => Duration::from_millis(asked).min(LONGEST_TIME),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beyond_the_bounds_does_not_hold_and_is_named() {
        let asked = PrefixPolicy {
            prefix: "/app/files".to_owned(),
            request_timeout_ms: Some(millis(LONGEST_TIME)),
            call_timeout_ms: Some(0),
            body_limit: Some(LARGEST_BUFFERED + 1),
            buffer: Some(true),
            ..PrefixPolicy::default()
        };
        let named: Vec<_> = faults(&asked).collect();
        assert_eq!(named, ["call_timeout_ms", "body_limit"]);
        let policy = Policy::of(&[&asked], "/app/files");
        assert_eq!(policy.call, None);
        assert_eq!(policy.body_limit(1024), LARGEST_BUFFERED);
        let streamed = PrefixPolicy {
            buffer: None,
            call_timeout_ms: Some(1),
            ..asked
        };
        assert_eq!(faults(&streamed).count(), 0);
        let policy = Policy::of(&[&streamed], "/app/files");
        assert_eq!(policy.call, Some(Duration::from_millis(1)));
        assert_eq!(policy.body_limit(1), LARGEST_BUFFERED + 1);
    }
}
