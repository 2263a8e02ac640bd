//! Why a mail did not leave, as a code that pages have words for, and what the mail server said.

use super::address::MailAddress;

/// Most characters of a server's reply that are kept.
const MOST_REPLY: usize = 300;

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No mail server is set.
    Unconfigured,
    /// Nobody answers there.
    Unreachable,
    /// The mail server was silent for too long.
    Timeout,
    /// TLS failed, such as for an untrusted certificate.
    Tls,
    /// TLS is wanted and not offered.
    NoTls,
    /// The password would go over the network in the clear.
    Unprotected,
    /// User and password are not accepted.
    Login,
    /// The connection broke, or what came was no SMTP.
    Broken,
    /// The mail server asks to come back later, or refuses us altogether.
    Later,
    /// The mail server refuses this mail for good.
    Refused,
    /// The address needs SMTPUTF8, which the mail server does not have.
    Address,
    /// The stored mail cannot be opened: another `APP_SECRET`, or damage.
    Sealed,
    /// The folder for mail cannot be written.
    Outbox,
}

impl Cause {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfigured => "unconfigured",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::NoTls => "no_tls",
            Self::Unprotected => "unprotected",
            Self::Login => "login",
            Self::Broken => "broken",
            Self::Later => "later",
            Self::Refused => "refused",
            Self::Address => "address",
            Self::Sealed => "sealed",
            Self::Outbox => "outbox",
        }
    }
}

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Why.
    pub cause: Cause,
    /// What the mail server, or the network, said; without addresses. May be empty.
    pub reply: String,
}

impl Trouble {
    /// Trouble that nobody said anything about.
    pub fn new(cause: Cause) -> Self {
        Self {
            cause,
            reply: String::new(),
        }
    }

    /// Trouble with what was said. Every address in it is masked: servers like to repeat them.
    pub fn said(cause: Cause, reply: &str) -> Self {
        let mut kept = String::new();
        for word in reply.split_whitespace() {
            if !kept.is_empty() {
                kept.push(' ');
            }
            if word.contains('@') {
                let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
                let masked = MailAddress::parse(inner).map(|address| address.masked());
                kept.push_str(masked.as_deref().unwrap_or("\u{2026}"));
            } else {
                kept.push_str(word);
            }
        }
        Self {
            cause,
            reply: kept.chars().take(MOST_REPLY).collect(),
        }
    }

    /// Whether trying again cannot help.
    pub fn is_permanent(&self) -> bool {
        matches!(self.cause, Cause::Refused | Cause::Address | Cause::Sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_kept_without_addresses() {
        let trouble = Trouble::said(
            Cause::Refused,
            "550: 5.1.1 <ada.lovelace@example.org>:  unknown\r\n\"ada@x\"@y",
        );
        assert_eq!(
            trouble.reply,
            "550: 5.1.1 a\u{2026}@example.org unknown \u{2026}"
        );
        assert_eq!(
            Trouble::said(Cause::Later, &"a ".repeat(1000))
                .reply
                .chars()
                .count(),
            MOST_REPLY
        );
    }
}
