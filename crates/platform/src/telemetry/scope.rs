//! Whose work a task does: the app it belongs to, carried by the OpenTelemetry context.
//!
//! Several apps may share one process. Logs and spans find their app here and nowhere else, so
//! a task that should be told apart runs inside its app's scope.

use std::future::Future;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::context::FutureExt;
use registry::AppId;

/// The app that work belongs to, or the process itself.
#[derive(Clone, Debug)]
pub struct Scope {
    context: Context,
}

/// Marks a context as an app's.
struct AppTag(Arc<str>);

impl Scope {
    /// Work of the process, no app's in particular.
    pub fn process() -> Self {
        Self {
            context: Context::new(),
        }
    }

    /// Work of one app.
    pub fn app(id: &AppId) -> Self {
        Self {
            context: Context::new().with_value(AppTag(Arc::from(id.as_str()))),
        }
    }

    /// Runs a future as work of this scope.
    pub fn run<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        future.with_context(self.context.clone())
    }

    /// Runs a closure as work of this scope.
    pub fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let _entered = self.context.clone().attach();
        work()
    }

    /// The app whose work runs here and now.
    pub fn current_app() -> Option<Arc<str>> {
        Context::map_current(app_of)
    }
}

/// The app that a context belongs to.
pub(super) fn app_of(context: &Context) -> Option<Arc<str>> {
    context.get::<AppTag>().map(|tag| Arc::clone(&tag.0))
}

/// Runs a future whose logs and spans are not exported. For whoever receives telemetry: exporting
/// the receipt of an export would never end. The console still shows its logs.
pub fn suppressed<F: Future>(future: F) -> impl Future<Output = F::Output> + use<F> {
    let context = Context::current().with_telemetry_suppressed();
    future.with_context(context)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[tokio::test]
    async fn each_task_knows_its_app_even_when_they_take_turns() {
        let seen = async |name: &'static str| {
            let scope = Scope::app(&AppId::new(name).unwrap());
            scope
                .run(async {
                    let before = Scope::current_app();
                    tokio::task::yield_now().await;
                    (before, Scope::current_app())
                })
                .await
        };
        let (one, two) = tokio::join!(seen("one"), seen("two"));
        assert_eq!(one, (Some("one".into()), Some("one".into())));
        assert_eq!(two, (Some("two".into()), Some("two".into())));
        assert_eq!(Scope::current_app(), None);
    }
}
