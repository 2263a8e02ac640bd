//! Ways in which people prove who they are.

/// What somebody proved. The order is that of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Factor {
    /// Knows the password.
    Password,
    /// Reads the mail of the account.
    Mail,
}

impl Factor {
    /// As stored, audited and asserted: the name of RFC 8176 where it has one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Mail => "mail",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Password, Self::Mail]
            .into_iter()
            .find(|factor| factor.name() == text)
    }
}

/// The names of several, as sessions keep them.
pub(crate) fn names(factors: &[Factor]) -> Vec<&'static str> {
    factors.iter().map(|factor| factor.name()).collect()
}

/// A way to begin. The page offers the same to everybody, whoever was named: it depends on what the installation
/// can do, never on what a person has set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Type the password.
    Password,
    /// Follow a link in a mail, or type the code that is in it.
    Mail,
}

impl Way {
    /// What this installation offers, the first one in front.
    pub(crate) fn offered(mail: bool) -> Vec<Self> {
        let mut ways = vec![Self::Password];
        if mail {
            ways.push(Self::Mail);
        }
        ways
    }
}
