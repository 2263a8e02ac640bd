//! How it stands in FreeIPA with somebody, on the page about them.

use directory::ipa::AccountState;
use ui::Shell;

use super::said;
use crate::Accounts;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::freeipa::Unmade;

/// What the page says of somebody who comes from a directory that is written to.
pub(in crate::web::admin) struct Section {
    /// `None` while it is not known; then `why` says so.
    pub(in crate::web::admin) state: Option<AccountState>,
    pub(in crate::web::admin) why: String,
    /// Whether the password is over.
    pub(in crate::web::admin) is_over: bool,
}

impl Section {
    /// Asks, for as long as a page may wait.
    pub(in crate::web::admin) async fn of(
        accounts: &Accounts,
        shell: &Shell,
        id: PersonId,
    ) -> Result<Option<Self>, Error> {
        let why = match accounts.freeipa.state(id).await {
            Ok(state) => {
                let now = accounts.clock.now();
                return Ok(Some(Self {
                    state: Some(state),
                    why: String::new(),
                    is_over: state.password_ends_at.is_some_and(|end| end <= now),
                }));
            }
            Err(Unmade::Nowhere) => return Ok(None),
            Err(Unmade::Away) => shell.t("accounts-freeipa-unseen").into_owned(),
            Err(unmade) => said(shell, unmade)?,
        };
        Ok(Some(Self {
            state: None,
            why,
            is_over: false,
        }))
    }
}
