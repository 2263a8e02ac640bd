//! The cookies this app sets: session, device, and the look of this device.

use axum::response::{IntoResponse as _, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use platform::http::LocalPath;
use ui::cookies::{Lifetime, get, line, name};
use ui::{Flash, Shell};

use super::sign_in::path_of;
use crate::service::admission::Admitted;
use crate::service::sessions::Opened;

/// Name of the session cookie without its prefix.
const SESSION: &str = "cloud";
/// Name of the device cookie without its prefix.
const DEVICE: &str = "cloud_device";
/// A session lasts seven days at most; the server decides when it is over before.
const SESSION_LIFETIME: Lifetime = Lifetime::Seconds(7 * 24 * 3600);
/// As long as browsers keep a cookie at all.
const DEVICE_LIFETIME: Lifetime = Lifetime::Seconds(400 * 24 * 3600);
/// The look of a device is kept for a year.
const LOOK_LIFETIME: Lifetime = Lifetime::Seconds(365 * 24 * 3600);

/// The device cookie of a request.
pub(super) fn device(headers: &HeaderMap, secure: bool) -> Option<&str> {
    get(headers, &name(DEVICE, secure))
}

/// Goes on with somebody who proved who they are.
pub(super) fn admitted(admitted: &Admitted, shell: &Shell, secure: bool) -> Response {
    match admitted {
        Admitted::In(opened, path) => signed_in(opened, path, secure),
        Admitted::InForNow(opened, path, ends_at) => {
            let date = ends_at.strftime("%Y-%m-%d").to_string();
            let advice = shell.t1("auth-second-factor-soon", "date", date);
            let told = ui::flash(Flash::warning(advice));
            (told, signed_in(opened, path, secure)).into_response()
        }
        Admitted::More(handle) => ui::see_other(&path_of(handle)),
    }
}

/// The cookies of a new session beside a page that is shown first, and where it leads.
pub(super) fn carried(admitted: &Admitted, secure: bool) -> (String, HeaderMap) {
    match admitted {
        Admitted::In(opened, path) | Admitted::InForNow(opened, path, _) => {
            let mut headers = HeaderMap::new();
            keep(&mut headers, opened, secure);
            (path.as_str().to_owned(), headers)
        }
        Admitted::More(handle) => (path_of(handle), HeaderMap::new()),
    }
}

/// Goes on to `path` in a new session.
fn signed_in(opened: &Opened, path: &LocalPath, secure: bool) -> Response {
    let mut response = ui::see_other(path.as_str());
    keep(response.headers_mut(), opened, secure);
    response
}

fn keep(headers: &mut HeaderMap, opened: &Opened, secure: bool) {
    add(
        headers,
        line(
            &name(SESSION, secure),
            &opened.token.text(),
            SESSION_LIFETIME,
            secure,
        ),
    );
    add(
        headers,
        line(
            &name(DEVICE, secure),
            &opened.device.text(),
            DEVICE_LIFETIME,
            secure,
        ),
    );
}

/// Goes to `path` without a session. The device cookie stays: it opens nothing, and it keeps strangers from
/// locking this browser's owner out.
pub(super) fn signed_out(path: &str, secure: bool) -> Response {
    let mut response = ui::see_other(path);
    add(
        response.headers_mut(),
        line(&name(SESSION, secure), "", Lifetime::Seconds(0), secure),
    );
    response
}

/// Remembers a choice for this device. Not bound to the host by its name: pages of every app read it.
pub(super) fn remember(headers: &mut HeaderMap, cookie: &str, value: &str, secure: bool) {
    add(headers, line(cookie, value, LOOK_LIFETIME, secure));
}

fn add(headers: &mut HeaderMap, line: Option<HeaderValue>) {
    if let Some(line) = line {
        headers.append(SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn signing_out_deletes_the_session_cookie_only() {
        let response = signed_out("/auth/sign-in", true);
        let lines: Vec<_> = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .map(|line| line.to_str().unwrap())
            .collect();
        assert_eq!(
            lines,
            ["__Host-cloud=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"]
        );
    }
}
