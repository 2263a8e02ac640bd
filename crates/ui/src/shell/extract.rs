//! Where a shell comes from: the request and the context of the app.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use platform::http::RequestId;
use platform::identity::Principal;
use std::sync::Arc;

use super::{Shell, Visit, Width};
use crate::context::Context;
use crate::cookies::Jar;
use crate::csrf::Token;
use crate::flash::Flash;
use crate::navigation::{Navigation, View};
use crate::preferences::{Claimed, Preferences};

/// Longest address worth coming back to.
const LONGEST_RETURN: usize = 2048;

impl Shell {
    /// Builds the shell for a visit.
    pub(crate) fn build(context: Arc<Context>, visit: Visit) -> Self {
        let claimed = visit
            .principal
            .as_ref()
            .map_or_else(Claimed::default, |who| Claimed {
                theme: who.theme.as_deref(),
                locale: who.locale.as_deref(),
                zone: who.zone.as_deref(),
            });
        let preferences = Preferences::of(&visit.headers, claimed);
        let view = View {
            app: context.app.as_str(),
            role: visit.principal.as_ref().map(|who| who.role),
            language: preferences.language,
            path: &visit.path,
        };
        let navigation = Navigation::build(&context.snapshot(), view);
        let flash = Flash::take(&visit.headers, context.secure);
        if flash.is_some()
            && let Some(line) = Flash::spent(context.secure)
        {
            visit.jar.push(line);
        }
        let token = Token::of(
            visit.principal.as_ref(),
            &visit.headers,
            context.secure,
            visit.jar,
        );
        Self {
            now: context.now(),
            brand: context.brand.name(),
            entry: context.entry(),
            principal: visit.principal,
            navigation: Arc::new(navigation),
            path: visit.path,
            here: visit.here,
            request_id: visit.request_id,
            heading: String::new(),
            subtitle: String::new(),
            crumbs: Vec::new(),
            width: Width::default(),
            preferences,
            flash,
            token,
            context,
        }
    }

    /// Builds the shell for the parts of a request.
    pub(crate) fn of(context: Arc<Context>, parts: &Parts, jar: Jar) -> Self {
        let here = parts
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .filter(|here| here.len() <= LONGEST_RETURN)
            .unwrap_or_else(|| "/".to_owned());
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .map(|id| id.as_str().to_owned())
            .unwrap_or_default();
        let visit = Visit {
            principal: parts.extensions.get::<Principal>().cloned(),
            headers: parts.headers.clone(),
            path: parts.uri.path().to_owned(),
            here,
            request_id,
            jar,
        };
        Self::build(context, visit)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Shell {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let Some(context) = parts.extensions.get::<Arc<Context>>().cloned() else {
            tracing::error!("a handler takes a Shell, but the app was not built with ui::service");
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let jar = parts.extensions.get::<Jar>().cloned().unwrap_or_default();
        Ok(Self::of(context, parts, jar))
    }
}
