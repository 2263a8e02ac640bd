//! A message that survives one redirect: "Saved", with an undo where there is one.
//!
//! It travels in a short-lived cookie that only this host can set (`__Host-` on https). It carries the
//! text itself and not a key: the page it appears on may belong to another app.

use axum::response::{IntoResponseParts, ResponseParts};
use http::HeaderMap;
use http::header::SET_COOKIE;
use platform::http::LocalPath;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;

use crate::cookies::{self, Lifetime};

const COOKIE: &str = "cloud_flash";
/// Longer ones are not worth a cookie.
const LONGEST: usize = 600;
/// Seconds; a redirect takes less.
const LIFETIME: u32 = 60;

/// What a message says about what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Nothing to worry about.
    Info,
    /// It worked.
    Success,
    /// It worked, but.
    Warning,
    /// It did not work.
    Danger,
}

impl Tone {
    /// The word in `data-tone`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon that goes with it.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info-circle",
            Self::Success => "circle-check",
            Self::Warning => "alert-triangle",
            Self::Danger => "alert-circle",
        }
    }
}

/// The icon for a tone given by its word; templates pass words.
pub fn icon_of(tone: &str) -> &'static str {
    [Tone::Success, Tone::Warning, Tone::Danger]
        .into_iter()
        .find(|known| known.code() == tone)
        .unwrap_or(Tone::Info)
        .icon()
}

impl fmt::Display for Tone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What it says about what happened.
    pub tone: Tone,
    /// The text, translated.
    pub text: String,
    /// A path that takes the act back when it is posted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

impl Flash {
    /// A message of some tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            undo: None,
        }
    }

    /// It worked.
    pub fn success(text: impl Into<String>) -> Self {
        Self::new(Tone::Success, text)
    }

    /// Nothing to worry about.
    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Tone::Info, text)
    }

    /// It worked, but.
    pub fn warning(text: impl Into<String>) -> Self {
        Self::new(Tone::Warning, text)
    }

    /// It did not work.
    pub fn danger(text: impl Into<String>) -> Self {
        Self::new(Tone::Danger, text)
    }

    /// Offers to take it back by a POST to a local path.
    #[must_use]
    pub fn undo(mut self, path: impl Into<String>) -> Self {
        self.undo = Some(path.into());
        self
    }

    /// The message a request brings along, if any.
    pub(crate) fn take(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let value = cookies::get(headers, &cookies::name(COOKIE, secure))?;
        let mut flash: Self = serde_json::from_str(&cookies::decode(value)).ok()?;
        flash.undo = flash.undo.filter(|path| LocalPath::parse(path).is_ok());
        (flash.text.len() <= LONGEST).then_some(flash)
    }

    /// The line that deletes it.
    pub(crate) fn spent(secure: bool) -> Option<http::HeaderValue> {
        cookies::line(
            &cookies::name(COOKIE, secure),
            "",
            Lifetime::Seconds(0),
            secure,
        )
    }
}

/// Puts a message on the next page: `(ui::flash(Flash::success(text)), ui::see_other(path)).into_response()`.
pub fn flash(flash: Flash) -> SetFlash {
    SetFlash(flash)
}

/// Part of a response that carries a message.
#[derive(Debug, Clone)]
pub struct SetFlash(Flash);

impl IntoResponseParts for SetFlash {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        // Set under its plain name: the layer of the service knows whether the name needs its prefix.
        let line = serde_json::to_string(&self.0).ok().and_then(|json| {
            cookies::line(
                COOKIE,
                &cookies::encode(&json),
                Lifetime::Seconds(LIFETIME),
                false,
            )
        });
        if let Some(line) = line {
            parts.headers_mut().append(SET_COOKIE, line);
        }
        Ok(parts)
    }
}

/// Binds a message's cookie to the host, where visitors come over https.
pub(crate) fn bind_to_host(headers: &mut HeaderMap) {
    let prefix = format!("{COOKIE}=");
    let all: Vec<_> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    let concerned = |line: &http::HeaderValue| line.as_bytes().starts_with(prefix.as_bytes());
    if !all.iter().any(concerned) {
        return;
    }
    headers.remove(SET_COOKIE);
    for line in all {
        let bound = if concerned(&line) {
            line.to_str()
                .ok()
                .and_then(|text| format!("__Host-{text}; Secure").parse().ok())
                .unwrap_or(line)
        } else {
            line
        };
        headers.append(SET_COOKIE, bound);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Flash, bind_to_host, flash};
    use axum::response::IntoResponse;
    use http::{HeaderMap, StatusCode};

    fn sent(message: Flash, secure: bool) -> HeaderMap {
        let mut response = (flash(message), StatusCode::SEE_OTHER).into_response();
        if secure {
            bind_to_host(response.headers_mut());
        }
        let line = response
            .headers()
            .get("set-cookie")
            .unwrap()
            .to_str()
            .unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("cookie", line.split(';').next().unwrap().parse().unwrap());
        headers
    }

    #[test]
    fn a_message_survives_one_redirect() {
        for secure in [false, true] {
            let message = Flash::success("Gespeichert; alles \u{2714}").undo("/app/x/undo");
            assert_eq!(
                Flash::take(&sent(message.clone(), secure), secure),
                Some(message)
            );
        }
    }

    #[test]
    fn a_plain_cookie_does_not_pass_on_https() {
        assert_eq!(Flash::take(&sent(Flash::info("x"), false), true), None);
    }

    #[test]
    fn an_undo_never_leaves_this_host() {
        let message = Flash::info("x").undo("//evil.example/");
        assert_eq!(
            Flash::take(&sent(message, false), false).unwrap().undo,
            None
        );
    }
}
