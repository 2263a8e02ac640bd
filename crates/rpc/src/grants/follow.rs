//! Hears from accounts which grants changed.

use std::convert::Infallible;
use std::time::Duration;

use platform::Boot;
use platform::grants::Resource;

use super::Grants;
use crate::Call;
use crate::accounts::v1::WatchGrantsRequest;
use crate::follow::follow_until;

/// How long opening the stream may take, an instance to come included.
const OPEN: Duration = Duration::from_secs(10);

/// The grants of this app's things. Waits for nobody: until accounts is there, asking says that it is not.
pub fn follow(boot: &Boot) -> Grants {
    let client = crate::accounts::grants_client(boot);
    let grants = Grants::new(client, boot.clock.clone());
    let stop = boot.lifecycle.soft().clone();
    let following = grants.clone();
    boot.spawn("grants", async move {
        follow_until(&stop, || watch(following.clone())).await;
        Ok::<_, Infallible>(())
    });
    grants
}

/// One stream, until it ends. Says whether there was an answer at all.
async fn watch(grants: Grants) -> bool {
    let call = Call::new(OPEN).wait_for_ready();
    let mut stream = match grants
        .client
        .watch_grants(call, WatchGrantsRequest {})
        .await
    {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!(%error, "grants stream not opened");
            return false;
        }
    };
    let mut answered = false;
    loop {
        match stream.message().await {
            Ok(Some(told)) => {
                if !answered {
                    grants.cache.tell(true);
                    answered = true;
                }
                let thing = told.resource;
                let thing = thing.and_then(|told| Resource::new(told.kind, told.id).ok());
                grants.cache.forget(thing.as_ref());
            }
            ended => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "grants stream broke: nothing is remembered until the next");
                }
                grants.cache.tell(false);
                return answered;
            }
        }
    }
}
