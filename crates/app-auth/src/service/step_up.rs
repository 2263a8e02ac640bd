//! Whether a session has proven what policy asks of its person, for the pages of administrators.
//!
//! A sign-in is judged when it happens. But a session may be older than the policy, than the role of its person, or
//! than the end of their grace: then the administration asks them to prove more, and everything else goes on.

use jiff::Timestamp;
use platform_pg::GenericClient;

use crate::domain::factor::{Factor, Requirement};
use crate::domain::grace::Grace;
use crate::domain::subject::Role;
use crate::error::Error;
use crate::store::graces::grace_find;
use crate::store::second_factors::standing_find;
use crate::store::sessions::FoundSession;

/// From when on less was proven in a session than is asked; never, when it is enough or its person is no
/// administrator. Whoever cannot meet it yet has until their grace ends, which begins when they next sign in.
pub(super) async fn owes_from(
    client: &impl GenericClient,
    session: &FoundSession,
) -> Result<Option<Timestamp>, Error> {
    let subject = &session.subject;
    if subject.role != Role::Admin {
        return Ok(None);
    }
    let proven: Vec<Factor> = session
        .factors
        .iter()
        .filter_map(|name| Factor::parse(name))
        .collect();
    if proven.contains(&Factor::BreakGlass) {
        // Nothing else works for them now.
        return Ok(None);
    }
    let standing = standing_find(client, subject).await?;
    if standing.required == Requirement::None || standing.required.is_met_by(&proven) {
        return Ok(None);
    }
    if standing.can_meet_policy() {
        return Ok(Some(Timestamp::UNIX_EPOCH));
    }
    let grace = grace_find(client, (subject.user_id, standing.required)).await?;
    Ok(grace.map(Grace::ends_at))
}
