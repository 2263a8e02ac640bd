#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod groups;
mod promises;

use directory::{GroupEntry, MemberId, Preset};
use uuid::Uuid;

use super::*;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::{Person, PersonId};
use crate::domain::sync::KnownGroup;

fn entry_id(text: &str) -> EntryId {
    EntryId(text.to_owned())
}

/// As a directory has somebody.
fn entry(name: &str) -> PersonEntry {
    PersonEntry {
        id: entry_id(&format!("id-{name}")),
        dn: format!("uid={name}"),
        username: name.to_owned(),
        mails: vec![format!("{name}@example.org")],
        display_name: name.to_uppercase(),
        given_name: String::new(),
        family_name: String::new(),
        title: String::new(),
        department: String::new(),
        phone: String::new(),
        manager: None,
        standing: Standing::Active,
        password_ends_at: None,
    }
}

fn id_of(name: &str) -> u128 {
    name.bytes().fold(1, |id, byte| id * 256 + u128::from(byte))
}

/// The same person after a run.
fn known(name: &str) -> KnownPerson {
    let person = Person {
        id: PersonId(Uuid::from_u128(id_of(name))),
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        display_name: name.to_uppercase(),
        given_name: String::new(),
        family_name: String::new(),
        title: String::new(),
        department: String::new(),
        phone: String::new(),
        manager: None,
        role: Role::User,
        state: State::Active,
        ends_on: None,
        trashed_at: None,
        restores_to: None,
        locale: String::new(),
        zone: String::new(),
        theme: String::new(),
        version: 1,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        avatar_at: None,
    };
    KnownPerson {
        entry: entry_id(&format!("id-{name}")),
        user_name: name.to_owned(),
        addresses: vec![(person.email.clone(), false)],
        locked: false,
        person,
    }
}

fn group(name: &str, members: &[MemberId]) -> GroupEntry {
    GroupEntry {
        id: entry_id(&format!("group-{name}")),
        dn: format!("cn={name}"),
        name: name.to_owned(),
        description: String::new(),
        members: members.to_vec(),
    }
}

fn known_group(name: &str, members: &[Member]) -> KnownGroup {
    KnownGroup {
        id: GroupId(Uuid::from_u128(id_of(name) + (1 << 100))),
        entry: entry_id(&format!("group-{name}")),
        name: name.to_owned(),
        members: members.iter().copied().collect(),
    }
}

fn of_entry(name: &str) -> MemberId {
    MemberId::Person(entry_id(&format!("id-{name}")))
}

fn of_person(name: &str) -> Member {
    Member::Person(PersonId(Uuid::from_u128(id_of(name))))
}

fn holder(name: &str) -> Holder {
    Holder {
        id: Uuid::from_u128(id_of(name)),
        name: name.to_uppercase(),
    }
}

fn plan(people: &[PersonEntry], known_people: &[KnownPerson]) -> Plan {
    let known = Known {
        people: known_people.to_vec(),
        administrators: 1,
        ..Known::default()
    };
    plan_of(people, &[], &known)
}

fn plan_of(people: &[PersonEntry], groups: &[GroupEntry], known: &Known) -> Plan {
    let snapshot = Snapshot {
        people: people.to_vec(),
        groups: groups.to_vec(),
        strangers: 0,
    };
    diff(&snapshot, known, &Preset::FreeIpa.mapping())
}

fn deeds(plan: &Plan) -> Vec<(Deed, &str)> {
    let steps = plan.people.iter();
    steps.map(|step| (step.deed, step.name.as_str())).collect()
}

fn obstacles(plan: &Plan) -> Vec<Obstacle> {
    plan.conflicts
        .iter()
        .map(|conflict| conflict.obstacle)
        .collect()
}

#[test]
fn who_is_as_they_should_be_is_left_alone() {
    let plan = plan(
        &[entry("erika"), entry("max")],
        &[known("erika"), known("max")],
    );
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(obstacles(&plan), []);
}

#[test]
fn who_is_new_is_added_and_who_is_locked_there_is_not() {
    let mut locked = entry("locked");
    locked.standing = Standing::Disabled;
    let plan = plan(&[entry("erika"), locked], &[]);
    assert_eq!(deeds(&plan), [(Deed::Create, "ERIKA")]);
    let wanted = plan.people[0].wanted.as_ref().unwrap();
    assert_eq!(wanted.addresses[0].as_str(), "erika@example.org");
    assert_eq!(wanted.external_id.as_deref(), Some("id-erika"));
}

#[test]
fn only_fields_that_differ_are_changed() {
    let mut changed = entry("erika");
    changed.title = "Engineer".to_owned();
    changed.mails = vec!["aaa@example.org".to_owned(), "erika@example.org".to_owned()];
    let plan = plan(&[changed], &[known("erika")]);
    let fields: Vec<_> = plan.people[0]
        .fields
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(fields, ["title", "email"]);
    let wanted = plan.people[0].wanted.as_ref().unwrap();
    assert_eq!(
        wanted.addresses[0].as_str(),
        "erika@example.org",
        "mail goes where it went"
    );
    assert_eq!(wanted.active, None);
}

#[test]
fn what_nobody_mapped_or_does_not_fit_stays() {
    let mut here = known("erika");
    here.person.title = "Chief".to_owned();
    here.person.phone = "+49301234567".to_owned();
    let mut there = entry("erika");
    there.phone = "ask the porter".to_owned();
    there.display_name = "x".repeat(200);
    let mut mapping = Preset::FreeIpa.mapping();
    mapping.title.clear();
    let snapshot = Snapshot {
        people: vec![there],
        ..Snapshot::default()
    };
    let known = Known {
        people: vec![here],
        ..Known::default()
    };
    let plan = diff(&snapshot, &known, &mapping);
    assert!(plan.is_empty(), "{plan:?}");
}

#[test]
fn confirmed_addresses_stay_and_others_follow_the_directory() {
    let mut here = known("erika");
    here.addresses.push(("own@example.org".to_owned(), true));
    assert!(plan(&[entry("erika")], std::slice::from_ref(&here)).is_empty());
    here.addresses.push(("old@example.org".to_owned(), false));
    let plan = plan(&[entry("erika")], &[here]);
    assert_eq!(plan.people[0].fields[0].field, "email");
}

#[test]
fn who_is_locked_over_or_gone_loses_access_once() {
    let mut disabled = entry("disabled");
    disabled.standing = Standing::Disabled;
    let mut expired = entry("expired");
    expired.standing = Standing::Expired;
    let here = ["disabled", "expired", "gone"].map(known);
    let plan = plan(&[disabled.clone(), expired.clone()], &here);
    let reasons: Vec<_> = plan
        .people
        .iter()
        .map(|step| step.reason.unwrap())
        .collect();
    assert_eq!(reasons, [Reason::Disabled, Reason::Expired, Reason::Gone]);
    let suspended = here.map(|mut known| {
        known
            .person
            .lock(State::Suspended, jiff::Timestamp::UNIX_EPOCH);
        known.locked = true;
        known
    });
    assert!(self::plan(&[disabled, expired], &suspended).is_empty());
}

#[test]
fn a_directory_gives_back_only_what_it_took() {
    let mut by_hand = known("erika");
    by_hand
        .person
        .lock(State::Suspended, jiff::Timestamp::UNIX_EPOCH);
    assert!(plan(&[entry("erika")], std::slice::from_ref(&by_hand)).is_empty());
    by_hand.locked = true;
    let back = plan(&[entry("erika")], std::slice::from_ref(&by_hand));
    assert_eq!(deeds(&back), [(Deed::Reinstate, "ERIKA")]);
    by_hand.person.role = Role::Admin;
    let admin = plan(&[entry("erika")], &[by_hand]);
    assert_eq!(
        (deeds(&admin), obstacles(&admin)),
        (vec![], vec![Obstacle::Administrator])
    );
}

#[test]
fn who_is_in_the_trash_stays_there() {
    let mut here = known("erika");
    here.person
        .lock(State::Deleted, jiff::Timestamp::UNIX_EPOCH);
    let mut there = entry("erika");
    there.title = "Engineer".to_owned();
    let plan = plan(&[there], &[here]);
    assert_eq!(
        (deeds(&plan), obstacles(&plan)),
        (vec![], vec![Obstacle::InTrash])
    );
}

#[test]
fn local_accounts_are_never_taken_over() {
    let mut known = Known::default();
    known.user_names.insert("erika".to_owned(), holder("local"));
    known
        .mails
        .insert("max@example.org".to_owned(), holder("other"));
    let mut cased = entry("erika");
    cased.username = "ERIKA".to_owned();
    let plan = plan_of(&[cased, entry("max")], &[], &known);
    assert_eq!(deeds(&plan), []);
    assert_eq!(
        obstacles(&plan),
        [Obstacle::UserNameTaken, Obstacle::MailTaken]
    );
    let held: Vec<_> = plan
        .conflicts
        .iter()
        .map(|one| one.holder.clone().unwrap().1)
        .collect();
    assert_eq!(held, ["LOCAL", "OTHER"]);
}

#[test]
fn a_taken_address_is_left_out_and_the_rest_is_followed() {
    let mut known_here = Known {
        people: vec![known("erika")],
        ..Known::default()
    };
    known_here
        .mails
        .insert("taken@example.org".to_owned(), holder("other"));
    let mut there = entry("erika");
    there.mails.push("taken@example.org".to_owned());
    there.title = "Engineer".to_owned();
    let plan = plan_of(&[there], &[], &known_here);
    assert_eq!(obstacles(&plan), [Obstacle::MailTaken]);
    assert_eq!(plan.people[0].fields.len(), 1);
    assert!(plan.people[0].wanted.as_ref().unwrap().addresses.is_empty());
}

#[test]
fn who_comes_back_under_another_id_is_not_the_same() {
    let mut again = entry("erika");
    again.id = entry_id("another");
    let plan = plan(&[again], &[known("erika")]);
    assert_eq!(deeds(&plan), [(Deed::Suspend, "ERIKA")]);
    assert_eq!(obstacles(&plan), [Obstacle::UserNameTaken]);
    assert_eq!(
        plan.conflicts[0].holder.as_ref().unwrap().0,
        Uuid::from_u128(id_of("erika"))
    );
}

#[test]
fn of_two_entries_with_one_name_or_address_the_known_one_keeps_it() {
    let mut twin = entry("erika");
    twin.id = entry_id("a-twin");
    twin.mails = vec!["twin@example.org".to_owned()];
    let plan = plan(&[twin, entry("erika")], &[known("erika")]);
    assert_eq!(
        (deeds(&plan), obstacles(&plan)),
        (vec![], vec![Obstacle::UserNameTwice])
    );
}

#[test]
fn who_has_no_address_or_no_name_that_is_one_is_listed() {
    let mut without = entry("erika");
    without.mails = vec!["nowhere".to_owned()];
    let mut unfit = entry("max");
    unfit.username = "x".repeat(400);
    let plan = plan(&[without, unfit], &[]);
    assert_eq!(
        (deeds(&plan), obstacles(&plan)),
        (vec![], vec![Obstacle::NoMail, Obstacle::Unfit])
    );
}

#[test]
fn administrators_keep_their_mail_and_the_last_one_access() {
    let mut admin = known("erika");
    admin.person.role = Role::Admin;
    let mut moved = entry("erika");
    moved.mails = vec!["evil@example.org".to_owned()];
    assert!(plan(&[moved], std::slice::from_ref(&admin)).is_empty());

    let mut known_here = Known {
        people: vec![admin, known("max")],
        administrators: 1,
        ..Known::default()
    };
    let gone = plan_of(&[], &[], &known_here);
    assert_eq!(deeds(&gone).len(), 2, "another is left");
    known_here.administrators = 0;
    let last = plan_of(&[], &[], &known_here);
    assert_eq!(deeds(&last), [(Deed::Suspend, "MAX")]);
    assert_eq!(obstacles(&last), [Obstacle::LastAdministrator]);
}

#[test]
fn whom_people_report_to_follows_once_they_are_here() {
    let mut there = entry("erika");
    there.manager = Some(entry_id("id-max"));
    let both = [there.clone(), entry("max")];
    let change = plan(&both, &[known("erika"), known("max")]);
    assert_eq!(change.people[0].fields[0].to, "MAX");
    assert_eq!(change.people[0].reports, Reports::To(entry_id("id-max")));
    let mut here = known("erika");
    here.person.manager = Some(known("max").person.as_manager());
    assert!(plan(&both, &[here.clone(), known("max")]).is_empty());
    there.manager = None;
    let none = plan(&[there, entry("max")], &[here, known("max")]);
    assert_eq!(none.people[0].reports, Reports::ToNobody);
    // Somebody who is new gets theirs with the same run.
    let new = plan(&both, &[]);
    assert_eq!(new.people[0].reports, Reports::To(entry_id("id-max")));
}
