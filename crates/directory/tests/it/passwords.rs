//! Passwords that a directory keeps: right, wrong, locked, over, reset, and changed, as a real server says it.

use std::time::Duration;

use directory::{
    Changed, EntryId, Limits, Passwords, Refusal, Security, Server, Source, Verdict, Whose, Why,
};
use rcgen::{CertificateParams, KeyPair};
use testkit::{LDAP_POLICY, TestLdap, ldap_server};

use crate::given::{NOW, person, source};

const PASSWORD: &str = "blue kettle canary";
const NEXT: &str = "green kettle canary";

/// Person `number` with [`PASSWORD`] and these lines besides.
fn entrant(number: usize, more: &str) -> String {
    let entry = person(number);
    let entry = entry.trim_end();
    format!("{entry}\nuserPassword: {PASSWORD}\npwdPolicySubentry: {LDAP_POLICY}\n{more}\n")
}

fn modify(number: usize, what: &str) -> String {
    format!("dn: uid=p{number},cn=users,dc=example,dc=org\nchangetype: modify\n{what}\n\n")
}

fn limits() -> Limits {
    Limits {
        answer: Duration::from_secs(20),
        whole: Duration::from_mins(1),
        ..Limits::of_sign_in()
    }
}

async fn verify_at(source: &Source, id: &str, password: &str) -> Result<Verdict, directory::Error> {
    let id = EntryId(id.to_owned());
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let asked = Passwords::default();
    asked
        .verify((source, &limits()), whose, &password.into())
        .await
}

async fn verify(ldap: &TestLdap, number: usize, password: &str) -> Verdict {
    let id = format!("person-{number}");
    verify_at(&source(ldap), &id, password).await.unwrap()
}

async fn change(ldap: &TestLdap, number: usize, old: &str, new: &str) -> Changed {
    let id = EntryId(format!("person-{number}"));
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let asked = Passwords::default();
    let (old, new) = (old.into(), new.into());
    asked
        .change((&source(ldap), &limits()), whose, (&old, &new))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_password_is_right_wrong_or_nobodys() {
    let ldap = ldap_server(&[entrant(1, ""), entrant(2, "")].concat()).await;
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Right);
    assert_eq!(verify(&ldap, 1, "wrong").await, Verdict::Wrong);
    assert_eq!(verify(&ldap, 3, PASSWORD).await, Verdict::Gone);
    let star = verify_at(&source(&ldap), "*", PASSWORD).await;
    assert_eq!(star.unwrap(), Verdict::Gone, "an id is no pattern");
    let starttls = Source {
        server: crate::given::server(&ldap, Security::StartTls),
        ..source(&ldap)
    };
    let right = verify_at(&starttls, "person-1", PASSWORD).await;
    assert_eq!(right.unwrap(), Verdict::Right);
}

#[tokio::test]
async fn an_empty_password_never_reaches_the_server() {
    let ldap = ldap_server(&entrant(1, "")).await;
    ldap.kill().await;
    // With a server that is not there, an answer shows that nobody was asked.
    assert_eq!(verify(&ldap, 1, "").await, Verdict::Wrong);
    let changed = change(&ldap, 1, "", NEXT).await;
    assert_eq!(changed, Changed::NotOpened(Verdict::Wrong));
    let changed = change(&ldap, 1, PASSWORD, "").await;
    assert_eq!(changed, Changed::Refused(Refusal::TooShort));
}

#[tokio::test]
async fn too_many_wrong_ones_lock_and_so_does_an_administrator() {
    let ldap = ldap_server(&[entrant(1, ""), entrant(2, ""), entrant(3, "")].concat()).await;
    for _ in 0..3 {
        assert_eq!(verify(&ldap, 1, "wrong").await, Verdict::Wrong);
    }
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Locked);
    let locked = change(&ldap, 1, PASSWORD, NEXT).await;
    assert_eq!(locked, Changed::NotOpened(Verdict::Locked));
    ldap.change(&modify(2, "replace: nsAccountLock\nnsAccountLock: TRUE"));
    assert_eq!(verify(&ldap, 2, PASSWORD).await, Verdict::Locked);
    let over = "replace: krbPrincipalExpiration\nkrbPrincipalExpiration: 20261122115959Z";
    ldap.change(&modify(3, over));
    assert_eq!(verify(&ldap, 3, PASSWORD).await, Verdict::Locked);
}

#[tokio::test]
async fn one_that_was_reset_is_changed_before_it_opens_anything() {
    let ldap = ldap_server(&entrant(1, "")).await;
    ldap.change(&modify(1, "replace: pwdReset\npwdReset: TRUE"));
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::MustChange);
    assert_eq!(verify(&ldap, 1, "wrong").await, Verdict::Wrong);
    let wrong = change(&ldap, 1, "wrong", NEXT).await;
    assert_eq!(wrong, Changed::NotOpened(Verdict::Wrong));
    assert_eq!(change(&ldap, 1, PASSWORD, NEXT).await, Changed::Done);
    assert_eq!(verify(&ldap, 1, NEXT).await, Verdict::Right);
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Wrong);
}

#[tokio::test]
async fn one_that_is_over_opens_as_often_as_it_is_left_and_then_nothing() {
    let over = "pwdChangedTime: 20200101000000Z\n";
    let by_entry = "krbPasswordExpiration: 20261122120000Z\n";
    let entries = [entrant(1, over), entrant(2, over), entrant(3, by_entry)];
    let ldap = ldap_server(&entries.concat()).await;
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::MustChange);
    assert_eq!(verify(&ldap, 1, "wrong").await, Verdict::Wrong);
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::MustChange);
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Expired);
    let changed = change(&ldap, 1, PASSWORD, NEXT).await;
    assert_eq!(changed, Changed::NotOpened(Verdict::Expired));
    assert_eq!(verify(&ldap, 2, PASSWORD).await, Verdict::MustChange);
    assert_eq!(change(&ldap, 2, PASSWORD, NEXT).await, Changed::Done);
    assert_eq!(verify(&ldap, 2, NEXT).await, Verdict::Right);
    assert_eq!(verify(&ldap, 3, PASSWORD).await, Verdict::MustChange);
}

#[tokio::test]
async fn the_rules_of_the_directory_decide_about_a_new_one() {
    let ldap = ldap_server(&entrant(1, "")).await;
    let short = change(&ldap, 1, PASSWORD, "kettle").await;
    assert_eq!(short, Changed::Refused(Refusal::TooShort));
    assert_eq!(change(&ldap, 1, PASSWORD, NEXT).await, Changed::Done);
    let former = change(&ldap, 1, NEXT, PASSWORD).await;
    assert_eq!(former, Changed::Refused(Refusal::InHistory));
    assert_eq!(verify(&ldap, 1, NEXT).await, Verdict::Right);
    let policy = "replace: pwdAllowUserChange\npwdAllowUserChange: FALSE";
    ldap.change(&format!(
        "dn: {LDAP_POLICY}\nchangetype: modify\n{policy}\n\n"
    ));
    let forbidden = change(&ldap, 1, NEXT, "red kettle canary").await;
    assert_eq!(forbidden, Changed::Refused(Refusal::NotAllowed));
}

#[tokio::test]
async fn whoever_is_moved_or_renamed_is_who_they_were_and_whoever_took_their_name_is_not() {
    let ldap = ldap_server(&[entrant(1, ""), entrant(2, "")].concat()).await;
    ldap.change(
        "dn: ou=north,cn=users,dc=example,dc=org\nobjectClass: organizationalUnit\nou: north\n\n\
         dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modrdn\nnewrdn: uid=hopper\n\
         deleteoldrdn: 1\nnewsuperior: ou=north,cn=users,dc=example,dc=org\n\n\
         dn: uid=p2,cn=users,dc=example,dc=org\nchangetype: modrdn\nnewrdn: uid=p1\ndeleteoldrdn: 1\n\n",
    );
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Right);
    let second = "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modify\n\
                  replace: userPassword\nuserPassword: another canary\n\n";
    ldap.change(second);
    assert_eq!(verify(&ldap, 1, "another canary").await, Verdict::Wrong);
    let second = verify(&ldap, 2, "another canary").await;
    assert_eq!(second, Verdict::MustChange, "an administrator set it");
    // Out of the part that is read.
    ldap.change(
        "dn: uid=hopper,ou=north,cn=users,dc=example,dc=org\nchangetype: modrdn\nnewrdn: uid=hopper\n\
         deleteoldrdn: 1\nnewsuperior: cn=groups,dc=example,dc=org\n\n",
    );
    assert_eq!(verify(&ldap, 1, PASSWORD).await, Verdict::Gone);
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_says_neither_yes_nor_no() {
    let ldap = ldap_server(&entrant(1, "")).await;
    let other = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let other = other.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let stranger = Source {
        server: Server::new(
            "127.0.0.1",
            ldap.tls_port,
            Security::Tls,
            Some(&other.pem()),
        )
        .unwrap(),
        ..source(&ldap)
    };
    let refused = verify_at(&stranger, "person-1", PASSWORD).await;
    assert_eq!(refused.unwrap_err().why, Why::UnknownAuthority);
    let mut locked_out = source(&ldap);
    locked_out.bind = Some(crate::given::bind("not the reader's"));
    let refused = verify_at(&locked_out, "person-1", PASSWORD).await;
    assert_eq!(refused.unwrap_err().why, Why::WrongPassword);

    ldap.pause().await;
    let id = EntryId("person-1".to_owned());
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let hasty = Limits {
        answer: Duration::from_millis(200),
        ..limits()
    };
    let (passwords, password) = (Passwords::default(), PASSWORD.into());
    let source = source(&ldap);
    let frozen = passwords.verify((&source, &hasty), whose, &password);
    assert_eq!(frozen.await.unwrap_err().why, Why::TimedOut);
    ldap.resume().await;
    ldap.kill().await;
    let gone = verify_at(&source, "person-1", PASSWORD).await.unwrap_err();
    assert_eq!(gone.why, Why::Unreachable);
    assert!(!format!("{gone} {gone:?}").contains("canary"));
    ldap.start().await;
    let back = verify_at(&source, "person-1", PASSWORD).await;
    assert_eq!(back.unwrap(), Verdict::Right, "it passes by itself");
}

#[tokio::test]
async fn sixteen_are_asked_at_once_and_the_next_one_waits_in_vain_for_a_frozen_server() {
    let ldap = ldap_server(&entrant(1, "")).await;
    let source = source(&ldap);
    let id = EntryId("person-1".to_owned());
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let (passwords, password) = (Passwords::default(), PASSWORD.into());
    let patient = limits();
    ldap.pause().await;
    let many = (0..16).map(|_| passwords.verify((&source, &patient), whose, &password));
    let many = futures_util::future::join_all(many);
    let hasty = Limits {
        answer: Duration::from_millis(200),
        ..limits()
    };
    let one_more = async {
        let refused = passwords.verify((&source, &hasty), whose, &password).await;
        ldap.resume().await;
        refused
    };
    let (many, one_more) = tokio::join!(many, one_more);
    // It never came as far as TLS.
    assert_eq!(one_more.unwrap_err().step, directory::Step::Connect);
    assert!(many.into_iter().all(|one| one == Ok(Verdict::Right)));
}
