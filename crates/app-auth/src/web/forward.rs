//! Forward-auth: what proxies ask, and where browsers without a sign-in at a tool are sent.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ACCEPT, LOCATION, REFRESH, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use platform::http::{Path, Query};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::cookies::{Lifetime, get, line, name};

use super::Web;
use super::security::acting;
use crate::domain::forward::{Address, Proxy, Tool, groups_line, is_tool_id};
use crate::domain::subject::Subject;
use crate::domain::token::{Token, TokenHash};
use crate::error::Error;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::forward::{Answer, Held, Sent, ToolCookie};

/// Name of a tool's own cookie without its prefix.
const SESSION: &str = "cloud_tool";
/// Name of the cookie that says which browser it is, without its prefix.
const BROWSER: &str = "cloud_tool_browser";
/// The session behind it decides when it is over.
const LIFETIME: Lifetime = Lifetime::Seconds(400 * 24 * 3600);

/// Why a proxy gets no answer about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// No tool has this name.
    Unknown,
    /// The proxy says no address, or none that the gateway believes.
    Unsaid,
    /// The address is not one of the tool's.
    Foreign,
    /// The browser keeps no cookies.
    NoCookies,
}

impl Problem {
    fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Unsaid => "unsaid",
            Self::Foreign => "foreign",
            Self::NoCookies => "",
        }
    }

    /// For whoever sets the proxy up, who sees it in the proxy's answer.
    fn text(self) -> &'static str {
        match self {
            Self::Unknown => "No tool of this name is set up.\n",
            Self::Unsaid => {
                "The proxy did not say which request it asks about, said it twice, or is not among the trusted proxies (Settings, Gateway).\n"
            }
            Self::Foreign => "The address is not one of the hosts of this tool.\n",
            Self::NoCookies => {
                "This browser keeps no cookies for this site. Allow them and open the page again.\n"
            }
        }
    }
}

/// `GET /auth/forward/{tool}`: a proxy asks about one request.
pub(super) async fn ask(
    State(web): State<Web>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let forward = &web.services.forward;
    let stored = if is_tool_id(&id) {
        forward.find(&id).await?
    } else {
        None
    };
    let Some(stored) = stored else {
        return Ok(refused(Problem::Unknown));
    };
    let tool = &stored.tool;
    let address = match address(tool, &headers, web.secure) {
        Ok(address) => address,
        Err(problem) => {
            forward.note(&stored, problem.word()).await?;
            return Ok(refused(problem));
        }
    };
    forward.note(&stored, "").await?;
    let secure = address.is_secure();
    let held = |base| get(&headers, &name(base, secure)).and_then(Token::parse);
    let held = Held {
        session: held(SESSION),
        browser: held(BROWSER),
    };
    Ok(match forward.ask(tool, &address, held).await? {
        Answer::Admitted(who) => admitted(&who),
        Answer::Forbidden(who) => forbidden(tool, &who),
        Answer::NoCookies => refused(Problem::NoCookies),
        Answer::Again(clean, cookie) => sent(tool, &headers, (clean.text(), cookie), secure),
        Answer::SignIn(browser, cookie) => {
            let start = start(&web, tool, &address, &browser);
            sent(tool, &headers, (start, cookie), secure)
        }
    })
}

/// The address a proxy asks about. Only the fields that this kind of proxy sets itself are read, and each only when it
/// was said once: what else is there may be the browser's.
fn address(tool: &Tool, headers: &HeaderMap, secure: bool) -> Result<Address, Problem> {
    let once = |name: &'static str| {
        let mut said = headers.get_all(HeaderName::from_static(name)).iter();
        match (said.next(), said.next()) {
            (Some(value), None) => value.to_str().map_err(|_| Problem::Foreign),
            _ => Err(Problem::Unsaid),
        }
    };
    let text = match tool.proxy {
        Proxy::Nginx => once("cloud-original-url")?.to_owned(),
        Proxy::Traefik | Proxy::Caddy => {
            let (scheme, host) = (once("cloud-original-proto")?, once("cloud-original-host")?);
            // In two parts, neither of which can reach into the other.
            if host.contains('/') {
                return Err(Problem::Foreign);
            }
            format!("{scheme}://{host}{}", once("cloud-original-uri")?)
        }
    };
    let address = Address::parse(&text, tool).ok_or(Problem::Foreign)?;
    if secure && !address.is_secure() {
        return Err(Problem::Foreign);
    }
    Ok(address)
}

/// All four fields, always: a proxy replaces what a browser claims only by what it is given.
fn admitted(who: &Subject) -> Response {
    let fields = [
        ("remote-user", who.username.as_str()),
        ("remote-email", who.email.as_str()),
        ("remote-name", who.display_name.as_str()),
        ("remote-groups", &groups_line(&who.groups)),
    ];
    let mut response = StatusCode::OK.into_response();
    for (name, text) in fields {
        // Bytes of UTF-8 pass, what would end the field does not.
        let value = HeaderValue::from_bytes(text.as_bytes());
        let value = value.unwrap_or_else(|_| HeaderValue::from_static(""));
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, value);
    }
    response
}

fn forbidden(tool: &Tool, who: &Subject) -> Response {
    let text = format!(
        "You are signed in as {}, who may not use {}. An administrator can change that.\n",
        who.username, tool.name
    );
    (StatusCode::FORBIDDEN, text).into_response()
}

fn refused(problem: Problem) -> Response {
    (StatusCode::FORBIDDEN, problem.text()).into_response()
}

/// Sends a browser elsewhere, in the one way that each proxy passes on.
fn sent(
    tool: &Tool,
    headers: &HeaderMap,
    (to, cookie): (String, Option<ToolCookie>),
    secure: bool,
) -> Response {
    let wants_page = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"));
    let status = match tool.proxy {
        Proxy::Traefik | Proxy::Caddy if wants_page => StatusCode::FOUND,
        _ => StatusCode::UNAUTHORIZED,
    };
    let mut response = status.into_response();
    if let Ok(value) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(LOCATION, value);
    }
    let cookie = cookie.and_then(|cookie| {
        let (base, token) = match &cookie {
            ToolCookie::Session(token) => (SESSION, token),
            ToolCookie::Browser(token) => (BROWSER, token),
        };
        line(&name(base, secure), &token.text(), LIFETIME, secure)
    });
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn start(web: &Web, tool: &Tool, address: &Address, browser: &TokenHash) -> String {
    format!(
        "{}auth/forward/{}/start?to={}&browser={}",
        web.services.app_url,
        tool.id,
        URL_SAFE_NO_PAD.encode(address.text()),
        browser.text()
    )
}

/// What a tool's address says of the way back.
#[derive(Debug, Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    to: String,
    #[serde(default)]
    browser: String,
    /// Set on the way through the sign-in page.
    #[serde(default)]
    signed: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/forward.html")]
struct ForwardPage {
    shell: Shell,
    /// Where it goes on; empty when it does not.
    to: String,
    text: String,
}

/// `GET /auth/forward/{tool}/start`: a browser was sent here by a tool's proxy.
pub(super) async fn begin(
    State(web): State<Web>,
    Path(id): Path<String>,
    (Query(query), Visitor(who), client): (Query<Start>, Visitor, Client),
    shell: Shell,
) -> Result<Response, Error> {
    let forward = &web.services.forward;
    let stored = if is_tool_id(&id) {
        forward.find(&id).await?
    } else {
        None
    };
    let tool = stored.ok_or(Error::ToolNotFound)?.tool;
    let text = URL_SAFE_NO_PAD.decode(&query.to).ok();
    let address = text
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| Address::parse(&text, &tool))
        .filter(|address| address.is_secure() || !web.secure);
    let (Some(address), Some(browser)) = (address, TokenHash::parse(&query.browser)) else {
        return Err(Error::InvalidRequest("the address is not one of this tool"));
    };
    let Some(who) = who else {
        let here = format!(
            "/auth/forward/{id}/start?to={}&browser={}&signed=1",
            query.to, query.browser
        );
        let here: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
        return Ok(ui::see_other(&format!("/auth/sign-in?return_to={here}")));
    };
    let audit = Audit::success("forward.ticket")
        .actor(acting(&who).user_id)
        .client(&client);
    let way = (&address, &browser);
    let outcome = forward.send_back(&tool, way, (acting(&who), audit)).await?;
    let page = |key, to| ForwardPage {
        text: shell.t1(key, "tool", tool.name.clone()),
        shell: shell.clone().titled(tool.name.clone()),
        to,
    };
    Ok(match outcome {
        Sent::Forbidden => ui::page::render(
            StatusCode::FORBIDDEN,
            &page("auth-forward-forbidden", String::new()),
        ),
        Sent::Circles => ui::page::render(
            StatusCode::CONFLICT,
            &page("auth-forward-circles", String::new()),
        ),
        // Browsers follow no redirect to another site at the end of a form (CSP, form-action): a page in between does.
        Sent::Back(to) if query.signed.is_some() => {
            let refresh = HeaderValue::from_str(&format!("0; url={to}"));
            let mut response = ui::page(page("auth-forward-on", to));
            if let Ok(refresh) = refresh {
                response.headers_mut().insert(REFRESH, refresh);
            }
            response
        }
        Sent::Back(to) => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(LOCATION, to);
            }
            response
        }
    })
}
