//! Keeps an app's settings up to date from app-settings' stream.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use platform::{Boot, SettingDeclaration};
use tokio_util::sync::CancellationToken;

use super::snapshot::{Settings, followed};
use super::v1::{SettingsClient, WatchSettingsRequest};
use crate::follow::follow_until;
use crate::{Call, Origin};

/// How long an app's start waits for the first answer when an instance of app-settings is there to give it.
const FIRST_ANSWER: Duration = Duration::from_secs(1);

/// How long opening the stream may take, an instance to come included.
const OPEN: Duration = Duration::from_secs(10);

/// The settings of this app. When app-settings is up, returns with the stored values in force; otherwise at
/// once, with seeds and defaults, and the stored values follow when it comes.
pub async fn follow(boot: &Boot) -> Settings {
    let declarations = followed(&boot.app, &boot.settings);
    let settings = Settings::new(declarations, |declaration| {
        platform::settings::seed(&boot.environment, declaration)
    });
    let client = super::client(boot);
    let stop = boot.lifecycle.soft().clone();
    let follower = settings.clone();
    boot.spawn("settings", async move {
        follow_until(&stop, || watch(client.clone(), follower.clone())).await;
        Ok::<_, Infallible>(())
    });
    let snapshot = boot.registry.snapshot();
    if snapshot.live().any(|entry| entry.id.as_str() == "settings") {
        let mut changes = settings.subscribe();
        // Without an answer in time the app starts on what it has.
        tokio::time::timeout(FIRST_ANSWER, changes.wait_for(|version| *version > 0))
            .await
            .ok();
    }
    settings
}

/// The settings of a part of the platform that no host starts as an app, with seeds as they are in its declarations,
/// and what keeps them up to date until `stop`. Waits for nobody.
pub fn follow_as(
    origin: Origin,
    declared: &[SettingDeclaration],
    stop: CancellationToken,
) -> (Settings, impl Future<Output = ()> + Send + use<>) {
    let declarations = followed(&origin.app, declared);
    let settings = Settings::new(declarations, |declaration| declaration.seed.clone());
    let client = super::client(origin);
    let follower = settings.clone();
    let following =
        async move { follow_until(&stop, || watch(client.clone(), follower.clone())).await };
    (settings, following)
}

/// One stream, until it ends. Says whether there was an answer at all.
async fn watch(client: SettingsClient, settings: Settings) -> bool {
    let call = Call::new(OPEN).wait_for_ready();
    let mut stream = match client.watch_settings(call, WatchSettingsRequest {}).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!(%error, "settings stream not opened");
            return false;
        }
    };
    let mut answered = false;
    loop {
        match stream.message().await {
            Ok(Some(response)) => {
                if let Some(values) = response.values {
                    settings.apply(&values);
                    answered = true;
                }
            }
            Ok(None) => return answered,
            Err(error) => {
                tracing::debug!(%error, "settings stream broke: the last values hold");
                return answered;
            }
        }
    }
}
