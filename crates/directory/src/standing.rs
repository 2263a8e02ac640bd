//! Whether somebody may come in, as their entry says it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::entry::Entry;
use crate::error::{Error, Why};
use crate::mapping::Locks;
use crate::snapshot::Standing;

/// `ACCOUNTDISABLE` in `userAccountControl` (MS-ADTS section 2.2.16).
const ACCOUNT_DISABLED: i64 = 0x2;
/// Locked until an administrator unlocks it (draft-behera-ldap-password-policy-11 section 5.3.3). Any other time is that
/// of a lock because of wrong passwords: it ends by itself, and whoever types a colleague's name with wrong passwords
/// must not take their account.
const FOR_GOOD: &str = "000001010000Z";
/// Seconds from 1601 to 1970: where the time of Windows starts.
const WINDOWS_EPOCH: i64 = 11_644_473_600;
/// Its ticks of 100 ns in a second.
const TICKS: i64 = 10_000_000;

/// What the entry says about `now`, and when the password ends.
///
/// # Errors
/// [`Why::ValueUnreadable`]: who is not known to be let in is not taken for somebody who is.
pub(crate) fn standing(
    entry: &Entry,
    locks: Locks,
    now: Timestamp,
) -> Result<(Standing, Option<Timestamp>), Error> {
    let (is_disabled, ends_at) = match locks {
        Locks::FreeIpa => (
            is_true(entry, "nsAccountLock")?,
            time(entry, "krbPrincipalExpiration")?,
        ),
        Locks::PasswordPolicy => (entry.text("pwdAccountLockedTime")? == FOR_GOOD, None),
        Locks::ActiveDirectory => (
            number(entry, "userAccountControl")?.unwrap_or(0) & ACCOUNT_DISABLED != 0,
            windows_time(entry, "accountExpires")?,
        ),
    };
    let password_ends_at = match locks {
        Locks::FreeIpa => time(entry, "krbPasswordExpiration")?,
        Locks::PasswordPolicy | Locks::ActiveDirectory => None,
    };
    let standing = match ends_at {
        _ if is_disabled => Standing::Disabled,
        Some(end) if end <= now => Standing::Expired,
        _ => Standing::Active,
    };
    Ok((standing, password_ends_at))
}

/// BOOLEAN (RFC 4517 section 3.3.3), in any case because 389 Directory Server takes any.
fn is_true(entry: &Entry, name: &str) -> Result<bool, Error> {
    match entry.text(name)?.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err(entry.error(Why::ValueUnreadable, name)),
    }
}

fn number(entry: &Entry, name: &str) -> Result<Option<i64>, Error> {
    match entry.text(name)? {
        "" => Ok(None),
        text => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(entry.error(Why::ValueUnreadable, name)),
        },
    }
}

/// Ticks since 1601; 0 and the largest number are never (MS-ADA1 section 2.3).
fn windows_time(entry: &Entry, name: &str) -> Result<Option<Timestamp>, Error> {
    let Some(ticks) = number(entry, name)?.filter(|ticks| ![0, i64::MAX].contains(ticks)) else {
        return Ok(None);
    };
    match Timestamp::from_second(ticks / TICKS - WINDOWS_EPOCH) {
        Ok(time) => Ok(Some(time)),
        Err(_) => Err(entry.error(Why::ValueUnreadable, name)),
    }
}

/// Generalized Time (RFC 4517 section 3.3.13) in UTC and with seconds, as servers write it.
fn time(entry: &Entry, name: &str) -> Result<Option<Timestamp>, Error> {
    let text = entry.text(name)?;
    if text.is_empty() {
        return Ok(None);
    }
    let unreadable = || entry.error(Why::ValueUnreadable, name);
    let digits = text.strip_suffix('Z').ok_or_else(unreadable)?;
    let digits = digits.split(['.', ',']).next().unwrap_or(digits);
    let time = DateTime::strptime("%Y%m%d%H%M%S", digits).map_err(|_| unreadable())?;
    let time = time.to_zoned(TimeZone::UTC).map_err(|_| unreadable())?;
    Ok(Some(time.timestamp()))
}

#[cfg(test)]
mod tests {
    use ldap3_proto::proto::{LdapPartialAttribute, LdapSearchResultEntry};

    use super::*;
    use crate::error::Step;

    fn of(locks: Locks, attributes: &[(&str, &str)]) -> Result<Standing, Why> {
        let attribute = |(name, value): &(&str, &str)| LdapPartialAttribute {
            atype: (*name).to_owned(),
            vals: vec![value.as_bytes().to_vec()],
        };
        let found = LdapSearchResultEntry {
            dn: String::new(),
            attributes: attributes.iter().map(attribute).collect(),
        };
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let entry = Entry::new(found, Step::People, 100);
        match standing(&entry, locks, now) {
            Ok((standing, _)) => Ok(standing),
            Err(error) => Err(error.why),
        }
    }

    #[test]
    fn freeipa_locks_and_ends_accounts() {
        let of = |attributes: &[_]| of(Locks::FreeIpa, attributes);
        assert_eq!(of(&[]), Ok(Standing::Active));
        assert_eq!(of(&[("nsaccountlock", "TRUE")]), Ok(Standing::Disabled));
        assert_eq!(of(&[("nsAccountLock", "False")]), Ok(Standing::Active));
        assert_eq!(of(&[("nsAccountLock", "yes")]), Err(Why::ValueUnreadable));
        for (end, expected) in [
            ("20261122120000Z", Ok(Standing::Expired)),
            ("20261122120001Z", Ok(Standing::Active)),
            ("20261122115959.5Z", Ok(Standing::Expired)),
            ("20261122", Err(Why::ValueUnreadable)),
            ("20261322120000Z", Err(Why::ValueUnreadable)),
        ] {
            assert_eq!(of(&[("krbPrincipalExpiration", end)]), expected, "{end}");
        }
        let expired = of(&[("krbPasswordExpiration", "20200101000000Z")]);
        assert_eq!(
            expired,
            Ok(Standing::Active),
            "the password is not the account"
        );
    }

    #[test]
    fn a_password_policy_locks_for_good_by_one_value_alone() {
        let of = |value| of(Locks::PasswordPolicy, &[("pwdAccountLockedTime", value)]);
        assert_eq!(of("000001010000Z"), Ok(Standing::Disabled));
        assert_eq!(of("20261122115900Z"), Ok(Standing::Active));
    }

    #[test]
    fn active_directory_has_bits_and_ticks() {
        let of = |attributes: &[_]| of(Locks::ActiveDirectory, attributes);
        assert_eq!(of(&[("userAccountControl", "512")]), Ok(Standing::Active));
        assert_eq!(of(&[("userAccountControl", "514")]), Ok(Standing::Disabled));
        for (ticks, expected) in [
            ("0", Ok(Standing::Active)),
            ("9223372036854775807", Ok(Standing::Active)),
            // 2026-11-22 12:00:00 and one second later.
            ("134398224000000000", Ok(Standing::Expired)),
            ("134398224010000000", Ok(Standing::Active)),
            ("soon", Err(Why::ValueUnreadable)),
        ] {
            assert_eq!(of(&[("accountExpires", ticks)]), expected, "{ticks}");
        }
    }
}
