//! The one entry of a directory that has an id, wherever it is by now and however it is called.

use crate::connection::{Connection, Pace};
use crate::entry::Entry;
use crate::error::{Error, Step, Why};
use crate::limits::Limits;
use crate::mapping::IdForm;
use crate::name::fold;
use crate::search::{Search, search};
use crate::server::{Place, Source};
use crate::snapshot::EntryId;

/// What is looked for.
pub(crate) struct Sought<'a> {
    pub(crate) step: Step,
    /// Where it has to be.
    pub(crate) place: &'a Place,
    pub(crate) id: &'a EntryId,
    /// What is wanted of it, besides the id.
    pub(crate) attributes: Vec<String>,
}

/// Its name and what `read` makes of it; nothing where no entry has the id.
///
/// # Errors
/// The directory cannot be asked, two entries have the id, or `read` refuses the one that has.
pub(crate) async fn find<T>(
    (source, limits): (&Source, &Limits),
    sought: Sought<'_>,
    pace: Pace,
    read: impl Fn(&Entry) -> Result<T, Error>,
) -> Result<Option<(String, T)>, Error> {
    let mut open = Connection::open(&source.server, pace, limits.message).await?;
    if let Some(account) = &source.bind {
        open.bind(account).await?;
    }
    let mapping = &source.mapping;
    let (base, id) = (fold(&sought.place.base), sought.id);
    let mut found = Vec::new();
    let looked_for = search_for(source, sought);
    let searched = search(&mut open, &looked_for, limits, |entry| {
        if entry.id(&mapping.id, mapping.id_form)? != *id {
            return Err(entry.error(Why::Malformed, &mapping.id));
        }
        let of_it = read(&entry)?;
        if !found.is_empty() {
            return Err(entry.error(Why::DuplicateId, &mapping.id));
        }
        found.push((entry.dn, of_it));
        Ok(())
    });
    match searched.await {
        Ok(()) => {}
        // No entry has it.
        Err(error) if looked_for.alone && error.why == Why::BaseMissing => return Ok(None),
        Err(error) => return Err(error),
    }
    open.close().await;
    Ok(found.pop().filter(|(name, _)| is_below(&fold(name), &base)))
}

/// Whether a name is at or below a base, both folded.
fn is_below(name: &str, base: &str) -> bool {
    let above = name.strip_suffix(base);
    base.is_empty() || above.is_some_and(|above| above.is_empty() || above.ends_with(','))
}

/// An id of 16 bytes is no text that filters could hold: Active Directory takes it for a name instead (MS-ADTS section
/// 3.1.1.3.1.2.4).
fn search_for(source: &Source, sought: Sought<'_>) -> Search {
    let mapping = &source.mapping;
    let place = match mapping.id_form {
        IdForm::Text => Place {
            base: sought.place.base.clone(),
            filter: sought.place.filter.with(&mapping.id, &sought.id.0),
        },
        IdForm::Guid => Place {
            base: format!("<GUID={}>", sought.id.0),
            filter: sought.place.filter.clone(),
        },
    };
    let mut attributes = sought.attributes;
    attributes.push(mapping.id.clone());
    Search {
        step: sought.step,
        place,
        attributes,
        alone: mapping.id_form == IdForm::Guid,
        own_domain: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_below_another_ends_with_it_as_a_whole() {
        let below = |name| is_below(name, "ou=people,dc=x");
        assert!(below("uid=a,ou=people,dc=x") && below("ou=people,dc=x"));
        assert!(!below("uid=a,cou=people,dc=x") && !below("uid=a,dc=x"));
    }
}
