//! Who makes a change, out of the request.

use axum::extract::FromRequestParts;
use http::request::Parts;
use platform::http::RequestId;
use platform::identity::CurrentUser;
use platform::problem::Problem;

use crate::service::Author;

impl<S: Send + Sync> FromRequestParts<S> for Author {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let person = CurrentUser::from_request_parts(parts, state).await?;
        let Ok(request_id) = RequestId::from_request_parts(parts, state).await;
        let name = if person.display_name.is_empty() {
            &person.username
        } else {
            &person.display_name
        };
        Ok(Self {
            id: person.user_id,
            name: name.clone(),
            request_id: request_id.as_str().to_owned(),
        })
    }
}
