//! How it stands with somebody's account.

use jiff::{SignedDuration, Timestamp};

use super::Ipa;
use super::answer::Entry;
use super::refusal::{Kind, NotDone};
use super::session::asking;
use crate::connection::Pace;
use crate::error::Step;
use crate::limits::Limits;

/// How it stands with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether too many wrong passwords locked it, on any of the servers; `None` where the account that asks may not know.
    pub locked: Option<bool>,
    /// When the password ends, or ended.
    pub password_ends_at: Option<Timestamp>,
}

/// What the rules for somebody's password say of wrong ones.
#[derive(Clone, Copy)]
struct Rules {
    /// So many lock; 0 for none.
    most: i64,
    /// For so long; 0 until somebody unlocks.
    lasts: i64,
}

impl Ipa {
    /// How it stands with the account of that name.
    ///
    /// # Errors
    /// Why it is not said.
    pub async fn state(
        &self,
        login: &str,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<AccountState, NotDone> {
        let pace = Pace::new(limits);
        let shown = self.call(pace, asking("user_show", &[login], &[("all", true.into())]));
        let shown = shown.await?;
        let entry = shown.entry(Step::People)?;
        let locked = match self.locked(pace, login, now).await {
            Ok(locked) => locked,
            Err(NotDone::Refused(refusal)) if refusal.kind != Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(AccountState {
            enabled: !entry.flag("nsaccountlock"),
            locked,
            password_ends_at: entry.time("krbpasswordexpiration"),
        })
    }

    async fn locked(
        &self,
        pace: Pace,
        login: &str,
        now: Timestamp,
    ) -> Result<Option<bool>, NotDone> {
        let of_user = [("user", login.into())];
        let policy = self.call(pace, asking("pwpolicy_show", &[], &of_user));
        let policy = policy.await?;
        let policy = policy.entry(Step::People)?;
        let (Some(most), Some(lasts)) = (
            policy.number("krbpwdmaxfailure"),
            policy.number("krbpwdlockoutduration"),
        ) else {
            return Ok(None);
        };
        let status = self.call(pace, asking("user_status", &[login], &[]));
        let status = status.await?;
        let rules = Rules { most, lasts };
        // Every server counts for itself; one that could not be asked says no count.
        let known = status
            .entries()
            .filter_map(|server| is_locked(server, rules, now));
        Ok(known.reduce(|one, other| one || other))
    }
}

fn is_locked(server: Entry<'_>, rules: Rules, now: Timestamp) -> Option<bool> {
    let failed = server.number("krbloginfailedcount")?;
    if rules.most <= 0 || failed < rules.most {
        return Some(false);
    }
    if rules.lasts <= 0 {
        return Some(true);
    }
    let Some(last) = server.time("krblastfailedauth") else {
        return Some(true);
    };
    let end = last.checked_add(SignedDuration::from_secs(rules.lasts));
    Some(end.is_ok_and(|end| now < end))
}
