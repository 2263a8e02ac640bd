//! What can end a read: at which step, why, and what to do about it.

use std::fmt;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Looking the server's name up.
    Resolve,
    /// Opening a connection.
    Connect,
    /// Agreeing on TLS.
    Secure,
    /// Saying who reads.
    Bind,
    /// Looking whether the bases are there.
    Base,
    /// Reading people.
    People,
    /// Reading groups.
    Groups,
}

impl Step {
    /// All of them, in the order they are taken.
    pub const ALL: [Self; 7] = [
        Self::Resolve,
        Self::Connect,
        Self::Secure,
        Self::Bind,
        Self::Base,
        Self::People,
        Self::Groups,
    ];

    /// Its word, for catalogues and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Secure => "secure",
            Self::Bind => "bind",
            Self::Base => "base",
            Self::People => "people",
            Self::Groups => "groups",
        }
    }
}

/// Why it ended, as a word that catalogues translate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The name has no address.
    NameUnknown,
    /// Nobody answers at the address.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The whole read took too long.
    TookTooLong,
    /// Plain text would leave this machine.
    PlainText,
    /// The server does not offer StartTLS.
    NoStartTls,
    /// The certificate comes from an authority that is not believed.
    UnknownAuthority,
    /// The certificate names another host.
    OtherHost,
    /// The certificate is over, or not valid yet.
    CertificateExpired,
    /// TLS failed in another way.
    TlsFailed,
    /// The password is empty: servers take that for nobody and let it in (RFC 4513 section 5.1.2).
    EmptyPassword,
    /// The bind account or its password is wrong.
    WrongPassword,
    /// The server wants TLS, or another way to say who reads.
    BindRefused,
    /// There is nothing at the base, or nothing this account may see.
    BaseMissing,
    /// The account may not read this.
    NotPermitted,
    /// The server cut the answer at a limit of its own.
    Truncated,
    /// The server points to another server, which is not followed.
    Referral,
    /// The connection ended before the answer did.
    BrokeOff,
    /// What came is not LDAP, or larger than one message may be.
    Malformed,
    /// The server refused for a reason of its own.
    Refused,
    /// Pages come without end.
    Endless,
    /// More entries than one read takes.
    TooManyEntries,
    /// More memberships than one read takes.
    TooManyMembers,
    /// A value is longer than any that is taken.
    ValueTooLong,
    /// A value has not the form it should have.
    ValueUnreadable,
    /// The server hands out a long list in pieces, which is not read.
    InPieces,
    /// An entry lacks what it is recognised or called by.
    Missing,
    /// Two entries have the same id.
    DuplicateId,
}

impl Why {
    /// All of them, for catalogues.
    pub const ALL: [Self; 28] = [
        Self::NameUnknown,
        Self::Unreachable,
        Self::TimedOut,
        Self::TookTooLong,
        Self::PlainText,
        Self::NoStartTls,
        Self::UnknownAuthority,
        Self::OtherHost,
        Self::CertificateExpired,
        Self::TlsFailed,
        Self::EmptyPassword,
        Self::WrongPassword,
        Self::BindRefused,
        Self::BaseMissing,
        Self::NotPermitted,
        Self::Truncated,
        Self::Referral,
        Self::BrokeOff,
        Self::Malformed,
        Self::Refused,
        Self::Endless,
        Self::TooManyEntries,
        Self::TooManyMembers,
        Self::ValueTooLong,
        Self::ValueUnreadable,
        Self::InPieces,
        Self::Missing,
        Self::DuplicateId,
    ];

    /// Its word, for catalogues and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NameUnknown => "name-unknown",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed-out",
            Self::TookTooLong => "took-too-long",
            Self::PlainText => "plain-text",
            Self::NoStartTls => "no-starttls",
            Self::UnknownAuthority => "unknown-authority",
            Self::OtherHost => "other-host",
            Self::CertificateExpired => "certificate-expired",
            Self::TlsFailed => "tls-failed",
            Self::EmptyPassword => "empty-password",
            Self::WrongPassword => "wrong-password",
            Self::BindRefused => "bind-refused",
            Self::BaseMissing => "base-missing",
            Self::NotPermitted => "not-permitted",
            Self::Truncated => "truncated",
            Self::Referral => "referral",
            Self::BrokeOff => "broke-off",
            Self::Malformed => "malformed",
            Self::Refused => "refused",
            Self::Endless => "endless",
            Self::TooManyEntries => "too-many-entries",
            Self::TooManyMembers => "too-many-members",
            Self::ValueTooLong => "value-too-long",
            Self::ValueUnreadable => "value-unreadable",
            Self::InPieces => "in-pieces",
            Self::Missing => "missing",
            Self::DuplicateId => "duplicate-id",
        }
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::NameUnknown => "check the server's name and this machine's name servers",
            Self::Unreachable => "check the port, the firewall and whether the server runs",
            Self::TimedOut => {
                "check whether the server is overloaded or a firewall swallows packets"
            }
            Self::TookTooLong => "narrow the bases or the filters, or give the server more room",
            Self::PlainText => {
                "use TLS or StartTLS; without, only this machine itself may be asked"
            }
            Self::NoStartTls => "use TLS at port 636, or let the server offer StartTLS",
            Self::UnknownAuthority => {
                "add the certificate of the authority that signed the server's"
            }
            Self::OtherHost => "use the name that the server's certificate is made out to",
            Self::CertificateExpired => "renew the server's certificate, and check both clocks",
            Self::TlsFailed => "check that the port speaks TLS, with version 1.2 or later",
            Self::EmptyPassword => "enter the password of the bind account",
            Self::WrongPassword => "check the bind account and its password",
            Self::BindRefused => "check whether the account is locked and what the server demands",
            Self::BaseMissing => "check the base, and that the bind account may see it",
            Self::NotPermitted => "let the bind account read people and groups",
            Self::Truncated => "lift the server's size and time limits for the bind account",
            Self::Referral => "choose a base that this server holds itself, below the referral",
            Self::BrokeOff => "check whether the server was stopped; the next run starts anew",
            Self::Malformed => "check that the address is that of an LDAP server",
            Self::Refused => "see what the server says, and its log",
            Self::Endless => "the server does not end its pages; see its log",
            Self::TooManyEntries => "narrow the bases or the filters",
            Self::TooManyMembers => "narrow the filter for groups",
            Self::ValueTooLong => "shorten the value, or map another attribute",
            Self::ValueUnreadable => "correct the value, or map another attribute",
            Self::InPieces => "narrow the filter for groups so that this one is left out",
            Self::Missing => "map an attribute that every entry has, or narrow the filter",
            Self::DuplicateId => "map the attribute that is unique, or remove the copy",
        }
    }
}

/// A read that ended before everything was read. Nothing of it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// At which step.
    pub step: Step,
    /// Why.
    pub why: Why,
    /// What it is about: a host, an entry and attribute, or what the server said, at most 300 characters. Never a secret;
    /// may name a person.
    pub about: String,
}

impl Error {
    /// Most characters of [`Error::about`].
    const MOST: usize = 300;

    pub(crate) fn new(step: Step, why: Why, about: impl AsRef<str>) -> Self {
        let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
        let about = about.as_ref().chars().take(Self::MOST).map(plain).collect();
        Self { step, why, about }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.step.as_str(), self.why.as_str())?;
        if !self.about.is_empty() {
            write!(formatter, " ({})", self.about)?;
        }
        write!(formatter, "; {}", self.why.remedy())
    }
}

impl std::error::Error for Error {}
