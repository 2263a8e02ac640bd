//! The end of a membership as a field holds it.

use jiff::Timestamp;
use ui::Shell;

use crate::domain::name::Unfit;

/// Reads what was typed; nothing typed is no end.
///
/// # Errors
/// [`Unfit::Form`] for what is no moment.
pub(in crate::web) fn parse(typed: &str, shell: &Shell) -> Result<Option<Timestamp>, Unfit> {
    shell.read_moment(typed).map_err(|_| Unfit::Form)
}

/// What to say below the field.
pub(in crate::web) fn hint(shell: &Shell) -> String {
    let zone = shell.zone().iana_name().unwrap_or("UTC");
    shell.t1("accounts-end-hint", "zone", zone)
}
