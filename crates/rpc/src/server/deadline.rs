//! The deadline a caller sends along: `grpc-timeout`.

use std::time::Duration;

use http::HeaderMap;

/// No call is worked on for longer, whatever its caller says.
pub(super) const LONGEST: Duration = Duration::from_secs(30);

/// How long this call may take: what the caller grants, at most [`LONGEST`]. A value that cannot be read
/// grants the longest, as if it were absent.
pub(super) fn granted(headers: &HeaderMap) -> Duration {
    headers
        .get("grpc-timeout")
        .and_then(|value| value.to_str().ok())
        .and_then(parse)
        .map_or(LONGEST, |granted| granted.min(LONGEST))
}

/// One to eight digits and a unit, as the gRPC protocol has it.
fn parse(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        'H' => Duration::from_secs(count * 3600),
        'M' => Duration::from_secs(count * 60),
        'S' => Duration::from_secs(count),
        'm' => Duration::from_millis(count),
        'u' => Duration::from_micros(count),
        'n' => Duration::from_nanos(count),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn of(value: &str) -> Duration {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", value.parse().unwrap());
        granted(&headers)
    }

    #[test]
    fn units_are_those_of_the_protocol() {
        assert_eq!(of("2S"), Duration::from_secs(2));
        assert_eq!(of("1500m"), Duration::from_millis(1500));
        assert_eq!(of("250u"), Duration::from_micros(250));
        assert_eq!(of("7n"), Duration::from_nanos(7));
    }

    #[test]
    fn no_caller_is_granted_more_than_the_longest() {
        assert_eq!(of("1H"), LONGEST);
        assert_eq!(of("99999999H"), LONGEST);
        assert_eq!(granted(&HeaderMap::new()), LONGEST);
    }

    #[test]
    fn nonsense_counts_as_absent() {
        for value in ["S", "", "-1S", "123456789S", "5x", "5 S"] {
            assert_eq!(of(value), LONGEST, "{value}");
        }
    }
}
