//! Passwords that a directory keeps: who is told where they are, who may ask about them, and what a real slapd answers.

use std::time::Duration;

use app_accounts::domain::membership::Member;
use app_accounts::domain::name::Line;
use app_accounts::domain::person::PersonId;
use app_accounts::service::directories::Kept;
use app_accounts::service::people::People;
use platform::Class;
use platform_pg::GenericClient as _;
use prost::Message as _;
use rpc::Call;
use rpc::accounts::PasswordsClient;
use rpc::accounts::v1::{
    ChangePasswordRequest, PasswordRefusal, PasswordVerdict, VerifyPasswordRequest,
};
use rpc::events::accounts::UserChanged;
use testkit::{LDAP_POLICY, ipa_server, ipa_shapes};

use crate::directories::{Office, person, settings};

const PASSWORD: &str = "blue kettle canary";

fn entrant(name: &str) -> String {
    let entry = person(name);
    let entry = entry.trim_end();
    format!("{entry}\nuserPassword: {PASSWORD}\npwdPolicySubentry: {LDAP_POLICY}\n\n")
}

impl Office {
    fn passwords(&self, caller: &str) -> PasswordsClient {
        rpc::accounts::passwords_client(&self.house.world.boot(caller))
    }

    async fn switch(&self, sign_in: bool, name: &str) {
        let mut settings = settings(&self.ldap);
        settings.sign_in = sign_in;
        settings.name = Line::required(name).unwrap();
        let version = self.directories.find(self.id).await.unwrap().version;
        let directories = &self.directories;
        let kept = directories.change(&self.actor, (self.id, version), settings, None);
        assert_eq!(kept.await.unwrap(), Kept::Done);
    }

    async fn id_of(&self, login: &str) -> PersonId {
        self.find(login).await.unwrap().id
    }

    /// Where the other services are told last that somebody's password is, and how often they were told of them.
    async fn told(&self, login: &str) -> (String, usize) {
        let client = self.house.db.client().await.unwrap();
        let sql =
            "SELECT payload FROM outbox WHERE kind = 'accounts.user.changed' ORDER BY position";
        let rows = client.query(sql, &[]).await.unwrap();
        let events = rows.iter().map(|row| {
            let payload: Vec<u8> = row.try_get("payload").unwrap();
            UserChanged::decode(payload.as_slice()).unwrap()
        });
        let about: Vec<UserChanged> = events.filter(|event| event.username == login).collect();
        let versions: Vec<i64> = about.iter().map(|event| event.version).collect();
        assert!(
            versions.is_sorted_by(|one, next| one < next),
            "{versions:?}"
        );
        let last = about.last().unwrap().password_directory.clone();
        (last, about.len())
    }

    async fn verify(&self, login: &str, password: &str) -> Result<PasswordVerdict, rpc::Error> {
        let request = VerifyPasswordRequest {
            user_id: self.id_of(login).await.to_string(),
            password: password.to_owned(),
        };
        let auth = self.passwords("auth");
        Ok(auth.verify_password(call(), request).await?.verdict())
    }

    async fn change(
        &self,
        login: &str,
        old: &str,
        new: &str,
    ) -> (PasswordVerdict, PasswordRefusal) {
        let request = ChangePasswordRequest {
            user_id: self.id_of(login).await.to_string(),
            old_password: old.to_owned(),
            new_password: new.to_owned(),
        };
        let auth = self.passwords("auth");
        let answer = auth.change_password(call(), request).await.unwrap();
        (answer.verdict(), answer.refusal())
    }
}

fn call() -> Call {
    Call::new(Duration::from_secs(20)).wait_for_ready()
}

#[tokio::test]
async fn the_other_services_are_told_where_passwords_are_as_long_as_that_is_so() {
    let office = Office::new(&entrant("p1")).await;
    office.done().await;
    assert_eq!(office.told("p1").await.0, "", "off until somebody says so");
    office.switch(true, "Head office").await;
    assert_eq!(office.told("p1").await.0, "Head office");
    let (_, before) = office.told("p1").await;
    office.switch(true, "Head office").await;
    assert_eq!(office.told("p1").await.1, before, "nothing changed");
    office.switch(true, "Branch").await;
    assert_eq!(office.told("p1").await.0, "Branch");
    // Whoever comes now is known with it from the first word on.
    office.ldap.change(&entrant("p2"));
    office.done().await;
    assert_eq!(office.told("p2").await, ("Branch".to_owned(), 1));

    let (who, id) = (Member::Person(office.id_of("p1").await), office.id);
    let (actor, directories) = (&office.actor, &office.directories);
    directories.unlink(actor, id, who).await.unwrap();
    assert_eq!(office.told("p1").await.0, "");
    directories.link(actor, id, (who, "id-p1")).await.unwrap();
    assert_eq!(office.told("p1").await.0, "Branch");
    office.switch(false, "Branch").await;
    assert_eq!(office.told("p1").await.0, "");
    office.switch(true, "Branch").await;
    directories.delete(actor, id).await.unwrap();
    assert_eq!(office.told("p2").await.0, "");
}

#[tokio::test]
async fn auth_asks_and_nobody_else() {
    let office = Office::new(&entrant("p1")).await;
    office.done().await;
    office.switch(true, "Head office").await;
    let user_id = office.id_of("p1").await.to_string();
    for caller in ["hello", "gateway", "cloud", "settings"] {
        let request = VerifyPasswordRequest {
            user_id: user_id.clone(),
            password: PASSWORD.to_owned(),
        };
        let client = office.passwords(caller);
        let refused = client.verify_password(call(), request).await;
        assert!(refused.is_err(), "{caller} verifies");
        let request = ChangePasswordRequest {
            user_id: user_id.clone(),
            old_password: PASSWORD.to_owned(),
            new_password: "green kettle canary".to_owned(),
        };
        let refused = client.change_password(call(), request).await;
        assert!(refused.is_err(), "{caller} changes");
    }
    let right = office.verify("p1", PASSWORD).await.unwrap();
    assert_eq!(right, PasswordVerdict::Right, "nothing was changed");
}

#[tokio::test]
async fn a_password_is_asked_for_where_it_is_and_for_whom_it_may_open_something() {
    let office = Office::new(&[entrant("p1"), entrant("p2")].concat()).await;
    office.done().await;
    let off = office.verify("p1", PASSWORD).await.unwrap();
    assert_eq!(off, PasswordVerdict::Nobody, "not switched on");
    office.switch(true, "Head office").await;
    let verify = async |login, password| office.verify(login, password).await.unwrap();
    assert_eq!(verify("p1", PASSWORD).await, PasswordVerdict::Right);
    assert_eq!(verify("p1", "wrong").await, PasswordVerdict::Wrong);
    assert_eq!(verify("p1", "").await, PasswordVerdict::Wrong);
    let nobodys = office.house.user.username.clone();
    assert_eq!(verify(&nobodys, PASSWORD).await, PasswordVerdict::Nobody);

    let next = "green kettle canary";
    let none = PasswordRefusal::Unspecified;
    let wrong = office.change("p1", "wrong", next).await;
    assert_eq!(wrong, (PasswordVerdict::Wrong, none));
    let short = office.change("p1", PASSWORD, "short").await;
    assert_eq!(short, (PasswordVerdict::Right, PasswordRefusal::TooShort));
    let changed = office.change("p1", PASSWORD, next).await;
    assert_eq!(changed, (PasswordVerdict::Right, none));
    assert_eq!(verify("p1", next).await, PasswordVerdict::Right);

    let people = People::new(office.house.db.clone(), office.house.world.clock.clone());
    let id = office.id_of("p2").await;
    people.set_access(&office.actor, id, false).await.unwrap();
    office.ldap.kill().await;
    // Without the directory: it does not decide about whoever has no access here.
    assert_eq!(verify("p2", PASSWORD).await, PasswordVerdict::Locked);
    let away = office.verify("p1", next).await.unwrap_err();
    let is_away = matches!(&away, rpc::Error::Refused { class: Class::Unavailable, code, .. }
        if *code == "accounts.directory_away");
    assert!(is_away, "{away:?}");
}

#[tokio::test]
async fn with_freeipa_written_back_to_an_expired_password_is_changed_by_its_web_interface() {
    let expired = entrant("p1");
    let expired = format!(
        "{}\npwdChangedTime: 20200101000000Z\n\n",
        expired.trim_end()
    );
    let office = Office::new(&expired).await;
    let none = "replace: pwdGraceAuthNLimit\npwdGraceAuthNLimit: 0";
    office.ldap.change(&format!(
        "dn: {LDAP_POLICY}\nchangetype: modify\n{none}\n\n"
    ));
    office.done().await;
    office.switch(true, "Head office").await;
    let over = office.verify("p1", PASSWORD).await.unwrap();
    assert_eq!(over, PasswordVerdict::Expired, "off until somebody says so");
    let ipa = ipa_server(ipa_shapes::obliging).await;
    office.write_back(&ipa, true).await;
    let over = office.verify("p1", PASSWORD).await.unwrap();
    assert_eq!(over, PasswordVerdict::MustChange);
    let changed = office.change("p1", PASSWORD, "green kettle canary").await;
    assert_eq!(
        changed,
        (PasswordVerdict::Right, PasswordRefusal::Unspecified)
    );
    assert!(ipa.asked()[0].body.starts_with("user=p1&"));
}
