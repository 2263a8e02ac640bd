//! The pages of the lab.

pub(crate) mod feedback;
pub(crate) mod forms;
pub(crate) mod overview;
pub(crate) mod share;
pub(crate) mod sharing;
pub(crate) mod table;

use axum::routing::{get, post};
use platform::access::Access;
use platform::routes::Routes;
use rpc::grants::Grants;

use crate::notes::Notes;

/// What the pages that are more than samples need.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) grants: Grants,
    pub(crate) notes: Notes,
}

/// All routes, each with who may use it.
pub(crate) fn routes(lab: Lab) -> Routes {
    Routes::new()
        .page("/app/ui-lab", Access::SignedIn, get(overview::show))
        .page("/app/ui-lab/plain", Access::Public, get(overview::plain))
        .page(
            "/app/ui-lab/forms",
            Access::SignedIn,
            get(forms::show).post(forms::submit),
        )
        .page("/app/ui-lab/upload", Access::SignedIn, post(forms::upload))
        .api(
            "/app/ui-lab/suggestions",
            Access::SignedIn,
            get(forms::suggestions),
        )
        .page("/app/ui-lab/table", Access::SignedIn, get(table::show))
        .page(
            "/app/ui-lab/table/bulk",
            Access::SignedIn,
            post(table::bulk),
        )
        .page(
            "/app/ui-lab/feedback",
            Access::SignedIn,
            get(feedback::show),
        )
        .page("/app/ui-lab/act", Access::SignedIn, post(feedback::act))
        .page("/app/ui-lab/undo", Access::SignedIn, post(feedback::undo))
        .page(
            "/app/ui-lab/fragment",
            Access::SignedIn,
            get(feedback::fragment),
        )
        .page(
            "/app/ui-lab/error/{status}",
            Access::SignedIn,
            get(feedback::error),
        )
        .page(
            "/app/ui-lab/sharing",
            Access::SignedIn,
            get(sharing::list).post(sharing::begin),
        )
        // Who may see a note is what it is shared with: everybody, perhaps.
        .page(
            "/app/ui-lab/notes/{id}",
            Access::Public,
            get(sharing::show).post(sharing::save),
        )
        .page(
            "/app/ui-lab/notes/{id}/share",
            Access::SignedIn,
            get(share::show).post(share::change),
        )
        .with_state(lab)
}
