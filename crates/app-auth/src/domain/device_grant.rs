//! A program without a browser that asks a person to let it act (RFC 8628): what it may ask for, and how often it may
//! look whether it was allowed.

use jiff::{SignedDuration, Timestamp};

use crate::domain::api_key::{DEFAULT_DAYS, MOST_DAYS};
use crate::domain::reach::Reach;
use crate::domain::session::later;

/// A request waits this long for a decision, and the decision as long for the program.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Seconds between two looks, until a program looks too often.
pub(crate) const INTERVAL: i16 = 5;
/// What each look that comes too early adds (RFC 8628, section 3.5).
const PENALTY: i16 = 5;
/// It grows no further.
const LONGEST_INTERVAL: i16 = 60;
/// Longest name of a machine, as of a label in the domain name system (RFC 1035, section 2.3.4).
const LONGEST_HOST: usize = 63;
/// Longest name of a key.
const LONGEST_NAME: usize = 80;

/// What a program asks for: a key with these properties.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The machine it runs on, as it says.
    pub(crate) host: String,
    /// What the key is to be called.
    pub(crate) name: String,
    /// How far it is to reach.
    pub(crate) reach: Reach,
    /// For how many days.
    pub(crate) days: u16,
}

impl Asked {
    /// Reads a request; without a name the key is called after the machine. Refuses with a sentence for programs.
    pub(crate) fn parse(
        (host, name): (&str, &str),
        reach: Reach,
        days: Option<u16>,
    ) -> Result<Self, &'static str> {
        let host = host.trim();
        let fits =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
        if host.is_empty() || host.len() > LONGEST_HOST || !host.chars().all(fits) {
            return Err(
                "host must be the name of the machine: 1 to 63 letters, digits, dots, hyphens and underscores",
            );
        }
        let name = match name.trim() {
            "" => format!("cloud on {host}"),
            name => name.to_owned(),
        };
        if name.chars().count() > LONGEST_NAME || name.chars().any(is_invisible) {
            return Err("name must have 1 to 80 visible characters");
        }
        let days = days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err("days must be 1 to 365");
        }
        Ok(Self {
            host: host.to_owned(),
            name,
            reach,
            days,
        })
    }
}

/// Characters that change how others look: a stranger chooses this name, and somebody else decides by it.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// How often a program looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Seconds that have to lie between two looks.
    pub(crate) interval: i16,
    /// The look before.
    pub(crate) last: Option<Timestamp>,
}

impl Pace {
    /// Counts a look; whether it came in time. One that did not makes the interval longer, for this look and all
    /// that follow.
    pub(crate) fn look(&mut self, now: Timestamp) -> bool {
        let interval = SignedDuration::from_secs(self.interval.into());
        let in_time = self.last.is_none_or(|last| now >= later(last, interval));
        if !in_time {
            self.interval = (self.interval + PENALTY).min(LONGEST_INTERVAL);
        }
        self.last = Some(now);
        in_time
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn asked(host: &str, name: &str, days: Option<u16>) -> Result<Asked, &'static str> {
        let reach = Reach::parse("identity:read", "", "", "").unwrap();
        Asked::parse((host, name), reach, days)
    }

    #[test]
    fn a_key_is_called_after_its_machine_unless_it_has_a_name() {
        let plain = asked("laptop", " ", None).unwrap();
        assert_eq!((plain.name.as_str(), plain.days), ("cloud on laptop", 90));
        assert_eq!(asked("laptop", "Backup", Some(7)).unwrap().name, "Backup");
    }

    #[test]
    fn what_could_deceive_whoever_decides_is_refused() {
        for host in ["", "a b", "<b>", "laptop\u{202e}", &"a".repeat(64)] {
            assert!(asked(host, "", None).is_err(), "{host:?}");
        }
        for name in ["a\nb", "safe\u{202e}exe", "a\u{200b}b", &"a".repeat(81)] {
            assert!(asked("laptop", name, None).is_err(), "{name:?}");
        }
        for days in [0, 366] {
            assert!(asked("laptop", "", Some(days)).is_err(), "{days}");
        }
    }

    #[test]
    fn looking_too_early_makes_the_interval_longer_up_to_a_minute() {
        let at = |second| later(Timestamp::UNIX_EPOCH, SignedDuration::from_secs(second));
        let mut pace = Pace {
            interval: INTERVAL,
            last: None,
        };
        assert!(pace.look(at(0)) && pace.look(at(5)));
        assert!(!pace.look(at(9)));
        assert_eq!(pace.interval, 10);
        assert!(!pace.look(at(18)) && pace.look(at(33)));
        for second in 0..20 {
            pace.look(at(34 + second));
        }
        assert_eq!(pace.interval, LONGEST_INTERVAL);
    }
}
