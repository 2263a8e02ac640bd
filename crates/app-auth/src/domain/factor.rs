//! Ways in which people prove who they are.

use crate::domain::password::Beside;

/// What somebody proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Factor {
    /// Knows the password.
    Password,
    /// Reads the mail of the account.
    Mail,
    /// Has the program that shows one-time passwords.
    Totp,
    /// Has the paper with recovery codes.
    RecoveryCode,
    /// Has the paper with break-glass codes.
    BreakGlass,
    /// Has a passkey and unlocked it: two factors in one, bound to this origin.
    Passkey,
}

impl Factor {
    const ALL: [Self; 6] = [
        Self::Password,
        Self::Mail,
        Self::Totp,
        Self::RecoveryCode,
        Self::BreakGlass,
        Self::Passkey,
    ];

    /// As stored, audited and asserted: the name of RFC 8176 where it has one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Mail => "mail",
            Self::Totp => "otp",
            Self::RecoveryCode => "recovery",
            Self::BreakGlass => "break_glass",
            Self::Passkey => "pop",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.name() == text)
    }

    /// Whether it is a second one beside whatever came first.
    fn is_second(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode | Self::Passkey)
    }
}

/// The names of several, as sessions keep them. A passkey is said to be several in one (RFC 8176, `mfa`).
pub(crate) fn names(factors: &[Factor]) -> Vec<&'static str> {
    let mut names: Vec<_> = factors.iter().map(|factor| factor.name()).collect();
    if factors.contains(&Factor::Passkey) {
        names.push("mfa");
    }
    names
}

/// A way to begin. The page offers the same to everybody, whoever was named: it depends on what the installation
/// can do, never on what a person has set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Type the password.
    Password,
    /// Follow a link in a mail, or type the code that is in it.
    Mail,
    /// Unlock a passkey.
    Passkey,
}

impl Way {
    /// What this installation offers, the first one in front.
    pub(crate) fn offered(mail: bool, passkeys: bool) -> Vec<Self> {
        let mut ways = vec![Self::Password];
        if mail {
            ways.push(Self::Mail);
        }
        if passkeys {
            ways.push(Self::Passkey);
        }
        ways
    }
}

/// How much somebody has to prove. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Requirement {
    /// One way is enough.
    #[default]
    None,
    /// A second one, of whatever kind.
    SecondFactor,
    /// One that cannot be given away on a foreign page.
    PhishingResistant,
}

impl Requirement {
    /// From none to the strictest.
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::SecondFactor, Self::PhishingResistant];

    /// As stored and in forms.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecondFactor => "second_factor",
            Self::PhishingResistant => "phishing_resistant",
        }
    }

    /// Reads what somebody chose in a form.
    pub(crate) fn chosen(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == text)
    }

    /// The names of the factors that meet it beside or instead of a first one.
    pub(crate) fn meeting(self) -> Vec<&'static str> {
        let meets = |factor: &Factor| self.is_met_by(&[*factor]);
        Factor::ALL
            .iter()
            .filter(|one| meets(one))
            .map(|one| one.name())
            .collect()
    }

    /// Reads the stored form. A word this version does not know, written by a newer one, is the strictest it knows.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "second_factor" => Self::SecondFactor,
            _ => Self::PhishingResistant,
        }
    }

    /// Whether what was proven is enough for it.
    pub(crate) fn is_met_by(self, factors: &[Factor]) -> bool {
        match self {
            Self::None => !factors.is_empty(),
            Self::SecondFactor => factors.iter().any(|factor| factor.is_second()),
            Self::PhishingResistant => factors.contains(&Factor::Passkey),
        }
    }
}

/// What a person has set up and what is asked of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    /// One-time passwords are set up.
    pub(crate) totp: bool,
    /// There is a passkey.
    pub(crate) passkeys: bool,
    /// There are recovery codes that were not used.
    pub(crate) paper: bool,
    /// What policy asks for.
    pub(crate) required: Requirement,
}

/// Whether what was proven is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is.
    Enough,
    /// A second proof, which this person can give.
    Prove,
    /// More than this person has set up: they set it up now, unless they still have time.
    SetUp(Requirement),
}

impl Standing {
    /// Whether this person could meet what is asked of them.
    pub(crate) fn can_meet_policy(self) -> bool {
        match self.required {
            Requirement::None => true,
            Requirement::SecondFactor => self.totp || self.passkeys,
            Requirement::PhishingResistant => self.passkeys,
        }
    }

    /// What stands beside this person's password.
    pub(crate) fn beside_password(self) -> Beside {
        if self.totp {
            Beside::SecondFactor
        } else {
            Beside::Nothing
        }
    }

    /// Whether a code can complete what is asked: it cannot stand in for what cannot be phished.
    pub(crate) fn takes_codes(self) -> bool {
        self.required < Requirement::PhishingResistant && (self.totp || self.paper)
    }

    /// Judges what was proven. Whoever has set up one-time passwords is always asked for a second factor; whoever
    /// only has passkeys keeps the password as the way back, unless policy asks for more, or nothing else works.
    pub(crate) fn judge(self, factors: &[Factor]) -> Verdict {
        if factors.contains(&Factor::BreakGlass) {
            Verdict::Enough
        } else if self.totp && !Requirement::SecondFactor.is_met_by(factors) {
            Verdict::Prove
        } else if self.required.is_met_by(factors) {
            Verdict::Enough
        } else if self.can_meet_policy() {
            Verdict::Prove
        } else {
            Verdict::SetUp(self.required)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PWD: &[Factor] = &[Factor::Password];
    const BOTH: &[Factor] = &[Factor::Password, Factor::Totp];

    fn standing(totp: bool, required: Requirement) -> Standing {
        Standing {
            totp,
            required,
            ..Standing::default()
        }
    }

    #[test]
    fn a_second_factor_is_asked_for_where_policy_or_person_wants_it() {
        use Requirement::{None, SecondFactor};
        assert_eq!(standing(false, None).judge(PWD), Verdict::Enough);
        assert_eq!(standing(true, None).judge(PWD), Verdict::Prove);
        assert_eq!(standing(true, None).judge(BOTH), Verdict::Enough);
        assert_eq!(standing(true, SecondFactor).judge(PWD), Verdict::Prove);
        assert_eq!(standing(true, SecondFactor).judge(BOTH), Verdict::Enough);
        assert_eq!(
            standing(false, SecondFactor).judge(PWD),
            Verdict::SetUp(SecondFactor)
        );
        let recovered = &[Factor::Password, Factor::RecoveryCode];
        assert_eq!(
            standing(true, SecondFactor).judge(recovered),
            Verdict::Enough
        );
        assert_eq!(standing(false, None).judge(&[]), Verdict::Prove);
        let mailed = &[Factor::Mail];
        assert_eq!(standing(false, None).judge(mailed), Verdict::Enough);
        assert_eq!(standing(true, None).judge(mailed), Verdict::Prove);
    }

    #[test]
    fn codes_do_not_stand_in_for_what_cannot_be_phished() {
        let strict = Requirement::PhishingResistant;
        assert_eq!(standing(true, strict).judge(PWD), Verdict::Prove);
        assert_eq!(standing(true, strict).judge(BOTH), Verdict::SetUp(strict));
    }

    #[test]
    fn a_passkey_alone_meets_everything_and_leaves_the_password_as_the_way_back() {
        let passkey = &[Factor::Passkey];
        for required in [
            Requirement::None,
            Requirement::SecondFactor,
            Requirement::PhishingResistant,
        ] {
            for totp in [false, true] {
                let standing = Standing {
                    passkeys: true,
                    ..standing(totp, required)
                };
                assert_eq!(standing.judge(passkey), Verdict::Enough);
                let enough = required == Requirement::None && !totp;
                let expected = if enough {
                    Verdict::Enough
                } else {
                    Verdict::Prove
                };
                assert_eq!(standing.judge(PWD), expected);
                assert_eq!(
                    standing.takes_codes(),
                    totp && required < Requirement::PhishingResistant
                );
            }
        }
        // Codes are not enough for whoever has a passkey and must use it.
        let strict = Standing {
            passkeys: true,
            ..standing(true, Requirement::PhishingResistant)
        };
        assert_eq!(strict.judge(BOTH), Verdict::Prove);
    }

    #[test]
    fn requirements_name_what_meets_them() {
        assert_eq!(Requirement::PhishingResistant.meeting(), ["pop"]);
        assert_eq!(
            Requirement::SecondFactor.meeting(),
            ["otp", "recovery", "pop"]
        );
        for one in Requirement::ALL {
            assert_eq!(Requirement::chosen(one.name()), Some(one));
            assert_eq!(Requirement::parse(one.name()), one);
        }
        assert_eq!(Requirement::chosen("x"), None);
    }

    #[test]
    fn stored_words_are_read_back_and_unknown_ones_are_strict() {
        for factor in Factor::ALL {
            assert_eq!(Factor::parse(factor.name()), Some(factor));
        }
        assert_eq!(
            Requirement::parse("second_factor"),
            Requirement::SecondFactor
        );
        assert_eq!(Requirement::parse("x"), Requirement::PhishingResistant);
    }
}
