//! Use cases: the only code that opens transactions, waits for hashes or calls another service.

pub(crate) mod account_mails;
pub(crate) mod admission;
pub(crate) mod api_keys;
pub(crate) mod aside;
pub(crate) mod audit;
pub(crate) mod break_glass;
pub(crate) mod browser_accounts;
pub(crate) mod calibration;
pub(crate) mod ceremonies;
pub(crate) mod client;
pub(crate) mod device_cookie;
pub(crate) mod device_grants;
pub(crate) mod directory;
pub(crate) mod explain;
pub(crate) mod factor_notices;
pub(crate) mod factor_policy;
pub(crate) mod fast_copy;
pub(crate) mod flows;
pub(crate) mod forward;
pub(crate) mod guesses;
pub(crate) mod hasher;
pub(crate) mod held_forms;
pub(crate) mod invitations;
pub(crate) mod last_seen;
pub(crate) mod limits;
pub(crate) mod mail_link;
pub(crate) mod mailer;
pub(crate) mod notices;
pub(crate) mod passkey_sign_in;
pub(crate) mod passkeys;
pub(crate) mod password_policy;
pub(crate) mod passwords;
pub(crate) mod people_factors;
pub(crate) mod preferences;
pub(crate) mod recovery;
pub(crate) mod resets;
pub(crate) mod revocations;
pub(crate) mod second_factor;
pub(crate) mod secrets;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod set_up;
pub(crate) mod setup_link;
pub(crate) mod sign_in;
pub(crate) mod signing_keys;
#[cfg(test)]
mod simulation;
pub(crate) mod step_up;
pub(crate) mod subjects;
pub(crate) mod tell;
pub(crate) mod totp;
pub(crate) mod unlocking;
pub(crate) mod way_in;

use std::sync::Arc;

use jiff::SignedDuration;
use platform::{Boot, Clock, StartError};
use platform_pg::Database;
use platform_redis::Redis;
use rpc::notifications::NotificationsClient;
use rpc::settings::Settings;

use crate::config::Config;
use crate::domain::held_form::HELD_FOR;
use crate::domain::login::LoginKey;
use crate::domain::session::{SessionPolicy, earlier};
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::directory::Directory;
use crate::service::fast_copy::FastCopies;
use crate::service::guesses::Counted;
use crate::service::hasher::Hasher;
use crate::service::limits::Limits;
use crate::service::password_policy::PasswordPolicy;
use crate::service::revocations::Revocations;
use crate::service::secrets::Secrets;
use crate::settings::LiveSettings;
use crate::store::api_keys::api_key_purge;
use crate::store::device_grants::device_grant_purge;
use crate::store::devices::device_forget_before;
use crate::store::flows::flow_purge;
use crate::store::forward::forward_ticket_purge;
use crate::store::guesses::guess_purge;
use crate::store::held_forms::held_form_purge;
use crate::store::invitations::invitation_purge;
use crate::store::mail_links::mail_link_purge;
use crate::store::sessions::session_purge;
use crate::store::setup_links::setup_link_purge;
use crate::store::sign_in_events::sign_in_event_purge;
use crate::store::ways_in::way_in_purge;

/// How long ended sessions and dead links are kept, for whoever asks what happened.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a sign-in that was not finished can be taken up again with what was typed.
const FLOWS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long spent tries are remembered: longer than any block and the quiet time after it.
const GUESSES_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a program that asked too long ago is told that it did.
const GRANTS_KEPT: SignedDuration = SignedDuration::from_mins(10);
/// How long attempts to sign in can be explained.
const EVENTS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a browser is remembered.
const DEVICES_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What every use case works with.
pub(crate) struct Core {
    pub(crate) db: Database,
    pub(crate) clock: Clock,
    pub(crate) secrets: Secrets,
    pub(crate) hasher: Hasher,
    pub(crate) policy: PasswordPolicy,
    pub(crate) limits: Limits,
    pub(crate) copies: FastCopies,
    pub(crate) revocations: Revocations,
    pub(crate) settings: LiveSettings,
    pub(crate) directory: Directory,
}

impl Core {
    /// How long sessions last at this moment.
    pub(crate) fn session_policy(&self) -> SessionPolicy {
        self.settings.session_policy()
    }

    /// Counts a guess at a name before anything is looked up.
    pub(crate) async fn count_guess(&self, login: &LoginKey, client: &Client) -> Result<(), Error> {
        let (wait, by_name) = match self.limits.sign_in(&self.secrets, login, client).await? {
            Counted::Free => return Ok(()),
            Counted::NameHeld(wait) => (wait, true),
            Counted::Held(wait) => (wait, false),
        };
        let line = Audit::limited("sign_in").client(client);
        self.note_limited(&client.network(), line).await?;
        if by_name {
            self.offer_way_in(login, client).await?;
        }
        Err(Error::Limited(wait))
    }

    /// Writes down that `who`, a network or a person, was held back: once a minute, so that they cannot fill the
    /// audit trail.
    pub(crate) async fn note_limited(&self, who: &str, line: Audit) -> Result<(), Error> {
        if !self.limits.is_worth_a_line(who).await {
            return Ok(());
        }
        let mut db = self.db.client().await?;
        let tx = db.transaction().await?;
        line.record(&tx, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Has the sessions of somebody whose factors changed looked at anew: what is asked of them may be met now, or
    /// not any more.
    pub(crate) async fn has_other_factors(&self, who: UserId) {
        self.revocations.reconsider(&self.db, &[who]).await;
    }
}

/// The use cases, as handlers see them.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) flows: flows::Flows,
    pub(crate) api_keys: api_keys::ApiKeys,
    pub(crate) device_grants: device_grants::DeviceGrants,
    pub(crate) browser_accounts: browser_accounts::BrowserAccounts,
    pub(crate) break_glass: break_glass::BreakGlass,
    pub(crate) explain: explain::Explain,
    pub(crate) service_accounts: service_accounts::ServiceAccounts,
    pub(crate) second_factor: second_factor::SecondFactor,
    pub(crate) totp: totp::Totp,
    pub(crate) factor_policy: factor_policy::FactorPolicy,
    pub(crate) people_factors: people_factors::PeopleFactors,
    pub(crate) sign_in: sign_in::SignIn,
    pub(crate) sessions: sessions::Sessions,
    pub(crate) held_forms: held_forms::HeldForms,
    pub(crate) set_up: set_up::SetUp,
    pub(crate) invitations: invitations::Invitations,
    pub(crate) last_seen: last_seen::LastSeen,
    pub(crate) passkeys: passkeys::Passkeys,
    pub(crate) passkey_sign_in: passkey_sign_in::PasskeySignIn,
    pub(crate) passwords: passwords::Passwords,
    pub(crate) preferences: preferences::Preferences,
    pub(crate) subjects: subjects::Subjects,
    pub(crate) signing_keys: signing_keys::SigningKeys,
    pub(crate) notices: notices::Notices,
    pub(crate) notifications: NotificationsClient,
    pub(crate) mailer: mailer::Mailer,
    pub(crate) mail_links: mail_link::MailLinks,
    pub(crate) recovery: recovery::Recovery,
    pub(crate) resets: resets::Resets,
    pub(crate) unlocking: unlocking::Unlocking,
    pub(crate) forward: forward::Forward,
    /// Where people find the platform; ends in a slash.
    pub(crate) app_url: url::Url,
    pub(crate) way_in: way_in::WayIn,
    pub(crate) settings: Settings,
    pub(crate) core: Arc<Core>,
}

impl Services {
    /// Builds everything on top of a migrated database.
    pub(crate) async fn start(
        boot: &Boot,
        config: &Config,
        (db, redis): (&Database, &Redis),
    ) -> Result<Self, StartError> {
        let settings = rpc::settings::follow(boot).await;
        let hasher = Hasher::start(config.hashing).await;
        let core = Arc::new(Core {
            db: db.clone(),
            clock: boot.clock.clone(),
            secrets: Secrets::derive(boot)?,
            hasher: hasher
                .map_err(|error| StartError::failed("passwords cannot be hashed", error))?,
            policy: PasswordPolicy::start(settings.clone()).await,
            limits: Limits::new(redis, guesses::Guesses::new(db, &boot.clock)),
            copies: FastCopies::new(redis),
            revocations: Revocations::new(redis),
            settings: LiveSettings::of(&settings)?,
            directory: Directory::new(boot),
        });
        let sessions = sessions::Sessions::new(core.clone());
        let admission = admission::Admission::new(core.clone(), sessions.clone());
        let notifications = rpc::notifications::client(boot);
        let mailer = mailer::Mailer::new(boot, &settings);
        let by_mail = (admission.clone(), mailer.clone());
        let ceremonies = Arc::new(ceremonies::Ceremonies::at(&boot.config.app_url)?);
        let api_keys = api_keys::ApiKeys::new(core.clone());
        Ok(Self {
            device_grants: device_grants::DeviceGrants::new(core.clone(), api_keys.clone()),
            api_keys,
            browser_accounts: browser_accounts::BrowserAccounts::new(core.clone()),
            break_glass: break_glass::BreakGlass::new(core.clone(), admission.clone()),
            explain: explain::Explain::new(core.clone()),
            forward: forward::Forward::new(core.clone()),
            app_url: boot.config.app_url.clone(),
            service_accounts: service_accounts::ServiceAccounts::new(core.clone()),
            flows: flows::Flows::new(core.clone()),
            held_forms: held_forms::HeldForms::new(core.clone()),
            mail_links: mail_link::MailLinks::new(core.clone(), by_mail),
            recovery: recovery::Recovery::new(core.clone(), mailer.clone()),
            resets: resets::Resets::new(core.clone(), mailer.clone()),
            unlocking: unlocking::Unlocking::new(core.clone(), sessions.clone()),
            way_in: way_in::WayIn::new(core.clone(), mailer.clone()),
            second_factor: second_factor::SecondFactor::new(core.clone(), admission.clone()),
            totp: totp::Totp::new(core.clone(), sessions.clone()),
            factor_policy: factor_policy::FactorPolicy::new(core.clone()),
            people_factors: people_factors::PeopleFactors::new(core.clone(), sessions.clone()),
            sign_in: sign_in::SignIn::new(core.clone(), admission.clone()),
            set_up: set_up::SetUp::new(core.clone(), admission.clone()),
            invitations: invitations::Invitations::new(
                core.clone(),
                (admission.clone(), sessions.clone()),
            ),
            last_seen: last_seen::LastSeen::new(core.clone()),
            passkeys: passkeys::Passkeys::new(core.clone(), sessions.clone(), ceremonies.clone()),
            passkey_sign_in: passkey_sign_in::PasskeySignIn::new(
                core.clone(),
                admission,
                ceremonies,
            ),
            passwords: passwords::Passwords::new(core.clone(), sessions.clone()),
            preferences: preferences::Preferences::new(core.clone()),
            subjects: subjects::Subjects::new(core.clone()),
            signing_keys: signing_keys::SigningKeys::new(core.clone(), boot.redis.clone()),
            notices: notices::Notices::new(notifications.clone()),
            notifications,
            mailer,
            sessions,
            settings,
            core,
        })
    }

    /// Forgets programs that asked and were let in, refused or left waiting. Often, since strangers may ask.
    pub(crate) async fn forget_device_grants(&self) -> Result<(), Error> {
        let now = self.core.clock.now();
        let client = self.core.db.client().await?;
        device_grant_purge(&client, earlier(now, GRANTS_KEPT)).await?;
        Ok(())
    }

    /// Forgets what is of no use any more: sessions and links a month after their end, devices after the time
    /// browsers keep their cookie.
    pub(crate) async fn tidy_up(&self) -> Result<(), Error> {
        let now = self.core.clock.now();
        let client = self.core.db.client().await?;
        let sessions = session_purge(&client, earlier(now, KEPT)).await?;
        let invitations = invitation_purge(&client, earlier(now, KEPT)).await?;
        let devices = device_forget_before(&client, earlier(now, DEVICES_KEPT)).await?;
        let keys = api_key_purge(&client, earlier(now, KEPT)).await?;
        setup_link_purge(&client, now).await?;
        guess_purge(&client, earlier(now, GUESSES_KEPT)).await?;
        sign_in_event_purge(&client, earlier(now, EVENTS_KEPT)).await?;
        flow_purge(&client, earlier(now, FLOWS_KEPT)).await?;
        forward_ticket_purge(&client, earlier(now, FLOWS_KEPT)).await?;
        mail_link_purge(&client, earlier(now, FLOWS_KEPT)).await?;
        way_in_purge(&client, earlier(now, FLOWS_KEPT)).await?;
        held_form_purge(&client, earlier(now, HELD_FOR)).await?;
        tracing::info!(sessions, invitations, devices, keys, "tidied up");
        Ok(())
    }
}
