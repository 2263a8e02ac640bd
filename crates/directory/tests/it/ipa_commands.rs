//! Commands of FreeIPA's JSON interface: recorded answers over TLS, beside a real slapd that knows who is meant. What a
//! FreeIPA would do with the commands, nothing in here shows.

use std::sync::atomic::{AtomicUsize, Ordering};

use directory::ipa::{Ipa, Kind, Membership, Moved, NotDone, Refusal, account};
use directory::{Bind, EntryId, Limits, Source, Step, Why};
use secrecy::ExposeSecret as _;
use serde_json::json;
use testkit::{
    IpaRequest, LDAP_READER, TestIpa, TestLdap, ipa_server, ipa_shapes as shapes, ldap_server,
};

use crate::given::{NOW, both, group, limits, person};

async fn directory() -> TestLdap {
    let ldap = ldap_server(&person(1)).await;
    ldap.change(&group("staff", &["uid=p1,cn=users"]));
    ldap
}

fn client(ldap: &TestLdap, ipa: &TestIpa) -> Ipa {
    Ipa::of(&both(ldap, ipa)).unwrap()
}

/// Signs everybody in, and answers commands with what `answer` says.
async fn answering(answer: impl Fn(&IpaRequest) -> String + Send + Sync + 'static) -> TestIpa {
    ipa_server(move |request| match request.method().as_str() {
        "" => shapes::signed_in("first"),
        _ => answer(request),
    })
    .await
}

fn refusal(done: Result<(), NotDone>) -> Refusal {
    match done {
        Err(NotDone::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn away<T: std::fmt::Debug>(done: Result<T, NotDone>) -> directory::Error {
    match done {
        Err(NotDone::Away(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_people_sign_in_to_the_web_interface() {
    assert_eq!(account(LDAP_READER).as_deref(), Some("reader"));
    let system = "uid=cloud,cn=sysaccounts,cn=etc,dc=example,dc=org";
    assert_eq!(account(system), None);
    assert_eq!(account("cn=Directory Manager"), None);
}

#[tokio::test]
async fn who_is_meant_is_looked_up_by_the_id_that_stays() {
    let (ldap, ipa) = (directory().await, ipa_server(shapes::obliging).await);
    let client = client(&ldap, &ipa);
    let (one, limits) = (EntryId("person-1".to_owned()), limits());
    let login = async || client.login_of(&one, &limits).await.unwrap();
    assert_eq!(login().await.as_deref(), Some("p1"));
    ldap.change(
        "dn: uid=p1,cn=users,dc=example,dc=org\nchangetype: modrdn\nnewrdn: uid=ada\ndeleteoldrdn: 1\n",
    );
    assert_eq!(login().await.as_deref(), Some("ada"));
    let nobody = EntryId("person-2".to_owned());
    assert_eq!(client.login_of(&nobody, &limits).await.unwrap(), None);
    let staff = EntryId("group-staff".to_owned());
    let found = client.group_of(&staff, &limits).await.unwrap();
    assert_eq!(found.as_deref(), Some("staff"));
    // A person is no group, whatever their id.
    assert_eq!(client.group_of(&one, &limits).await.unwrap(), None);
    assert!(ipa.asked().is_empty());
}

#[tokio::test]
async fn commands_are_asked_for_as_a_page_of_freeipa_would() {
    let (ldap, ipa) = (directory().await, ipa_server(shapes::obliging).await);
    let (client, limits) = (client(&ldap, &ipa), limits());
    let name = [
        ("givenName", "Ada"),
        ("sn", "Lovelace"),
        ("mail", "ada@example.org"),
    ];
    let added = client.add("ada", &name, &limits).await.unwrap();
    assert_eq!(
        (added.id.0.as_str(), added.login.as_str()),
        ("id-ada", "ada")
    );
    client
        .change("ada", &[("title", "")], &limits)
        .await
        .unwrap();
    client.unlock("ada", &limits).await.unwrap();
    client.set_enabled("ada", false, &limits).await.unwrap();
    client.set_enabled("ada", true, &limits).await.unwrap();
    let password = client.set_random_password("ada", &limits).await.unwrap();
    assert_eq!(password.expose_secret(), "Mb4;canary_x9Q");
    assert!(!format!("{password:?} {client:?}").contains("canary"));

    let asked = ipa.asked();
    let sign_in = &asked[0];
    assert!(
        sign_in
            .head
            .starts_with("POST /ipa/session/login_password HTTP/1.1\r\n")
    );
    assert_eq!(sign_in.body, "user=reader&password=reader%27s+canary");
    let command = &asked[1];
    for field in [
        "POST /ipa/session/json HTTP/1.1\r\n",
        "host: 127.0.0.1\r\n",
        "referer: https://127.0.0.1/ipa\r\n",
        "content-type: application/json\r\n",
        "cookie: ipa_session=MagBearerToken=first\r\n",
    ] {
        assert!(
            format!("{}\r\n", command.head).contains(field),
            "{field}: {}",
            command.head
        );
    }
    let body: serde_json::Value = serde_json::from_str(&command.body).unwrap();
    let expected = json!({ "method": "user_add", "id": 0, "params": [["ada"], {
        "givenname": "Ada", "sn": "Lovelace", "mail": "ada@example.org", "all": true, "version": "2.231",
    }]});
    assert_eq!(body, expected);
    let methods: Vec<String> = asked.iter().map(IpaRequest::method).collect();
    let expected = [
        "",
        "user_add",
        "user_mod",
        "user_unlock",
        "user_disable",
        "user_enable",
        "user_mod",
    ];
    assert_eq!(methods, expected, "one session for all of them");
    assert_eq!(
        asked[2].options(),
        json!({ "title": "", "version": "2.231" })
    );
    assert_eq!(
        asked[6].options(),
        json!({ "random": true, "version": "2.231" })
    );
}

#[tokio::test]
async fn it_is_said_whether_somebody_is_locked_off_or_over() {
    let ldap = directory().await;
    let state = async |failed: u32, last: &'static str, off: bool| {
        let ipa = answering(move |request| match request.method().as_str() {
            "user_show" => {
                let mut user = shapes::user("ada", "id-ada");
                user["nsaccountlock"] = off.into();
                shapes::result(&json!({ "result": user, "value": "ada", "summary": null }))
            }
            "user_status" => shapes::result(&shapes::status("ada", failed, last)),
            _ => shapes::result(&shapes::policy()),
        })
        .await;
        let now = NOW.parse().unwrap();
        let state = client(&ldap, &ipa).state("ada", now, &limits()).await;
        state.unwrap()
    };
    let fine = state(5, "2026-11-22T11:59:00Z", false).await;
    assert!(fine.enabled);
    assert_eq!(fine.locked, Some(false), "five of six");
    let end = "2027-02-15T12:00:00Z".parse().ok();
    assert_eq!(fine.password_ends_at, end);
    let locked = state(6, "2026-11-22T11:59:00Z", true).await;
    assert_eq!((locked.enabled, locked.locked), (false, Some(true)));
    let over = state(6, "2026-11-22T11:49:00Z", false).await;
    assert_eq!(over.locked, Some(false), "ten minutes are over");
}

#[tokio::test]
async fn without_the_right_to_know_it_is_not_guessed_whether_somebody_is_locked() {
    let ldap = directory().await;
    let ipa = answering(|request| match request.method().as_str() {
        "pwpolicy_show" => {
            let info = "Insufficient access: no such entry or no right to read it";
            shapes::error(2100, "ACIError", info, &json!({ "info": info }))
        }
        _ => shapes::obliging(request),
    })
    .await;
    let (client, limits) = (client(&ldap, &ipa), limits());
    let state = client.state("ada", NOW.parse().unwrap(), &limits).await;
    assert_eq!(state.unwrap().locked, None);
}

#[tokio::test]
async fn a_session_that_ended_is_begun_anew_once() {
    let ldap = directory().await;
    let sessions = AtomicUsize::new(0);
    let ipa = ipa_server(move |request| match request.method().as_str() {
        "" => shapes::signed_in(&sessions.fetch_add(1, Ordering::Relaxed).to_string()),
        // The first session is good for one command.
        "user_disable" if request.head.contains("MagBearerToken=0") => shapes::signed_out(),
        "user_mod" => shapes::signed_out(),
        _ => shapes::obliging(request),
    })
    .await;
    let (client, limits) = (client(&ldap, &ipa), limits());
    client.unlock("ada", &limits).await.unwrap();
    client.set_enabled("ada", false, &limits).await.unwrap();
    assert_eq!(ipa.calls("user_disable").len(), 2);
    assert_eq!(ipa.calls("").len(), 2);
    let never = away(client.change("ada", &[("sn", "L")], &limits).await);
    assert_eq!((never.step, never.why), (Step::Bind, Why::BindRefused));
    assert_eq!(ipa.calls("user_mod").len(), 2);
}

#[tokio::test]
async fn whoever_is_not_let_in_is_told_why() {
    let ldap = directory().await;
    for (reason, why) in [
        ("invalid-password", Why::WrongPassword),
        ("password-expired", Why::BindRefused),
        ("krbprincipal-expired", Why::BindRefused),
        ("denied", Why::BindRefused),
    ] {
        let ipa = ipa_server(move |_| shapes::rejected(reason)).await;
        let error = away(client(&ldap, &ipa).unlock("ada", &limits()).await);
        assert_eq!((error.step, error.why), (Step::Bind, why), "{reason}");
        assert!(!format!("{error:?} {error}").contains("canary"));
        assert_eq!(ipa.asked().len(), 1, "a wrong password is tried once");
    }
    let ipa = ipa_server(|_| shapes::head("HTTP/1.1 200 Success")).await;
    let error = away(client(&ldap, &ipa).unlock("ada", &limits()).await);
    assert_eq!(error.why, Why::Malformed, "no session");
}

#[tokio::test]
async fn refusals_are_told_apart_with_the_option_they_are_about() {
    let ldap = directory().await;
    let refused = async |code, name: &'static str, message: &'static str, data| {
        let ipa = answering(move |_| shapes::error(code, name, message, &data)).await;
        let client = client(&ldap, &ipa);
        refusal(client.change("ada", &[("sn", "")], &limits()).await)
    };
    let missing = "ada: user not found";
    let found = refused(4001, "NotFound", missing, json!({ "reason": missing })).await;
    assert_eq!((found.kind, found.said.as_str()), (Kind::NotFound, missing));
    let needed = "'sn' is required";
    let found = refused(3007, "RequirementError", needed, json!({ "name": "sn" })).await;
    assert_eq!((found.kind, found.field.as_str()), (Kind::Unfit, "sn"));
    let long = "invalid 'last': can be at most 255 characters";
    let found = refused(3009, "ValidationError", long, json!({ "name": "last" })).await;
    assert_eq!((found.kind, found.field.as_str()), (Kind::Unfit, "sn"));
    let taken = "user with name \"ada\" already exists";
    let found = refused(4002, "DuplicateEntry", taken, json!({})).await;
    assert_eq!((found.kind, found.field.as_str()), (Kind::Taken, ""));
    let may_not = "Insufficient access: Insufficient 'write' privilege to the 'sn' attribute";
    let found = refused(2100, "ACIError", may_not, json!({ "info": may_not })).await;
    assert_eq!(found.kind, Kind::NotPermitted);
    let found = refused(
        903,
        "InternalError",
        "an internal error has occurred",
        json!({}),
    )
    .await;
    assert_eq!(found.kind, Kind::Other);

    let ipa = answering(|_| {
        let message = "no modifications to be performed";
        shapes::error(4202, "EmptyModlist", message, &json!({}))
    })
    .await;
    let (client, limits) = (client(&ldap, &ipa), limits());
    let changed = client.change("ada", &[("sn", "L")], &limits).await;
    assert_eq!(changed, Ok(()), "it was so before");
}

#[tokio::test]
async fn members_that_were_left_out_are_read_out_of_an_answer_that_is_no_refusal() {
    let ldap = directory().await;
    let moved = async |failed: Option<(&'static str, &'static str)>, is_member, is_group| {
        let kind = if is_group { "group" } else { "user" };
        let ipa = answering(move |_| shapes::result(&shapes::members("staff", kind, failed))).await;
        let membership = Membership {
            group: "staff",
            member: "ada",
            is_group,
        };
        let client = client(&ldap, &ipa);
        let moved = client.set_member(membership, is_member, &limits()).await;
        let method = if is_member {
            "group_add_member"
        } else {
            "group_remove_member"
        };
        let asked = ipa.calls(method).remove(0);
        assert_eq!(asked.subject(), "staff");
        assert_eq!(asked.options()[kind], json!(["ada"]));
        moved
    };
    assert_eq!(moved(None, true, false).await, Ok(Moved::Done));
    assert_eq!(moved(None, false, true).await, Ok(Moved::Done));
    let there = ("ada", "This entry is already a member");
    assert_eq!(moved(Some(there), true, false).await, Ok(Moved::Unchanged));
    let not_there = ("ada", "This entry is not a member");
    assert_eq!(
        moved(Some(not_there), false, true).await,
        Ok(Moved::Unchanged)
    );
    let gone = moved(Some(("ada", "no such entry")), true, false).await;
    assert_eq!(refusal(gone.map(drop)).kind, Kind::NotFound);
    // What was so before of adding is not of taking out.
    let other = moved(Some(there), false, false).await;
    assert_eq!(refusal(other.map(drop)).kind, Kind::Other);
}

#[tokio::test]
async fn an_answer_that_is_none_or_too_much_or_too_late_ends_it() {
    let ldap = directory().await;
    let long = "x".repeat(1024 * 1024);
    let much = shapes::result(&json!({ "result": true, "value": "ada", "summary": long }));
    for (answer, why) in [
        (shapes::head("HTTP/1.1 200 Success"), Why::Malformed),
        (much, Why::Malformed),
        (
            shapes::head("HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/ipa"),
            Why::Refused,
        ),
        (
            shapes::head("HTTP/1.1 500 Internal Server Error"),
            Why::Refused,
        ),
        (
            "HTTP/1.1 200 Success\r\ncontent-length: 99\r\n\r\n{".to_owned(),
            Why::BrokeOff,
        ),
    ] {
        let ipa = answering(move |_| answer.clone()).await;
        let error = away(client(&ldap, &ipa).unlock("ada", &limits()).await);
        assert_eq!((error.step, error.why), (Step::People, why));
    }
    // Somebody listens, and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ipa = ipa_server(shapes::obliging).await;
    let source = Source {
        web: Some(silent.local_addr().unwrap().port()),
        ..both(&ldap, &ipa)
    };
    let short = Limits {
        answer: std::time::Duration::from_millis(200),
        ..limits()
    };
    let error = away(Ipa::of(&source).unwrap().unlock("ada", &short).await);
    assert_eq!(error.why, Why::TimedOut);
}

#[tokio::test]
async fn without_a_web_interface_or_somebody_to_sign_in_there_is_none() {
    let (ldap, ipa) = (directory().await, ipa_server(shapes::obliging).await);
    let source = both(&ldap, &ipa);
    let system = Bind {
        dn: "uid=cloud,cn=sysaccounts,cn=etc,dc=example,dc=org".to_owned(),
        password: "secret".into(),
    };
    for source in [
        Source {
            web: None,
            ..source.clone()
        },
        Source {
            bind: None,
            ..source.clone()
        },
        Source {
            bind: Some(system),
            ..source
        },
    ] {
        assert!(Ipa::of(&source).is_none());
    }
}
