//! The key that identity assertions are signed with: fetched from auth, kept in memory, fetched again in time.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use platform::Clock;
use platform::identity::{Claims, Signer, sealed};
use registry::AppSecret;
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1::GetSigningKeysRequest;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Longest wait for auth while a person waits.
const ASK: Duration = Duration::from_secs(2);
/// Longest wait for auth in the background.
const ASK_PATIENTLY: Duration = Duration::from_secs(10);
/// The key is fetched again no sooner, and no later, than this.
const SOONEST: Duration = Duration::from_secs(30);
const LATEST: Duration = Duration::from_mins(10);
/// Pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The signing key of the moment.
pub(crate) struct Signing {
    auth: AuthClient,
    secret: AppSecret,
    current: ArcSwapOption<Signer>,
    turn: Mutex<()>,
}

impl Signing {
    /// Without a key yet.
    pub(crate) fn new(auth: AuthClient, secret: AppSecret) -> Self {
        Self {
            auth,
            secret,
            current: ArcSwapOption::empty(),
            turn: Mutex::new(()),
        }
    }

    /// Signs claims; `None` when there is no key and none can be had.
    pub(crate) async fn sign(&self, claims: &Claims) -> Option<HeaderValue> {
        let signer = match self.current.load_full() {
            Some(signer) => signer,
            None => self.first().await?,
        };
        match signer.sign(claims) {
            Ok(assertion) => HeaderValue::try_from(assertion).ok(),
            Err(error) => {
                tracing::error!(
                    error = platform::error::chain(&error),
                    "an assertion could not be signed"
                );
                None
            }
        }
    }

    async fn first(&self) -> Option<Arc<Signer>> {
        let _turn = self.turn.lock().await;
        if let Some(signer) = self.current.load_full() {
            return Some(signer);
        }
        self.fetch(Call::new(ASK)).await?;
        self.current.load_full()
    }

    /// Keeps the key current until the gateway stops.
    pub(crate) async fn follow(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        loop {
            let call = Call::new(ASK_PATIENTLY).wait_for_ready();
            let pause = match self.fetch(call).await {
                Some(refresh_at) => {
                    let left = refresh_at.saturating_sub(clock.now().as_second());
                    Duration::from_secs(u64::try_from(left).unwrap_or(0)).clamp(SOONEST, LATEST)
                }
                None => PAUSE,
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Fetches the key and answers when it wants to be fetched again.
    async fn fetch(&self, call: Call) -> Option<i64> {
        let answer = self
            .auth
            .get_signing_keys(call, GetSigningKeysRequest {})
            .await;
        let answer = answer
            .inspect_err(|error| {
                tracing::debug!(
                    error = platform::error::chain(error),
                    "the signing key could not be fetched"
                );
            })
            .ok()?;
        let sealed = answer.sealed_keys.first()?;
        match sealed::open(&self.secret, sealed) {
            Ok(signer) => {
                self.current.store(Some(Arc::new(signer)));
                Some(answer.refresh_at)
            }
            Err(error) => {
                tracing::error!(
                    error = platform::error::chain(&error),
                    "the signing key could not be opened"
                );
                None
            }
        }
    }
}
