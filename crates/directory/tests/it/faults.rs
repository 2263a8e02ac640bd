//! What ends a read: each time an error that says why, and nothing to apply.

use std::time::Duration;

use directory::{Error, Limits, Outcome, Security, Server, Source, Step, Why};
use testkit::{LDAP_LIMITED, LDAP_PASSWORD, ldap_server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::given::{NOW, bind, group, limits, people, person, place, read, source};

async fn refused(source: &Source) -> (Step, Why) {
    refused_within(source, limits()).await
}

async fn refused_within(source: &Source, limits: Limits) -> (Step, Why) {
    let read = directory::read(source, &limits, NOW.parse().unwrap()).await;
    let Error { step, why, .. } = read.unwrap_err();
    (step, why)
}

/// At `port` of this machine, in plain text.
fn plain(port: u16) -> Server {
    Server::new("127.0.0.1", port, Security::Plain, None).unwrap()
}

/// Stands between reader and server at a port of its own. After `most` bytes of answers it says so, passes nothing on
/// any more, and hangs up once the server has.
async fn relay(to: u16, most: usize) -> (u16, oneshot::Receiver<()>, AbortOnDropHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = oneshot::channel();
    let task = TaskTracker::new().spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let up = async { drop(tokio::io::copy(&mut from_client, &mut to_server).await) };
        let down = async {
            let mut first = (&mut from_server).take(most as u64);
            tokio::io::copy(&mut first, &mut to_client).await.unwrap();
            tell.send(()).unwrap();
            drop(tokio::io::copy(&mut from_server, &mut tokio::io::sink()).await);
        };
        tokio::select! { () = up => {}, () = down => {} }
    });
    (port, told, AbortOnDropHandle::new(task))
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_leaves_nothing() {
    let ldap = ldap_server(&people(200)).await;
    // Within the pages of people, and within one message.
    for most in [3_000, 3_017, 10_001] {
        let (port, told, _relay) = relay(ldap.port, most).await;
        let mut source = source(&ldap);
        source.server = plain(port);
        let kill = async {
            told.await.unwrap();
            ldap.kill().await;
        };
        let (refused, ()) = tokio::join!(refused(&source), kill);
        assert_eq!(refused, (Step::People, Why::BrokeOff), "after {most} bytes");
        ldap.start().await;
    }
    assert_eq!(read(&source(&ldap)).await.unwrap().people.len(), 200);
}

#[tokio::test]
async fn an_answer_that_the_server_cuts_is_not_taken_for_all() {
    let ldap = ldap_server(&people(30)).await;
    let mut source = source(&ldap);
    source.bind.as_mut().unwrap().dn = LDAP_LIMITED.to_owned();
    // Pages larger than the server hands out, and pages that are more than that together.
    for page in [7, 2] {
        let paged = Limits { page, ..limits() };
        let refused = refused_within(&source, paged).await;
        assert_eq!(refused, (Step::People, Why::Truncated), "pages of {page}");
    }
}

#[tokio::test]
async fn two_entries_with_one_id_end_it() {
    let twin = person(2).replace("ipaUniqueID: person-2", "ipaUniqueID: PERSON-1");
    let ldap = ldap_server(&format!("{}{twin}", person(1))).await;
    assert_eq!(
        refused(&source(&ldap)).await,
        (Step::People, Why::DuplicateId)
    );
    let error = read(&source(&ldap)).await.unwrap_err();
    assert!(error.about.contains("uid=p2,cn=users"), "{error}");
    assert!(error.to_string().contains("remove the copy"), "{error}");

    let ldap = ldap_server(&people(2)).await;
    let named_alike = group("staff", &["uid=p1,cn=users"]).replace("group-staff", "person-2");
    ldap.change(&named_alike);
    assert_eq!(
        refused(&source(&ldap)).await,
        (Step::Groups, Why::DuplicateId)
    );
}

#[tokio::test]
async fn who_has_no_id_or_no_name_ends_it() {
    let ldap = ldap_server(&people(2)).await;
    ldap.change("dn: uid=p2,cn=users,dc=example,dc=org\nchangetype: modify\ndelete: ipaUniqueID\n");
    let mut source = source(&ldap);
    source.people = place("cn=users,dc=example,dc=org", "(uid=*)");
    assert_eq!(refused(&source).await, (Step::People, Why::Missing));
    source.people = place("cn=users,dc=example,dc=org", "(uid=p1)");
    source.mapping.username = "displayName".to_owned();
    assert_eq!(refused(&source).await, (Step::People, Why::Missing));
}

#[tokio::test]
async fn a_pointer_to_another_server_is_not_followed_and_not_left_out() {
    let ldap = ldap_server(&people(1)).await;
    ldap.change(
        "dn: ou=elsewhere,cn=users,dc=example,dc=org\nobjectClass: referral\n\
         objectClass: extensibleObject\nou: elsewhere\nref: ldap://other.example.org/dc=other\n",
    );
    let mut source = source(&ldap);
    assert_eq!(refused(&source).await, (Step::People, Why::Referral));
    source.people = place("ou=elsewhere,cn=users,dc=example,dc=org", "(uid=*)");
    assert_eq!(refused(&source).await, (Step::People, Why::Referral));
}

#[tokio::test]
async fn who_may_not_read_is_told_so() {
    let ldap = ldap_server(&people(1)).await;
    let mut source = source(&ldap);
    source.bind = Some(bind("wrong"));
    assert_eq!(refused(&source).await, (Step::Bind, Why::WrongPassword));
    assert!(
        !read(&source)
            .await
            .unwrap_err()
            .to_string()
            .contains("canary")
    );
    source.bind = Some(bind(""));
    assert_eq!(refused(&source).await, (Step::Bind, Why::EmptyPassword));
    source.bind = Some(bind(LDAP_PASSWORD));
    source.bind.as_mut().unwrap().dn = "cn=nobody,dc=example,dc=org".to_owned();
    assert_eq!(refused(&source).await, (Step::Bind, Why::WrongPassword));
    // Nobody in particular sees nothing of this server, not even the base.
    source.bind = None;
    assert_eq!(refused(&source).await, (Step::Base, Why::BaseMissing));
}

#[tokio::test]
async fn a_base_that_is_not_there_is_named() {
    let ldap = ldap_server(&people(1)).await;
    let mut source = source(&ldap);
    source.groups = Some(place("cn=roles,dc=example,dc=org", "(cn=*)"));
    let error = read(&source).await.unwrap_err();
    assert_eq!((error.step, error.why), (Step::Base, Why::BaseMissing));
    assert!(error.about.contains("cn=roles"), "{error}");
    let probe = directory::probe(&source, &limits()).await;
    let outcomes: Vec<_> = probe
        .steps()
        .iter()
        .map(|(_, outcome)| outcome.clone())
        .collect();
    assert_eq!(outcomes[3], Outcome::Passed);
    assert_eq!(outcomes[4], Outcome::Failed(error));
    assert_eq!(outcomes[5..], [Outcome::NotTried, Outcome::NotTried]);
}

#[tokio::test]
async fn too_much_is_not_cut_short_either() {
    let ldap = ldap_server(&people(12)).await;
    ldap.change(&group("staff", &["uid=p1,cn=users", "uid=p2,cn=users"]));
    let source = source(&ldap);
    let cases = [
        (
            Limits {
                entries: 12,
                ..limits()
            },
            Step::Groups,
            Why::TooManyEntries,
        ),
        (
            Limits {
                entries: 11,
                ..limits()
            },
            Step::People,
            Why::TooManyEntries,
        ),
        (
            Limits {
                members: 1,
                ..limits()
            },
            Step::Groups,
            Why::TooManyMembers,
        ),
        (
            Limits {
                value: 8,
                ..limits()
            },
            Step::People,
            Why::ValueTooLong,
        ),
        (
            Limits {
                message: 100,
                ..limits()
            },
            Step::People,
            Why::Malformed,
        ),
    ];
    for (limits, step, why) in cases {
        assert_eq!(
            refused_within(&source, limits).await,
            (step, why),
            "{why:?}"
        );
    }
    let just = Limits {
        entries: 13,
        members: 2,
        ..limits()
    };
    assert!(
        directory::read(&source, &just, NOW.parse().unwrap())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_does_not_hold_the_reader() {
    let ldap = ldap_server(&people(1)).await;
    ldap.pause().await;
    let soon = Duration::from_millis(50);
    let mut source = source(&ldap);
    // The kernel takes the connection for the frozen server; nobody shakes hands.
    let silent = Limits {
        answer: soon,
        ..limits()
    };
    assert_eq!(
        refused_within(&source, silent).await,
        (Step::Secure, Why::TimedOut)
    );
    source.server = plain(ldap.port);
    let over = Limits {
        whole: soon,
        ..limits()
    };
    assert_eq!(
        refused_within(&source, over).await,
        (Step::Bind, Why::TookTooLong)
    );
    ldap.resume().await;
    assert!(read(&source).await.is_ok());
}

#[tokio::test]
async fn who_is_not_there_or_no_directory_is_told_apart() {
    let ldap = ldap_server("").await;
    let mut source = source(&ldap);
    source.server = Server::new("directory.invalid", 636, Security::Tls, None).unwrap();
    assert_eq!(refused(&source).await, (Step::Resolve, Why::NameUnknown));
    ldap.kill().await;
    source.server = plain(ldap.port);
    assert_eq!(refused(&source).await, (Step::Connect, Why::Unreachable));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    source.server = plain(listener.local_addr().unwrap().port());
    let answer = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"220 mail.example.org ESMTP\r\n")
            .await
            .unwrap();
        stream
    };
    let (refused, _stream) = tokio::join!(refused(&source), answer);
    assert_eq!(refused, (Step::Bind, Why::Malformed));
}
