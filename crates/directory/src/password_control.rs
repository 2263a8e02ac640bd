//! What a server says beside its answer about the password of whoever signs in: the response of the password policy
//! control (draft-behera-ldap-password-policy-11 section 6.2), and the two controls that Netscape's directory began with,
//! which 389 Directory Server and FreeIPA still send (draft-vchu-ldap-pwd-policy-00).

use ldap3_lber::parse::{DEFAULT_MAX_BER_DEPTH, Parser};
use ldap3_lber::structure::{PL, StructureTag};

/// Asks how it stands with the password, and says so.
const PASSWORD_POLICY: &[u8] = b"1.3.6.1.4.1.42.2.27.8.5.1";
/// The password is over, or was set by somebody else.
const EXPIRED: &[u8] = b"2.16.840.1.113730.3.4.4";
/// The password is over in so many seconds.
const EXPIRING: &[u8] = b"2.16.840.1.113730.3.4.5";
/// Tag of the warning within the response, and of the error.
const WARNING: u64 = 0;
const ERROR: u64 = 1;
/// Tag of "so many sign-ins are left" within the warning.
const GRACE: u64 = 1;

/// How it stands with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordControl {
    /// By the password policy, with the numbers that it gives them.
    Policy {
        /// The password is over, and this was one of the last sign-ins with it.
        is_grace: bool,
        error: Option<PolicyError>,
    },
    /// The password is over, or has to be changed first.
    Expired,
    /// Nothing that matters now.
    Expiring,
}

/// What the password policy minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyError {
    /// It is over.
    Expired,
    /// The account is locked.
    Locked,
    /// Somebody else set it: it has to be changed first.
    ChangeAfterReset,
    /// People may not change theirs.
    NotAllowed,
    /// It is too easy.
    TooWeak,
    /// It has too few characters.
    TooShort,
    /// The one before it is too new.
    TooYoung,
    /// It was one of the last.
    InHistory,
    /// Another number.
    Other,
}

/// Reads a control, if it is one of these. What cannot be read says nothing.
pub(crate) fn read(control: &StructureTag) -> Option<PasswordControl> {
    let PL::C(parts) = &control.payload else {
        return None;
    };
    let mut primitives = parts.iter().filter_map(|part| match &part.payload {
        PL::P(bytes) => Some((part.id, bytes.as_slice())),
        PL::C(_) => None,
    });
    let (_, name) = primitives.next()?;
    match name {
        EXPIRED => Some(PasswordControl::Expired),
        EXPIRING => Some(PasswordControl::Expiring),
        PASSWORD_POLICY => {
            let value = primitives.next_back().map(|(_, value)| value);
            Some(policy(value.unwrap_or_default()))
        }
        _ => None,
    }
}

fn policy(value: &[u8]) -> PasswordControl {
    let mut said = (false, None);
    let parsed = Parser::new(DEFAULT_MAX_BER_DEPTH).parse(value);
    let parts = match parsed {
        Ok((_, tag)) => tag.expect_constructed().unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    for part in parts {
        match (part.id, &part.payload) {
            // A choice is wrapped in the tag of its field.
            (WARNING, PL::C(warning)) => {
                said.0 = warning.iter().any(|warning| warning.id == GRACE);
            }
            (ERROR, PL::P(number)) => said.1 = Some(error(number)),
            _ => {}
        }
    }
    PasswordControl::Policy {
        is_grace: said.0,
        error: said.1,
    }
}

fn error(number: &[u8]) -> PolicyError {
    match number {
        [0] => PolicyError::Expired,
        [1] => PolicyError::Locked,
        [2] => PolicyError::ChangeAfterReset,
        [3] => PolicyError::NotAllowed,
        [5] => PolicyError::TooWeak,
        [6] => PolicyError::TooShort,
        [7] => PolicyError::TooYoung,
        [8] => PolicyError::InHistory,
        _ => PolicyError::Other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A control as it is on the wire: the object identifier, and a value.
    fn control(name: &[u8], value: Option<&[u8]>) -> Option<PasswordControl> {
        let octets = |bytes: &[u8]| {
            let length = u8::try_from(bytes.len()).unwrap();
            [&[0x04, length], bytes].concat()
        };
        let inner = [octets(name), value.map(octets).unwrap_or_default()].concat();
        let length = u8::try_from(inner.len()).unwrap();
        let bytes = [&[0x30, length], inner.as_slice()].concat();
        let (_, tag) = Parser::new(DEFAULT_MAX_BER_DEPTH).parse(&bytes).unwrap();
        read(&tag)
    }

    fn policy_of(value: &[u8]) -> (bool, Option<PolicyError>) {
        match control(PASSWORD_POLICY, Some(value)) {
            Some(PasswordControl::Policy { is_grace, error }) => (is_grace, error),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_response_of_the_policy_has_warnings_and_errors() {
        assert_eq!(policy_of(&[0x30, 0x00]), (false, None));
        let soon = [0x30, 0x05, 0xa0, 0x03, 0x80, 0x01, 0x3c];
        assert_eq!(policy_of(&soon), (false, None), "in a minute");
        let grace = [0x30, 0x05, 0xa0, 0x03, 0x81, 0x01, 0x02];
        assert_eq!(policy_of(&grace), (true, None), "two more times");
        let reset = [0x30, 0x03, 0x81, 0x01, 0x02];
        assert_eq!(
            policy_of(&reset),
            (false, Some(PolicyError::ChangeAfterReset))
        );
        let over = [0x30, 0x03, 0x81, 0x01, 0x00];
        assert_eq!(policy_of(&over), (false, Some(PolicyError::Expired)));
        assert_eq!(policy_of(b"nonsense"), (false, None));
        let none = control(PASSWORD_POLICY, None);
        assert!(matches!(
            none,
            Some(PasswordControl::Policy { error: None, .. })
        ));
    }

    #[test]
    fn the_older_controls_are_told_apart_from_others() {
        assert_eq!(control(EXPIRED, Some(b"0")), Some(PasswordControl::Expired));
        assert_eq!(
            control(EXPIRING, Some(b"86400")),
            Some(PasswordControl::Expiring)
        );
        assert_eq!(control(b"1.2.840.113556.1.4.319", Some(b"")), None);
    }

    proptest! {
        #[test]
        fn any_value_reads_as_something(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            policy_of(&value);
        }
    }
}
