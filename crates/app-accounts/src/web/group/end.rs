//! The end of a membership as a field of kind `datetime-local` holds it: a minute in the zone of the person.

use jiff::Timestamp;
use jiff::civil::DateTime;
use ui::Shell;

use crate::domain::name::Unfit;

/// Ends further away than this many years are mistakes.
const FURTHEST_YEAR: i16 = 9000;

/// Reads what was typed; nothing typed is no end. A minute that the zone leaves out in spring is read as the one
/// an hour later, one that comes twice in autumn as the first.
///
/// # Errors
/// [`Unfit::Form`] for what is no moment.
pub(in crate::web) fn parse(typed: &str, shell: &Shell) -> Result<Option<Timestamp>, Unfit> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let local: DateTime = typed.parse().map_err(|_| Unfit::Form)?;
    if local.year() > FURTHEST_YEAR || local.year() < 1970 {
        return Err(Unfit::Form);
    }
    let zoned = local.to_zoned(shell.zone().clone());
    Ok(Some(zoned.map_err(|_| Unfit::Form)?.timestamp()))
}

/// Writes an end as the field wants it; empty for none.
pub(super) fn written(ends_at: Option<Timestamp>, shell: &Shell) -> String {
    ends_at.map_or_else(String::new, |at| {
        let zoned = at.to_zoned(shell.zone().clone());
        zoned.strftime("%Y-%m-%dT%H:%M").to_string()
    })
}

/// What to say below the field.
pub(in crate::web) fn hint(shell: &Shell) -> String {
    let zone = shell.zone().iana_name().unwrap_or("UTC");
    shell.t1("accounts-end-hint", "zone", zone)
}
