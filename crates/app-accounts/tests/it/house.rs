//! app-accounts with people in it, and the peer in place of app-auth.

use app_accounts::domain::name::{EmailAddress, Line, Username};
use app_accounts::domain::person::{NewPerson, Person, PersonId, State};
use app_accounts::store::person::{person_find, person_insert};
use platform::{Clock, Principal, Role, Running};
use platform_pg::Database;
use rpc::notifications::v1::{SendMailRequest, SendNotificationRequest};
use testkit::{CookieClient, Setup, World};

use crate::notifications::Notifications;
use crate::peer::Peer;

/// Everything running.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) accounts: Running,
    pub(crate) peer: Peer,
    pub(crate) notifications: Notifications,
    pub(crate) db: Database,
    /// An administrator who is in the directory.
    pub(crate) admin: Principal,
    /// A member who is in the directory.
    pub(crate) user: Principal,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::at(Clock::system()).await
    }

    /// With a clock that the test moves.
    pub(crate) async fn at(clock: Clock) -> Self {
        Self::set_up(Setup::new().clock(clock)).await
    }

    /// With these variables in its environment.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let add = |setup: Setup, (name, value): &(&str, &str)| setup.variable(name, value);
        Self::set_up(variables.iter().fold(Setup::new(), add)).await
    }

    pub(crate) async fn set_up(setup: Setup) -> Self {
        let world = setup.start().await;
        let peer = Peer::default();
        // Kept alive by the host; it needs no handle.
        let _auth = world.add(peer.app()).await;
        let notifications = Notifications::default();
        let _notifications = world.add(notifications.app()).await;
        let accounts = world.add(app_accounts::app()).await;
        let boot = world.boot("accounts");
        let config = platform_pg::config(&mut boot.environment.reader());
        let db = Database::connect(&boot, config, app_accounts::migrations())
            .await
            .unwrap();
        let house = Self {
            world,
            accounts,
            peer,
            notifications,
            db,
            admin: testkit::admin(),
            user: testkit::user(),
        };
        house.add(&house.admin, State::Active).await;
        house.add(&house.user, State::Active).await;
        house
    }

    /// Puts somebody into the directory.
    pub(crate) async fn add(&self, who: &Principal, state: State) {
        let new = NewPerson {
            id: PersonId(who.user_id),
            username: Username::parse(&who.username).unwrap(),
            email: EmailAddress::parse(&who.email).unwrap(),
            display_name: Line::required(&who.display_name).unwrap(),
            role: who.role,
        };
        let client = self.db.client().await.unwrap();
        assert!(
            person_insert(&client, &new, state, self.world.clock.now())
                .await
                .unwrap()
        );
    }

    /// Puts another member into the directory.
    pub(crate) async fn member(&self, name: &str, role: Role) -> Principal {
        let who = testkit::person(name, role);
        self.add(&who, State::Active).await;
        who
    }

    /// Somebody as they are in the directory now.
    pub(crate) async fn person(&self, who: &Principal) -> Person {
        let client = self.db.client().await.unwrap();
        person_find(&client, PersonId(who.user_id))
            .await
            .unwrap()
            .expect("is in the directory")
    }

    /// What people were told, once there is so much of it.
    pub(crate) async fn told(&self, count: usize) -> Vec<SendNotificationRequest> {
        testkit::until("people are told", async || {
            let sent = self.notifications.sent.lock().unwrap().clone();
            (sent.len() >= count).then_some(sent)
        })
        .await
    }

    /// The mails that were sent, once there are so many.
    pub(crate) async fn mails(&self, count: usize) -> Vec<SendMailRequest> {
        testkit::until("mail is sent", async || {
            let mails = self.notifications.mails.lock().unwrap().clone();
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    pub(crate) fn browser(&self, who: &Principal) -> CookieClient {
        self.world.visitor_as(&self.accounts, who)
    }

    /// The administrator, who has confirmed at this moment who they are.
    pub(crate) fn administrator(&self) -> CookieClient {
        self.browser(&Principal {
            authenticated_at: self.world.clock.now(),
            ..self.admin.clone()
        })
    }

    /// Where an administrator looks at somebody.
    pub(crate) fn page_of(who: &Principal) -> String {
        format!("/admin/accounts/people/{}", who.user_id)
    }
}
