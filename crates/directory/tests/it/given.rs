//! Entries, and sources that read them.

use std::time::Duration;

use directory::{Bind, Filter, Limits, Place, Preset, Security, Server, Source};
use testkit::{LDAP_PASSWORD, LDAP_READER, TestIpa, TestLdap};

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

/// A person as FreeIPA has them, number `number`.
pub(crate) fn person(number: usize) -> String {
    format!(
        "dn: uid=p{number},cn=users,dc=example,dc=org\n\
         objectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: ipaObject\n\
         objectClass: krbPrincipalAux\nuid: p{number}\ncn: Person {number}\nsn: {number}\n\
         uidNumber: {number}\ngidNumber: {number}\nhomeDirectory: /home/p{number}\n\
         mail: p{number}@example.org\nipaUniqueID: person-{number}\n\n"
    )
}

/// Many of them.
pub(crate) fn people(count: usize) -> String {
    (1..=count).map(person).collect()
}

/// A group of these, by the first part of their names.
pub(crate) fn group(name: &str, members: &[&str]) -> String {
    let members = members
        .iter()
        .map(|member| format!("member: {member},dc=example,dc=org\n"));
    format!(
        "dn: cn={name},cn=groups,dc=example,dc=org\n\
         objectClass: groupOfNames\nobjectClass: ipaObject\ncn: {name}\n\
         ipaUniqueID: group-{name}\n{}\n",
        members.collect::<String>()
    )
}

/// How to get there.
pub(crate) fn server(ldap: &TestLdap, security: Security) -> Server {
    let (host, port) = match security {
        Security::Tls => ("127.0.0.1", ldap.tls_port),
        Security::StartTls | Security::Plain => ("127.0.0.1", ldap.port),
    };
    Server::new(host, port, security, Some(&ldap.authority)).unwrap()
}

/// As the preset for FreeIPA reads it, with TLS.
pub(crate) fn source(ldap: &TestLdap) -> Source {
    let preset = Preset::FreeIpa;
    Source {
        server: server(ldap, Security::Tls),
        bind: Some(bind(LDAP_PASSWORD)),
        people: place("cn=users,dc=example,dc=org", preset.people()),
        groups: Some(place("cn=groups,dc=example,dc=org", preset.groups())),
        mapping: preset.mapping(),
        web: None,
    }
}

/// The same, with that web interface.
pub(crate) fn both(ldap: &TestLdap, ipa: &TestIpa) -> Source {
    let both = format!("{}{}", ldap.authority, ipa.authority);
    Source {
        server: Server::new("127.0.0.1", ldap.tls_port, Security::Tls, Some(&both)).unwrap(),
        web: Some(ipa.port),
        ..source(ldap)
    }
}

pub(crate) fn bind(password: &str) -> Bind {
    Bind {
        dn: LDAP_READER.to_owned(),
        password: password.into(),
    }
}

pub(crate) fn place(base: &str, filter: &str) -> Place {
    Place::new(base, Filter::parse(filter).unwrap())
}

/// Small pages, so that there are several, and short waits.
pub(crate) fn limits() -> Limits {
    Limits {
        page: 7,
        answer: Duration::from_secs(20),
        ..Limits::default()
    }
}

pub(crate) async fn read(source: &Source) -> Result<directory::Snapshot, directory::Error> {
    directory::read(source, &limits(), NOW.parse().unwrap()).await
}
