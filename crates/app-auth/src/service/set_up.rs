//! Making the first administrator, with the link from the terminal.

use std::sync::Arc;
use std::time::Duration;

use platform::http::LocalPath;
use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::AdministratorCreated;

use crate::domain::factor::Factor;
use crate::domain::login::{DisplayName, MailAddress, Username};
use crate::domain::password::{Beside, Password, PasswordProblem};
use crate::domain::subject::{Role, State, Subject, UserId};
use crate::domain::token::Token;
use crate::error::{BUSY_RETRY, Error};
use crate::service::Core;
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::store::passwords::{password_note_alone, password_put};
use crate::store::setup_links::{
    setup_link_consume, setup_link_discard, setup_link_is_live, setup_lock,
};
use crate::store::subjects::{subject_admin_exists, subject_put};

/// The first administrator as typed.
#[derive(Debug)]
pub(crate) struct Request {
    /// The link's secret as in the address.
    pub(crate) token: String,
    /// Name to show.
    pub(crate) display_name: String,
    /// Sign-in name.
    pub(crate) username: String,
    /// Mail address.
    pub(crate) email: String,
    /// Password.
    pub(crate) password: Password,
    /// From which browser.
    pub(crate) client: Client,
}

/// What is wrong with what was typed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Problems {
    /// The name to show is empty or too long.
    pub(crate) display_name: bool,
    /// The sign-in name is not one.
    pub(crate) username: bool,
    /// The mail address is not one.
    pub(crate) email: bool,
    /// The password may not be one.
    pub(crate) password: Option<PasswordProblem>,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// There is an administrator, and a session.
    Created(Admitted),
    /// Unknown, used or expired, or there is an administrator already.
    Dead,
    /// To be corrected.
    Invalid(Problems),
    /// Too many passwords are being hashed; come back after this long.
    Busy(Duration),
}

/// Use cases around the first administrator. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SetUp {
    core: Arc<Core>,
    admission: Admission,
}

impl SetUp {
    pub(crate) fn new(core: Arc<Core>, admission: Admission) -> Self {
        Self { core, admission }
    }

    /// Whether a link works. Uses nothing up.
    pub(crate) async fn is_live(&self, token: &str, client: &Client) -> Result<bool, Error> {
        self.core.limits.link(client).await?;
        self.lookup(token).await
    }

    async fn lookup(&self, token: &str) -> Result<bool, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(false);
        };
        let client = self.core.db.client().await?;
        let live = setup_link_is_live(&client, &token.hash(), self.core.clock.now()).await?;
        Ok(live && !subject_admin_exists(&client).await?)
    }

    /// Creates the administrator and signs them in. Of several at once exactly one wins.
    pub(crate) async fn create(&self, request: Request) -> Result<Outcome, Error> {
        self.core.limits.link(&request.client).await?;
        if !self.lookup(&request.token).await? {
            return Ok(Outcome::Dead);
        }
        let subject = match self.validate(&request) {
            Ok(subject) => subject,
            Err(problems) => return Ok(Outcome::Invalid(problems)),
        };
        match self.core.hasher.hash(&request.password).await {
            Ok(phc) => self.consume(&request, &subject, &phc).await,
            Err(Error::Busy) => Ok(Outcome::Busy(BUSY_RETRY)),
            Err(error) => Err(error),
        }
    }

    fn validate(&self, request: &Request) -> Result<Subject, Problems> {
        let display_name = DisplayName::parse(&request.display_name);
        let username = Username::parse(&request.username);
        let email = MailAddress::parse(&request.email);
        let context = [
            request.display_name.clone(),
            request.username.clone(),
            request.email.clone(),
        ];
        let policy = &self.core.policy;
        let password = policy.judge(&request.password, &context, Beside::Nothing);
        match (display_name, username, email, password) {
            (Some(display_name), Some(username), Some(email), Ok(())) => {
                Ok(administrator((&display_name, &username, &email)))
            }
            (display_name, username, email, password) => Err(Problems {
                display_name: display_name.is_none(),
                username: username.is_none(),
                email: email.is_none(),
                password: password.err(),
            }),
        }
    }

    async fn consume(
        &self,
        request: &Request,
        subject: &Subject,
        phc: &str,
    ) -> Result<Outcome, Error> {
        let Some(token) = Token::parse(&request.token) else {
            return Ok(Outcome::Dead);
        };
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        setup_lock(&tx).await?;
        if subject_admin_exists(&tx).await? || !setup_link_consume(&tx, &token.hash(), now).await? {
            return Ok(Outcome::Dead);
        }
        setup_link_discard(&tx).await?;
        subject_put(&tx, subject, now).await?;
        password_put(&tx, subject.user_id, phc, now).await?;
        if request.password.stands_alone() {
            password_note_alone(&tx, subject.user_id, phc).await?;
        }
        let created = AdministratorCreated {
            user_id: subject.user_id.0.to_string(),
            username: subject.username.clone(),
            email: subject.email.clone(),
            display_name: subject.display_name.clone(),
        };
        outbox::publish(
            &tx,
            Event::new(events::ADMINISTRATOR_CREATED, subject.user_id.0, &created),
        )
        .await?;
        Audit::success("setup")
            .actor(subject.user_id)
            .subject(Some(subject.user_id))
            .client(&request.client)
            .record(&tx, now)
            .await?;
        let arrival = Arrival {
            subject,
            factors: &[Factor::Password],
            login: &subject.username,
            client: &request.client,
            return_to: &LocalPath::default(),
            notify: false,
            replaces: None,
        };
        let admitted = self.admission.admit(&tx, arrival, now).await?;
        tx.commit().await?;
        Ok(Outcome::Created(admitted))
    }
}

/// Version 0: whatever accounts says later replaces it.
fn administrator(
    (display_name, username, email): (&DisplayName, &Username, &MailAddress),
) -> Subject {
    Subject {
        user_id: UserId::new(),
        username: username.as_str().to_owned(),
        email: email.as_str().to_owned(),
        display_name: display_name.as_str().to_owned(),
        role: Role::Admin,
        state: State::Active,
        groups: Vec::new(),
        locale: String::new(),
        zone: String::new(),
        theme: String::new(),
        version: 0,
        password_directory: String::new(),
    }
}
