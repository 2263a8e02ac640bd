//! The cookies this app sets: session, device, and the look of this device.

use axum::response::{IntoResponse as _, Response};
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use jiff::SignedDuration;
use platform::http::LocalPath;
use ui::cookies::{Lifetime, get, line, name};
use ui::{Flash, Shell};

use super::sign_in::path_of;
use crate::domain::token::Token;
use crate::service::admission::Admitted;
use crate::service::aside::MOST_OTHERS;
use crate::service::browser_accounts::Switched;
use crate::service::device_cookie::DeviceCookie;
use crate::service::sessions::Opened;

/// Name of the session cookie without its prefix.
const SESSION: &str = "cloud";
/// Name of the device cookie without its prefix.
const DEVICE: &str = "cloud_device";
/// Name of the cookie that opens the other accounts of this browser, without its prefix.
const OTHERS: &str = "cloud_accounts";
/// Where it is sent: here and nowhere else, so that no app gets to see it.
const OTHERS_PATH: &str = "/auth";
/// Name of the cookie that asks for this device to be remembered, without its prefix.
const REMEMBER: &str = "cloud_remember";
/// As long as browsers keep a cookie at all.
const DEVICE_LIFETIME: Lifetime = Lifetime::Seconds(400 * 24 * 3600);
/// As long as the longest session; the server decides when each is over.
const OTHERS_SECONDS: u32 = 400 * 24 * 3600;
/// The look of a device is kept for a year.
const LOOK_LIFETIME: Lifetime = Lifetime::Seconds(365 * 24 * 3600);

/// The device cookie of a request.
pub(super) fn device(headers: &HeaderMap, secure: bool) -> Option<&str> {
    get(headers, &name(DEVICE, secure))
}

/// Whether this device is to be remembered, whatever way somebody comes in.
pub(super) fn remembers(headers: &HeaderMap, secure: bool) -> bool {
    get(headers, &name(REMEMBER, secure)) == Some("1")
}

/// Keeps the choice whether this device is to be remembered.
pub(super) fn keep_remembering(headers: &mut HeaderMap, remember: bool, secure: bool) {
    let (value, lifetime) = if remember {
        ("1", DEVICE_LIFETIME)
    } else {
        ("", Lifetime::Seconds(0))
    };
    add(
        headers,
        line(&name(REMEMBER, secure), value, lifetime, secure),
    );
}

/// What opens the other accounts of this browser. A browser that sends two such lists was given one of them by
/// somebody else, so neither counts.
pub(super) fn others(headers: &HeaderMap, secure: bool) -> Vec<Token> {
    let own = others_name(secure);
    let mut lists = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(key, value)| (key == own).then_some(value));
    match (lists.next(), lists.next()) {
        (Some(list), None) => list
            .split('.')
            .take(MOST_OTHERS)
            .filter_map(Token::parse)
            .collect(),
        _ => Vec::new(),
    }
}

/// Bound to one path, so it cannot carry the prefix that binds a cookie to a host and all its paths.
fn others_name(secure: bool) -> String {
    let prefix = if secure { "__Secure-" } else { "" };
    format!("{prefix}{OTHERS}")
}

/// Keeps what opens the other accounts of this browser.
pub(super) fn keep_others(headers: &mut HeaderMap, others: &[Token], secure: bool) {
    let list: Vec<_> = others.iter().map(Token::text).collect();
    let list = zeroize::Zeroizing::new(
        list.iter()
            .map(|text| text.as_str())
            .collect::<Vec<_>>()
            .join("."),
    );
    let age = if others.is_empty() { 0 } else { OTHERS_SECONDS };
    let flag = if secure { "; Secure" } else { "" };
    let text = format!(
        "{}={}; Path={OTHERS_PATH}; HttpOnly; SameSite=Lax; Max-Age={age}{flag}",
        others_name(secure),
        *list,
    );
    add(headers, HeaderValue::from_str(&text).ok());
}

/// Goes on as another account of this browser.
pub(super) fn switched(switched: &Switched, secure: bool) -> Response {
    let mut response = ui::see_other("/");
    keep_session(
        response.headers_mut(),
        (&switched.token, switched.stays),
        secure,
    );
    keep_others(response.headers_mut(), &switched.others, secure);
    response
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

/// The same for a browser that could keep a passkey: on the way its owner may be offered one.
pub(super) fn admitted_by_password(admitted: &Admitted, shell: &Shell, secure: bool) -> Response {
    let mut response = self::admitted(admitted, shell, secure);
    if let Admitted::In(_, path) | Admitted::InForNow(_, path, _) = admitted {
        let offer = format!("/auth/passkey-offer?return_to={}", path.encoded());
        if let Ok(offer) = HeaderValue::from_str(&offer) {
            response.headers_mut().insert(LOCATION, offer);
        }
    }
    response
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
    keep_session(headers, (&opened.token, opened.stays), secure);
    if !opened.others.is_empty() {
        keep_others(headers, &opened.others, secure);
    }
    keep_device(headers, &opened.device, secure);
}

/// Keeps what this browser is recognised by.
pub(super) fn keep_device(headers: &mut HeaderMap, device: &DeviceCookie, secure: bool) {
    add(
        headers,
        line(
            &name(DEVICE, secure),
            &device.text(),
            DEVICE_LIFETIME,
            secure,
        ),
    );
}

fn keep_session(headers: &mut HeaderMap, (token, stays): (&Token, SignedDuration), secure: bool) {
    let seconds = u32::try_from(stays.as_secs()).unwrap_or(u32::MAX);
    let lifetime = Lifetime::Seconds(seconds);
    add(
        headers,
        line(&name(SESSION, secure), &token.text(), lifetime, secure),
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
    fn the_other_accounts_are_sent_to_sign_in_alone_and_fit_a_cookie() {
        let tokens: Vec<_> = (0..MOST_OTHERS).map(|_| Token::random().unwrap()).collect();
        let mut headers = HeaderMap::new();
        keep_others(&mut headers, &tokens, true);
        let line = headers
            .get(SET_COOKIE)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        assert!(line.starts_with("__Secure-cloud_accounts="), "{line}");
        assert!(line.ends_with("; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure"));
        assert!(line.len() < 4096);
        let pair = line.split(';').next().unwrap();
        let request = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, line.parse().unwrap());
            }
            others(&headers, true).len()
        };
        assert_eq!(request(&[pair]), MOST_OTHERS);
        assert_eq!(request(&[pair, pair]), 0, "two lists are none");
        assert_eq!(request(&["__Secure-cloud_accounts=x.y"]), 0);
        assert_eq!(
            request(&[&pair.replace("__Secure-", "")]),
            0,
            "of the other scheme"
        );
    }

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
