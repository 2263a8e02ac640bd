//! What is read is what is there.

use directory::{EntryId, Locks, MemberForm, MemberId, Outcome, Preset, Security, Standing, Step};
use testkit::ldap_server;

use crate::given::{group, limits, people, person, place, read, server, source};

fn id(text: &str) -> EntryId {
    EntryId(text.to_owned())
}

#[tokio::test]
async fn a_person_is_read_with_everything_that_is_mapped() {
    let ldap = ldap_server(&people(2)).await;
    ldap.change(
        "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modify\n\
         replace: cn\ncn:: SsO2cmcgTXVzdGVy\n-\nadd: givenName\ngivenName:  Jane \n-\n\
         add: mail\nmail: a@example.org\n-\nadd: title\ntitle: Engineer\n-\nadd: ou\nou: Works\n-\n\
         add: telephoneNumber\ntelephoneNumber: +49 30 1234\n-\n\
         add: manager\nmanager: UID=P2, CN=Users,dc=example,dc=org\n-\n\
         add: krbPasswordExpiration\nkrbPasswordExpiration: 20270101000000Z\n",
    );
    let snapshot = read(&source(&ldap)).await.unwrap();
    let found = &snapshot.people[0];
    assert_eq!(found.id, id("person-1"));
    assert_eq!(found.dn, "uid=p1,cn=users,dc=example,dc=org");
    assert_eq!(found.username, "p1");
    assert_eq!(found.mails, ["a@example.org", "p1@example.org"]);
    assert_eq!(found.display_name, "Jörg Muster");
    assert_eq!(found.given_name, "Jane");
    assert_eq!(found.family_name, "1");
    assert_eq!(
        (found.title.as_str(), found.department.as_str()),
        ("Engineer", "Works")
    );
    assert_eq!(found.phone, "+49 30 1234");
    assert_eq!(found.manager, Some(id("person-2")));
    assert_eq!(found.standing, Standing::Active);
    let end = found.password_ends_at.unwrap();
    assert_eq!(end.to_string(), "2027-01-01T00:00:00Z");
    assert_eq!(snapshot.people[1].manager, None);
}

#[tokio::test]
async fn everybody_comes_over_many_pages_and_every_kind_of_connection() {
    let ldap = ldap_server(&people(50)).await;
    for security in Security::ALL {
        let mut source = source(&ldap);
        source.server = server(&ldap, security);
        let snapshot = read(&source).await.unwrap();
        assert_eq!(snapshot.people.len(), 50, "{security:?}");
    }
}

#[tokio::test]
async fn groups_have_people_and_groups_in_them_and_no_strangers() {
    let ldap = ldap_server(&people(3)).await;
    let staff = group(
        "staff",
        &["uid=p1,cn=users", "UID=P2, cn=Users", "uid=reader"],
    );
    ldap.change(&staff);
    ldap.change(&group(
        "all",
        &["cn=staff,cn=groups", "uid=p3,cn=users", "uid=gone,cn=users"],
    ));
    let snapshot = read(&source(&ldap)).await.unwrap();
    let names: Vec<_> = snapshot
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(names, ["all", "staff"]);
    assert_eq!(
        snapshot.groups[0].members,
        [
            MemberId::Person(id("person-3")),
            MemberId::Group(id("group-staff"))
        ]
    );
    assert_eq!(
        snapshot.groups[1].members,
        [
            MemberId::Person(id("person-1")),
            MemberId::Person(id("person-2"))
        ]
    );
    assert_eq!(snapshot.strangers, 2);

    let mut narrowed = source(&ldap);
    let filter = "(&(uid=*)(memberOf=cn=staff,cn=groups,dc=example,dc=org))";
    narrowed.people = place("cn=users,dc=example,dc=org", filter);
    assert_eq!(
        read(&narrowed).await.unwrap().people.len(),
        2,
        "by the overlay"
    );
    narrowed.groups = None;
    assert_eq!(read(&narrowed).await.unwrap().groups, []);
}

#[tokio::test]
async fn who_is_renamed_or_moved_keeps_the_id() {
    let ldap = ldap_server(&people(1)).await;
    ldap.change(
        "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modrdn\nnewrdn: uid=other\ndeleteoldrdn: 1\n",
    );
    let snapshot = read(&source(&ldap)).await.unwrap();
    assert_eq!(snapshot.people[0].username, "other");
    assert_eq!(snapshot.people[0].id, id("person-1"));
}

#[tokio::test]
async fn locked_and_expired_accounts_are_seen() {
    let ldap = ldap_server(&people(4)).await;
    let set = |person: usize, attribute: &str, value: &str| {
        ldap.change(&format!(
            "dn: uid=p{person},cn=users,dc=example,dc=org\nchangetype: modify\n\
             replace: {attribute}\n{attribute}: {value}\n"
        ));
    };
    set(1, "nsAccountLock", "TRUE");
    set(2, "krbPrincipalExpiration", "20261122120000Z");
    set(3, "krbPrincipalExpiration", "20261122120001Z");
    set(4, "pwdAccountLockedTime", "000001010000Z");
    let mut source = source(&ldap);
    let standings = async |source: &directory::Source| {
        let snapshot = read(source).await.unwrap();
        let standings = snapshot.people.iter().map(|person| person.standing);
        standings.collect::<Vec<_>>()
    };
    assert_eq!(
        standings(&source).await,
        [
            Standing::Disabled,
            Standing::Expired,
            Standing::Active,
            Standing::Active
        ]
    );
    source.mapping.locks = Locks::PasswordPolicy;
    assert_eq!(
        standings(&source).await,
        [
            Standing::Active,
            Standing::Active,
            Standing::Active,
            Standing::Disabled
        ]
    );
}

#[tokio::test]
async fn openldap_is_read_by_its_preset() {
    let ldap = ldap_server(&people(3)).await;
    ldap.change(
        "dn: cn=posix,cn=groups,dc=example,dc=org\nobjectClass: posixGroup\ncn: posix\n\
         gidNumber: 1\nmemberUid: P2\nmemberUid: gone\n",
    );
    ldap.change(&group("staff", &["uid=p3,cn=users"]));
    let preset = Preset::OpenLdap;
    let mut source = source(&ldap);
    source.mapping = preset.mapping();
    source.people = place("dc=example,dc=org", preset.people());
    source.groups = Some(place("dc=example,dc=org", preset.groups()));
    let snapshot = read(&source).await.unwrap();
    assert_eq!(snapshot.people.len(), 3);
    assert!(
        snapshot.people.iter().all(|person| person.id.0.len() == 36),
        "entryUUID"
    );
    let of = |username: &str| {
        let mut people = snapshot.people.iter();
        let person = people.find(|person| person.username == username).unwrap();
        vec![MemberId::Person(person.id.clone())]
    };
    assert_eq!(snapshot.groups[0].members, of("p3"));
    // Groups that name people by their user names.
    source.mapping.member = "memberUid".to_owned();
    source.mapping.member_form = MemberForm::Username;
    source.groups = Some(place("dc=example,dc=org", "(objectClass=posixGroup)"));
    let posix = read(&source).await.unwrap();
    assert_eq!(posix.groups[0].members, of("p2"));
    assert_eq!(posix.strangers, 1);
}

#[tokio::test]
async fn a_probe_counts_the_first_page_and_passes_every_step() {
    let ldap = ldap_server(&people(8)).await;
    ldap.change(&group("staff", &["uid=p1,cn=users"]));
    let probe = directory::probe(&source(&ldap), &limits()).await;
    assert_eq!(probe.failure(), None);
    let outcomes: Vec<_> = probe
        .steps()
        .iter()
        .map(|(_, outcome)| outcome.clone())
        .collect();
    let mut expected = vec![Outcome::Passed; 5];
    expected.extend([Outcome::Found(7, true), Outcome::Found(1, false)]);
    assert_eq!(outcomes, expected);
    assert_eq!(probe.steps()[5].0, Step::People);
}

#[tokio::test]
async fn a_name_with_signs_in_it_is_found_again() {
    let odd = person(1).replace(
        "dn: uid=p1,",
        "dn: cn=Muster\\2c J\\c3\\b6rg \\2b \\22x\\22,",
    );
    let odd = odd.replace("cn: Person 1", "cn:: TXVzdGVyLCBKw7ZyZyArICJ4Ig==");
    let ldap = ldap_server(&odd).await;
    ldap.change(&group("odd", &["CN=MUSTER\\, Jörg \\+ \\\"x\\\",cn=users"]));
    let snapshot = read(&source(&ldap)).await.unwrap();
    assert_eq!(snapshot.people[0].display_name, "Muster, Jörg + \"x\"");
    assert_eq!(
        snapshot.groups[0].members,
        [MemberId::Person(id("person-1"))]
    );
}
