//! An expired password that nothing over LDAP opens any more, by FreeIPA's web interface: recorded answers over TLS, beside a
//! real slapd that says that the password is over.

use directory::{
    Changed, EntryId, Passwords, Refusal, Security, Source, Step, Verdict, Whose, Why,
};
use testkit::{LDAP_POLICY, TestLdap, ipa_server, ipa_shapes, ldap_server};

use crate::given::{NOW, both, limits, person};

const PASSWORD: &str = "blue kettle & canary=1";
const NEXT: &str = "green kettle canary";

/// Somebody whose password is over, and who has no sign-in left with it.
async fn expired() -> TestLdap {
    let entry = person(1);
    let ldap = ldap_server(&format!(
        "{}\nuserPassword: {PASSWORD}\npwdPolicySubentry: {LDAP_POLICY}\n\
         pwdChangedTime: 20200101000000Z\n\n",
        entry.trim_end()
    ))
    .await;
    let none = "replace: pwdGraceAuthNLimit\npwdGraceAuthNLimit: 0";
    ldap.change(&format!(
        "dn: {LDAP_POLICY}\nchangetype: modify\n{none}\n\n"
    ));
    ldap
}

async fn change(source: &Source, old: &str) -> Result<Changed, directory::Error> {
    let id = EntryId("person-1".to_owned());
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let limits = limits();
    let (old, new) = (old.into(), NEXT.into());
    let asked = Passwords::default();
    asked.change((source, &limits), whose, (&old, &new)).await
}

async fn verify(source: &Source, password: &str) -> Verdict {
    let id = EntryId("person-1".to_owned());
    let whose = Whose {
        id: &id,
        now: NOW.parse().unwrap(),
    };
    let limits = limits();
    let asked = Passwords::default();
    let asked = asked
        .verify((source, &limits), whose, &password.into())
        .await;
    asked.unwrap()
}

#[tokio::test]
async fn it_is_asked_for_what_ldap_does_not_do_any_more_and_for_nothing_else() {
    let (ldap, ipa) = (expired().await, ipa_server(ipa_shapes::obliging).await);
    let source = both(&ldap, &ipa);
    assert_eq!(verify(&source, PASSWORD).await, Verdict::MustChange);
    assert_eq!(verify(&source, "wrong").await, Verdict::Wrong);
    let wrong = change(&source, "wrong").await.unwrap();
    assert_eq!(wrong, Changed::NotOpened(Verdict::Wrong));
    assert!(ipa.asked().is_empty(), "{:?}", ipa.asked());
    assert_eq!(change(&source, PASSWORD).await.unwrap(), Changed::Done);
    let asked = ipa.asked().remove(0);
    for field in [
        "POST /ipa/session/change_password HTTP/1.1\r\n",
        // FreeIPA knows itself by its name, without a port.
        "host: 127.0.0.1\r\n",
        "referer: https://127.0.0.1/ipa\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
    ] {
        assert!(asked.head.contains(field), "{field}: {}", asked.head);
    }
    assert_eq!(
        asked.body,
        "user=p1&old_password=blue+kettle+%26+canary%3D1&new_password=green+kettle+canary"
    );
    let without = Source {
        web: None,
        ..source
    };
    assert_eq!(verify(&without, PASSWORD).await, Verdict::Expired);
    let closed = change(&without, PASSWORD).await.unwrap();
    assert_eq!(closed, Changed::NotOpened(Verdict::Expired));
}

#[tokio::test]
async fn its_answers_are_told_apart_and_others_are_not_believed() {
    let ldap = expired().await;
    let short = "HTTP/1.1 200 Success\r\nX-IPA-Pwchange-Result: policy-error\r\n\
                 X-IPA-Pwchange-Policy-Error: Constraint violation: Password is too short";
    let invalid = "HTTP/1.1 200 Success\r\nX-IPA-Pwchange-Result: invalid-password";
    for (head, expected) in [
        (short, Changed::Refused(Refusal::TooShort)),
        (invalid, Changed::NotOpened(Verdict::Wrong)),
    ] {
        let ipa = ipa_server(move |_| ipa_shapes::head(head)).await;
        let changed = change(&both(&ldap, &ipa), PASSWORD).await;
        assert_eq!(changed.unwrap(), expected, "{head}");
    }
    for head in [
        "HTTP/1.1 200 Success\r\nX-IPA-Pwchange-Result: error",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 500 Internal Server Error\r\nX-IPA-Pwchange-Result: ok",
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nX-IPA-Pwchange-Result: ok",
    ] {
        let ipa = ipa_server(move |_| ipa_shapes::head(head)).await;
        let error = change(&both(&ldap, &ipa), PASSWORD).await.unwrap_err();
        assert_eq!(error.why, Why::Refused, "{head}");
    }
    let ipa = ipa_server(|_| "SSH-2.0-OpenSSH_9.2\r\n".to_owned()).await;
    let error = change(&both(&ldap, &ipa), PASSWORD).await.unwrap_err();
    assert_eq!(error.why, Why::BrokeOff);
    assert!(!format!("{error} {error:?}").contains("canary"));
    // With the authority of LDAP alone.
    let stranger = Source {
        server: crate::given::server(&ldap, Security::Tls),
        ..both(&ldap, &ipa)
    };
    let error = change(&stranger, PASSWORD).await.unwrap_err();
    assert_eq!(
        (error.step, error.why),
        (Step::Secure, Why::UnknownAuthority)
    );
}
