//! `cloud login`, `cloud logout`, `cloud whoami`: a person's program on their own machine. It holds a key that somebody
//! allowed in a browser (RFC 8628), and never a password.

pub(crate) mod device;
pub(crate) mod kept;

use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::installation::Installation;
use crate::output::{note, say};
use crate::remote::{Address, Remote};
use device::Asked;
use kept::{Kept, Login};

/// Where a platform is reached unless told otherwise, as everywhere else.
const DEFAULT_URL: &str = "http://localhost:3000";
/// What the key of a sign-in may: tell whose it is, and read the list of keys.
const SCOPES: &str = "identity:read keys:read";
/// Where people end what a key cannot.
pub(crate) const KEYS_PAGE: &str = "/auth/security/keys";

/// Which platform is meant.
#[derive(Args)]
pub(crate) struct At {
    /// Address of the platform [default: CLOUD_URL, else the one you are signed in to]
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

/// How to sign in.
#[derive(Args)]
pub(crate) struct LoginOptions {
    /// Address of the platform [default: CLOUD_URL, else APP_URL, else http://localhost:3000]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Days until it ends by itself, 1 to 365
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
    /// Allow an address without encryption on another machine
    #[arg(long)]
    allow_http: bool,
}

/// Who a key stands for, as the platform says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    user_id: String,
    username: String,
    display_name: String,
    role: String,
    scopes: Vec<String>,
}

/// The address that is meant, before it is known whether anybody is signed in there.
pub(crate) fn named(installation: &Installation, at: &At) -> Option<String> {
    let variable = || installation.variable("CLOUD_URL").map(str::to_owned);
    at.url.clone().or_else(variable)
}

/// `cloud login`
pub(crate) async fn login(
    installation: &Installation,
    options: LoginOptions,
) -> Result<ExitCode, Error> {
    let at = At { url: options.url };
    let typed = named(installation, &at)
        .or_else(|| installation.variable("APP_URL").map(str::to_owned))
        .unwrap_or_else(|| DEFAULT_URL.to_owned());
    let address = Address::parse(&typed, options.allow_http)?;
    let kept = Kept::find(installation)?;
    let before = kept.read(&address)?;
    let remote = Remote::new(&address);
    let asked = Asked {
        scope: SCOPES,
        days: options.days,
        ..Asked::default()
    };
    let granted = device::ask(&remote, &asked).await?;
    let remote = remote.with_key(&granted.access_token);
    let identity: Identity = remote.get("/api/auth/identity").await?;
    let login = Login {
        url: address.text(),
        allow_http: options.allow_http,
        username: identity.username.clone(),
        key_id: granted.key_id,
        key: granted.access_token,
    };
    let path = kept.write(&address, &login)?;
    if let Some(before) = before {
        give_back(&Remote::new(&address), &before.key).await?;
    }
    note(&format!("The key is in {}.", path.display()));
    say(&format!(
        "You are signed in to {} as {}.",
        address.text(),
        in_words(&identity)
    ));
    Ok(ExitCode::SUCCESS)
}

/// `cloud logout`
pub(crate) async fn logout(
    installation: &Installation,
    at: &At,
    forget: bool,
) -> Result<ExitCode, Error> {
    let kept = Kept::find(installation)?;
    let (address, login) = kept.meant(named(installation, at))?;
    if forget {
        kept.remove(&address)?;
        say(&format!(
            "The key is forgotten here, and works on until it is ended at {}{KEYS_PAGE}.",
            address.text()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    give_back(&Remote::new(&address), &login.key).await?;
    kept.remove(&address)?;
    say(&format!(
        "You are signed out of {}; the key is refused from now on.",
        address.text()
    ));
    Ok(ExitCode::SUCCESS)
}

/// `cloud whoami`
pub(crate) async fn whoami(
    installation: &Installation,
    at: &At,
    json: bool,
) -> Result<ExitCode, Error> {
    let remote = signed_in(installation, at)?;
    let identity: Identity = remote.get("/api/auth/identity").await?;
    if json {
        let url = remote.address().text();
        let whole = serde_json::json!({ "url": url, "identity": identity });
        say(&whole.to_string());
    } else {
        say(&format!(
            "{} at {}",
            in_words(&identity),
            remote.address().text()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The platform that is meant, with the key of the sign-in there.
pub(crate) fn signed_in(installation: &Installation, at: &At) -> Result<Remote, Error> {
    let (address, login) = Kept::find(installation)?.meant(named(installation, at))?;
    Ok(Remote::new(&address).with_key(&login.key))
}

/// Where a platform is, for what needs no sign-in from here.
pub(crate) fn whereabouts(installation: &Installation, at: &At) -> Result<Address, Error> {
    let typed = named(installation, at);
    match Kept::find(installation)?.meant(typed.clone()) {
        Ok((address, _)) => Ok(address),
        Err(Error::NotSignedIn(_)) if typed.is_some() => {
            Address::parse(&typed.unwrap_or_default(), false)
        }
        Err(error) => Err(error),
    }
}

/// Ends a key by itself (RFC 7009).
pub(crate) async fn give_back(remote: &Remote, key: &str) -> Result<(), Error> {
    let (status, body) = remote.post("/api/auth/revoke", &[("token", key)]).await?;
    if status.is_success() {
        Ok(())
    } else {
        Err(remote.refusal(status, &body))
    }
}

fn in_words(identity: &Identity) -> String {
    format!(
        "{} ({}, {})",
        identity.username, identity.display_name, identity.role
    )
}
