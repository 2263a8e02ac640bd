//! What an entry makes of a person: texts that fit, and what stays as it is because they do not.

use directory::{Mapping, PersonEntry};
use platform::Role;

use super::KnownPerson;
use super::plan::{FieldChange, Obstacle};
use crate::domain::address::MOST_ADDRESSES;
use crate::domain::name::{EmailAddress, Line};
use crate::domain::phone::Phone;
use crate::domain::provisioned::WantedPerson;
use crate::domain::user_name::UserName;

/// Longest id of a directory that is kept, in bytes.
pub(super) const LONGEST_ID: usize = 255;

/// What the entry wants of a person who is `before`, or of one who is not here yet. Access and manager stay as they are.
///
/// # Errors
/// What makes it impossible to keep such a person.
pub(super) fn wanted(
    entry: &PersonEntry,
    mapping: &Mapping,
    before: Option<&KnownPerson>,
) -> Result<WantedPerson, Obstacle> {
    if entry.id.0.len() > LONGEST_ID {
        return Err(Obstacle::Unfit);
    }
    let is = |of: fn(&KnownPerson) -> &str| before.map_or("", of);
    let line = |(attribute, text): (&str, &str), now: &str| {
        // What nobody mapped, or does not fit, stays.
        let text = if attribute.is_empty() { now } else { text };
        Line::parse(text)
            .or_else(|_| Line::parse(now))
            .unwrap_or_default()
    };
    let named = [
        entry.display_name.as_str(),
        is(|known| &known.person.display_name),
        &entry.username,
    ];
    let display_name = named.into_iter().find_map(|name| Line::required(name).ok());
    let phone = match mapping.phone.as_str() {
        "" => Phone::parse(is(|known| &known.person.phone)),
        _ => Phone::parse(&entry.phone).or_else(|_| Phone::parse(is(|known| &known.person.phone))),
    };
    let addresses = addresses(entry, before);
    if before.is_none() && addresses.is_empty() {
        return Err(Obstacle::NoMail);
    }
    Ok(WantedPerson {
        external_id: Some(entry.id.0.clone()),
        user_name: UserName::parse(&entry.username).map_err(|_| Obstacle::Unfit)?,
        addresses,
        display_name: display_name.ok_or(Obstacle::Unfit)?,
        given_name: line(
            (&mapping.given_name, &entry.given_name),
            is(|known| &known.person.given_name),
        ),
        family_name: line(
            (&mapping.family_name, &entry.family_name),
            is(|known| &known.person.family_name),
        ),
        title: line(
            (&mapping.title, &entry.title),
            is(|known| &known.person.title),
        ),
        department: line(
            (&mapping.department, &entry.department),
            is(|known| &known.person.department),
        ),
        phone: phone.unwrap_or_default(),
        zone: None,
        locale: None,
        manager: before.and_then(|known| Some(known.person.manager.as_ref()?.id)),
        active: None,
    })
}

/// Addresses that are some, the one mail goes to now first; none leaves what is there. Mail to an administrator's
/// addresses opens the platform, so theirs stay.
fn addresses(entry: &PersonEntry, before: Option<&KnownPerson>) -> Vec<EmailAddress> {
    if before.is_some_and(|known| known.person.role == Role::Admin) {
        return Vec::new();
    }
    let fit = entry
        .mails
        .iter()
        .filter_map(|mail| EmailAddress::parse(mail).ok());
    let mut fit: Vec<EmailAddress> = fit.collect();
    let primary = before.map(|known| known.person.email.to_lowercase());
    fit.sort_by_key(|mail| primary.as_ref() != Some(&mail.as_str().to_lowercase()));
    fit.dedup_by_key(|mail| mail.as_str().to_lowercase());
    fit.truncate(MOST_ADDRESSES);
    fit
}

/// The fields that differ from what the person is like.
pub(super) fn changes(wanted: &WantedPerson, before: &KnownPerson) -> Vec<FieldChange> {
    let mut after = before.person.clone();
    wanted.describe(&mut after);
    let now = &before.person;
    let mut changes: Vec<FieldChange> = [
        ("username", &before.user_name, &wanted.user_name.to_string()),
        ("display_name", &now.display_name, &after.display_name),
        ("given_name", &now.given_name, &after.given_name),
        ("family_name", &now.family_name, &after.family_name),
        ("title", &now.title, &after.title),
        ("department", &now.department, &after.department),
        ("phone", &now.phone, &after.phone),
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .map(|(field, from, to)| change(field, from, to))
    .collect();
    if !wanted.addresses.is_empty() {
        changes.extend(address_change(wanted, before));
    }
    changes
}

/// Whether addresses come or go, or mail is to go elsewhere. What people confirmed themselves stays theirs.
fn address_change(wanted: &WantedPerson, before: &KnownPerson) -> Option<FieldChange> {
    let lower = |text: &str| text.to_lowercase();
    let wants = |address: &str| {
        let mut wanted = wanted.addresses.iter();
        wanted.any(|one| lower(one.as_str()) == lower(address))
    };
    let has = |address: &EmailAddress| {
        let mut known = before.addresses.iter();
        known.any(|(one, _)| lower(one) == lower(address.as_str()))
    };
    let primary = lower(&before.person.email);
    let moves = wanted
        .addresses
        .first()
        .is_some_and(|first| lower(first.as_str()) != primary);
    let goes = |(address, confirmed): &(String, bool)| {
        !confirmed && lower(address) != primary && !wants(address)
    };
    let differs = moves || !wanted.addresses.iter().all(has) || before.addresses.iter().any(goes);
    let listed = |addresses: Vec<&str>| addresses.join(", ");
    differs.then(|| {
        change(
            "email",
            &listed(
                before
                    .addresses
                    .iter()
                    .map(|(address, _)| address.as_str())
                    .collect(),
            ),
            &listed(wanted.addresses.iter().map(EmailAddress::as_str).collect()),
        )
    })
}

/// What a new person is like, as changes from nothing.
pub(super) fn described(wanted: &WantedPerson) -> Vec<FieldChange> {
    let mails: Vec<&str> = wanted.addresses.iter().map(EmailAddress::as_str).collect();
    [
        ("username", wanted.user_name.to_string()),
        ("email", mails.join(", ")),
        ("title", wanted.title.to_string()),
        ("department", wanted.department.to_string()),
        ("phone", wanted.phone.to_string()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(field, text)| change(field, "", &text))
    .collect()
}

pub(super) fn change(field: &str, from: &str, to: &str) -> FieldChange {
    FieldChange {
        field: field.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    }
}
