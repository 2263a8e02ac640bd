//! Work in the background: events of accounts, notices, keys, revocations, and tidying up.

use platform::{Boot, StartError};
use platform_pg::{Consumer, Database, Event, Job, Worker, outbox};
use platform_redis::Redis;
use rpc::events::accounts::{
    GROUP_RENAMED, GroupRenamed, USER_CHANGED, USER_PURGED, UserChanged, UserForgotten,
};

use crate::domain::subject::UserId;
use crate::grpc::subject_from_event;
use crate::service::Services;
use crate::service::account_mails::AccountMail;
use crate::service::factor_notices::FactorNotice;
use crate::service::mail_link::MailLinkJob;
use crate::service::notices::NewSignIn;
use crate::service::recovery::ResetJob;
use crate::service::tell::Tell;
use crate::service::way_in::WayInJob;
use crate::store::groups::group_rename;
use crate::store::subjects::subject_delete;

/// Starts everything that runs beside requests.
pub(crate) async fn start(
    boot: &Boot,
    services: &Services,
    (db, redis): (&Database, &Redis),
) -> Result<(), StartError> {
    let revocations = services.core.revocations.clone();
    let caught_up = revocations.begin(db, boot.clock.now()).await;
    caught_up.map_err(|error| StartError::failed("ended sessions cannot be read", error))?;
    until_stopped(
        boot,
        "revocations",
        revocations.follow(db.clone(), boot.clock.clone()),
    );

    let published = services.signing_keys.publish().await;
    published.map_err(|error| StartError::failed("signing keys cannot be published", error))?;
    until_stopped(
        boot,
        "signing keys",
        services.signing_keys.clone().keep_published(),
    );

    until_stopped(boot, "mail readiness", services.mailer.clone().watch());

    db.start_outbox(boot, redis);
    consume(boot, services, (db, redis));
    work(boot, services, db)
}

/// Runs something that has no end of its own until the app stops.
pub(crate) fn until_stopped(
    boot: &Boot,
    name: &'static str,
    task: impl Future<Output = ()> + Send + 'static,
) {
    let soft = boot.lifecycle.soft().clone();
    boot.spawn(name, async move {
        soft.run_until_cancelled(task).await;
    });
}

fn consume(boot: &Boot, services: &Services, (db, redis): (&Database, &Redis)) {
    let subjects = services.subjects.clone();
    Consumer::new(boot, db, redis)
        .on(USER_CHANGED, move |tx, delivery| {
            let subjects = subjects.clone();
            async move {
                let subject = subject_from_event(delivery.decode::<UserChanged>()?)?;
                Ok(subjects.put_in(&tx, &subject).await?)
            }
        })
        .on(GROUP_RENAMED, |tx, delivery| async move {
            let GroupRenamed { before, after, .. } = delivery.decode()?;
            Ok(group_rename(&tx, &before, &after).await?)
        })
        .on(USER_PURGED, |tx, delivery| async move {
            let id = delivery.subject_id()?;
            subject_delete(&tx, UserId(id)).await?;
            let message = UserForgotten {
                user_id: id.to_string(),
            };
            outbox::publish(&tx, Event::new("auth.user.forgotten", id, &message)).await?;
            Ok(())
        })
        .start();
}

fn work(boot: &Boot, services: &Services, db: &Database) -> Result<(), StartError> {
    let factors = services.notices.clone();
    let (notices, keys, tidied) = (
        services.notices.clone(),
        services.signing_keys.clone(),
        services.clone(),
    );
    let (notifications, grants) = (services.notifications.clone(), services.clone());
    write_mail(boot, services, db)?;
    Worker::new(boot, db)
        .on(NewSignIn::JOB, move |job: Job| {
            let notices = notices.clone();
            async move { Ok(notices.send(&job.payload()?).await?) }
        })
        .on(Tell::JOB, move |job: Job| {
            let notifications = notifications.clone();
            async move { Ok(job.payload::<Tell>()?.send(&notifications).await?) }
        })
        .on(FactorNotice::JOB, move |job: Job| {
            let notices = factors.clone();
            async move { Ok(notices.send_factor(&job.payload()?).await?) }
        })
        .cron("rotate signing keys", "7 * * * *", move |_| {
            let keys = keys.clone();
            async move { Ok(keys.rotate().await?) }
        })
        .cron("forget device grants", "*/10 * * * *", move |_| {
            let services = grants.clone();
            async move { Ok(services.forget_device_grants().await?) }
        })
        .cron("tidy up", "23 3 * * *", move |_| {
            let services = tidied.clone();
            async move { Ok(services.tidy_up().await?) }
        })
        .start()
}

/// Mail has a worker of its own: somebody waits for it to get in.
fn write_mail(boot: &Boot, services: &Services, db: &Database) -> Result<(), StartError> {
    let (links, recovery) = (services.mail_links.clone(), services.recovery.clone());
    let ways_in = services.way_in.clone();
    let (core, mailer) = (services.core.clone(), services.mailer.clone());
    let (factor_core, factor_mailer) = (core.clone(), mailer.clone());
    Worker::new(boot, db)
        .on(MailLinkJob::KIND, move |job: Job| {
            let links = links.clone();
            async move { Ok(links.write(&job.payload()?).await?) }
        })
        .on(ResetJob::KIND, move |job: Job| {
            let recovery = recovery.clone();
            async move { Ok(recovery.write(&job.payload()?).await?) }
        })
        .on(WayInJob::KIND, move |job: Job| {
            let ways_in = ways_in.clone();
            async move { Ok(ways_in.write(&job.payload()?).await?) }
        })
        .on(FactorNotice::MAIL, move |job: Job| {
            let (core, mailer) = (factor_core.clone(), factor_mailer.clone());
            async move { Ok(job.payload::<FactorNotice>()?.write(&core, &mailer).await?) }
        })
        .on(AccountMail::JOB, move |job: Job| {
            let (core, mailer) = (core.clone(), mailer.clone());
            async move { Ok(job.payload::<AccountMail>()?.write(&core, &mailer).await?) }
        })
        .start()
}
