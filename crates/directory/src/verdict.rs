//! What the answer to somebody's sign-in means. Servers differ in how they say it; what a person is told is the same.

use jiff::Timestamp;
use ldap3_proto::proto::{LdapResult, LdapResultCode};

use crate::mapping::Locks;
use crate::password_control::{PasswordControl, PolicyError};

/// How it stands with a password that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is theirs.
    Right,
    /// It is theirs, and has to be changed before it opens anything. With it, they may.
    MustChange,
    /// It is theirs, and over: with it nothing can be changed over LDAP any more.
    Expired,
    /// It is not theirs.
    Wrong,
    /// The account is locked, or not let in; whether the password was right is not known.
    Locked,
    /// Nobody in the directory is the one who was looked for.
    Gone,
}

/// What the server says; nothing when it says nothing about the password.
pub(crate) fn verdict(
    answer: &LdapResult,
    controls: &[PasswordControl],
    (locks, password_ends_at, now): (Locks, Option<Timestamp>, Timestamp),
) -> Option<Verdict> {
    let errors = || {
        controls.iter().filter_map(|control| match control {
            PasswordControl::Policy { error, .. } => *error,
            PasswordControl::Expired => Some(PolicyError::Expired),
            PasswordControl::Expiring => None,
        })
    };
    let says = |wanted: PolicyError| errors().any(|error| error == wanted);
    let is_grace = controls
        .iter()
        .any(|control| matches!(control, PasswordControl::Policy { is_grace: true, .. }));
    let answered = [LdapResultCode::Success, LdapResultCode::InvalidCredentials];
    if answered.contains(&answer.code) && says(PolicyError::Locked) {
        return Some(Verdict::Locked);
    }
    Some(match answer.code {
        LdapResultCode::Success => {
            // FreeIPA lets in whose password is over, unless told otherwise.
            let is_over = password_ends_at.is_some_and(|end| end <= now);
            let is_left = is_grace || says(PolicyError::Expired);
            if is_over || is_left || says(PolicyError::ChangeAfterReset) {
                Verdict::MustChange
            } else {
                Verdict::Right
            }
        }
        // Servers say so of the right password alone.
        LdapResultCode::InvalidCredentials
            if says(PolicyError::Expired) || says(PolicyError::ChangeAfterReset) =>
        {
            Verdict::Expired
        }
        LdapResultCode::InvalidCredentials if locks == Locks::ActiveDirectory => {
            of_active_directory(&answer.message)
        }
        LdapResultCode::InvalidCredentials
        | LdapResultCode::NoSuchObject
        // There is no password in the entry.
        | LdapResultCode::InappropriateAuthentication => Verdict::Wrong,
        // 389 Directory Server: too many wrong passwords; FreeIPA: those too, and accounts that are off.
        LdapResultCode::ConstraintViolation | LdapResultCode::UnwillingToPerform => Verdict::Locked,
        _ => return None,
    })
}

/// Active Directory answers with one code, and says the rest as `data` with a number of Windows.
fn of_active_directory(message: &str) -> Verdict {
    let data = message.split("data ").nth(1).unwrap_or_default();
    match data.split([',', ' ']).next().unwrap_or_default() {
        // The password is over, or was set by somebody else. Both are said of the right password alone, and neither lets in.
        "532" | "773" => Verdict::Expired,
        // Not at this time, not at this machine, off, over, or after too many wrong passwords.
        "530" | "531" | "533" | "701" | "775" => Verdict::Locked,
        _ => Verdict::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn of(
        code: LdapResultCode,
        (locks, message): (Locks, &str),
        controls: &[PasswordControl],
    ) -> Option<Verdict> {
        let answer = LdapResult {
            code,
            matcheddn: String::new(),
            message: message.to_owned(),
            referral: Vec::new(),
        };
        verdict(&answer, controls, (locks, None, NOW))
    }

    fn policy(is_grace: bool, error: Option<PolicyError>) -> [PasswordControl; 1] {
        [PasswordControl::Policy { is_grace, error }]
    }

    #[test]
    fn a_right_password_may_have_to_be_changed_first() {
        let of = |controls: &[_]| of(LdapResultCode::Success, (Locks::FreeIpa, ""), controls);
        assert_eq!(of(&[]), Some(Verdict::Right));
        assert_eq!(of(&[PasswordControl::Expiring]), Some(Verdict::Right));
        assert_eq!(of(&policy(false, None)), Some(Verdict::Right));
        for controls in [
            policy(true, None),
            policy(false, Some(PolicyError::ChangeAfterReset)),
            policy(false, Some(PolicyError::Expired)),
            [PasswordControl::Expired],
        ] {
            assert_eq!(of(&controls), Some(Verdict::MustChange), "{controls:?}");
        }
        let locked = policy(false, Some(PolicyError::Locked));
        assert_eq!(of(&locked), Some(Verdict::Locked));
    }

    #[test]
    fn freeipa_says_in_the_entry_when_a_password_is_over() {
        let right = LdapResult {
            code: LdapResultCode::Success,
            matcheddn: String::new(),
            message: String::new(),
            referral: Vec::new(),
        };
        let at = |end| verdict(&right, &[], (Locks::FreeIpa, Some(end), NOW));
        assert_eq!(at(NOW), Some(Verdict::MustChange));
        let later = NOW + jiff::SignedDuration::from_secs(1);
        assert_eq!(at(later), Some(Verdict::Right));
    }

    #[test]
    fn a_refusal_is_told_apart_as_far_as_the_server_does() {
        let refused = LdapResultCode::InvalidCredentials;
        let of_policy = |error| of(refused.clone(), (Locks::FreeIpa, ""), &policy(false, error));
        assert_eq!(of_policy(None), Some(Verdict::Wrong));
        assert_eq!(of_policy(Some(PolicyError::Locked)), Some(Verdict::Locked));
        assert_eq!(
            of_policy(Some(PolicyError::Expired)),
            Some(Verdict::Expired)
        );
        let older = of(refused, (Locks::FreeIpa, ""), &[PasswordControl::Expired]);
        assert_eq!(older, Some(Verdict::Expired));
        for (code, expected) in [
            (LdapResultCode::ConstraintViolation, Some(Verdict::Locked)),
            (LdapResultCode::UnwillingToPerform, Some(Verdict::Locked)),
            (
                LdapResultCode::InappropriateAuthentication,
                Some(Verdict::Wrong),
            ),
            (LdapResultCode::Busy, None),
            (LdapResultCode::ConfidentialityRequired, None),
        ] {
            assert_eq!(of(code, (Locks::FreeIpa, ""), &[]), expected);
        }
    }

    #[test]
    fn active_directory_says_it_by_a_number_in_its_message() {
        for (data, expected) in [
            ("52e", Verdict::Wrong),
            ("525", Verdict::Wrong),
            ("532", Verdict::Expired),
            ("773", Verdict::Expired),
            ("533", Verdict::Locked),
            ("701", Verdict::Locked),
            ("775", Verdict::Locked),
        ] {
            let message = format!(
                "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {data}, v3839"
            );
            let answer = |locks| of(LdapResultCode::InvalidCredentials, (locks, &message), &[]);
            assert_eq!(answer(Locks::ActiveDirectory), Some(expected), "{data}");
            assert_eq!(
                answer(Locks::FreeIpa),
                Some(Verdict::Wrong),
                "{data} elsewhere"
            );
        }
    }
}
