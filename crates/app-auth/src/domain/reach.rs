//! How far a key reaches: scopes, one app, one resource, networks. A key reaches nothing that is not named.

use std::net::IpAddr;

use platform::AppId;
use platform::config::Cidr;

/// Most scopes of one key.
pub(crate) const MOST_SCOPES: usize = 20;
/// Most networks of one key.
pub(crate) const MOST_NETWORKS: usize = 20;
/// Longest name of a resource.
const LONGEST_RESOURCE: usize = 200;
/// Scopes of these apps are about credentials, sessions and keys, which no key may touch.
const NEVER: [&str; 1] = ["auth"];

/// What a key may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    scopes: Vec<String>,
    app: String,
    resource: String,
    networks: Vec<String>,
}

/// What is wrong with a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReachProblem {
    /// None is named.
    NoScopes,
    /// One is misspelled, or about credentials; or there are too many.
    Scopes,
    /// It is no app's id.
    App,
    /// It is too long or has spaces.
    Resource,
    /// One is no network, or there are too many.
    Networks,
}

impl ReachProblem {
    /// The field of the form it is about.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::NoScopes | Self::Scopes => "scopes",
            Self::App => "app",
            Self::Resource => "resource",
            Self::Networks => "networks",
        }
    }

    /// What to do about it, for programs.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::NoScopes => "scopes must name at least one, as in files:read",
            Self::Scopes => "scopes must be 1 to 20 of the form app:act, none of them of auth",
            Self::App => "app must be the id of an app, or empty",
            Self::Resource => "resource must be at most 200 letters without spaces and #",
            Self::Networks => "networks must be at most 20 in CIDR form, as in 192.0.2.0/24",
        }
    }
}

impl Reach {
    /// Reads what somebody asks for: lists separated by spaces, commas or lines.
    pub(crate) fn parse(
        scopes: &str,
        app: &str,
        resource: &str,
        networks: &str,
    ) -> Result<Self, ReachProblem> {
        let mut scopes: Vec<String> = words(scopes).map(str::to_owned).collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(ReachProblem::NoScopes);
        }
        if scopes.len() > MOST_SCOPES || !scopes.iter().all(|scope| is_scope(scope)) {
            return Err(ReachProblem::Scopes);
        }
        let app = app.trim();
        if !app.is_empty() && AppId::new(app).is_err() {
            return Err(ReachProblem::App);
        }
        let resource = resource.trim();
        let fits = |letter: char| letter.is_ascii_graphic() && letter != '#';
        if resource.len() > LONGEST_RESOURCE || !resource.chars().all(fits) {
            return Err(ReachProblem::Resource);
        }
        let networks: Option<Vec<String>> = words(networks)
            .map(|word| word.parse::<Cidr>().ok().map(|network| network.to_string()))
            .collect();
        let networks = networks
            .filter(|networks| networks.len() <= MOST_NETWORKS)
            .ok_or(ReachProblem::Networks)?;
        Ok(Self {
            scopes,
            app: app.to_owned(),
            resource: resource.to_owned(),
            networks,
        })
    }

    /// As stored.
    pub(crate) fn stored(
        (scopes, networks): (Vec<String>, Vec<String>),
        (app, resource): (String, String),
    ) -> Self {
        Self {
            scopes,
            app,
            resource,
            networks,
        }
    }

    /// What may be done.
    pub(crate) fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The one app it is for; empty for any.
    pub(crate) fn app(&self) -> &str {
        &self.app
    }

    /// The one resource it is for; empty for any.
    pub(crate) fn resource(&self) -> &str {
        &self.resource
    }

    /// Networks it may be used from; none means any.
    pub(crate) fn networks(&self) -> &[String] {
        &self.networks
    }

    /// The scopes as apps see them. One of a key for one resource carries its name, so that it never equals the
    /// scope a route asks for: an app that knows nothing of resources refuses it.
    pub(crate) fn granted(&self) -> Vec<String> {
        if self.resource.is_empty() {
            return self.scopes.clone();
        }
        let narrowed = |scope: &String| format!("{scope}#{}", self.resource);
        self.scopes.iter().map(narrowed).collect()
    }

    /// Whether the key may be used from `address`.
    pub(crate) fn admits(&self, address: Option<IpAddr>) -> bool {
        if self.networks.is_empty() {
            return true;
        }
        let Some(address) = address else {
            return false;
        };
        self.networks
            .iter()
            .filter_map(|network| network.parse::<Cidr>().ok())
            .any(|network| network.contains(address))
    }
}

/// `<app>:<act>`, as in `files:read`.
fn is_scope(text: &str) -> bool {
    let Some((app, act)) = text.split_once(':') else {
        return false;
    };
    let fits = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.')
    };
    AppId::new(app).is_ok()
        && !NEVER.contains(&app)
        && (1..=40).contains(&act.len())
        && act.starts_with(|letter: char| letter.is_ascii_lowercase())
        && act.chars().all(fits)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || letter == ',')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn scopes(text: &str) -> Result<Reach, ReachProblem> {
        Reach::parse(text, "", "", "")
    }

    #[test]
    fn scopes_are_named_one_by_one() {
        let reach = scopes("files:read, files:write\nfiles:read").unwrap();
        assert_eq!(reach.scopes(), ["files:read", "files:write"]);
        assert_eq!(scopes("  "), Err(ReachProblem::NoScopes));
        for bad in [
            "*",
            "files",
            "files:",
            ":read",
            "Files:read",
            "files:*",
            "files:read#x",
            "files:read:x",
        ] {
            assert_eq!(scopes(bad), Err(ReachProblem::Scopes), "{bad}");
        }
    }

    #[test]
    fn no_scope_is_about_credentials() {
        assert_eq!(scopes("auth:keys"), Err(ReachProblem::Scopes));
        assert_eq!(scopes("files:read auth:read"), Err(ReachProblem::Scopes));
    }

    #[test]
    fn a_key_for_one_resource_never_has_the_bare_scope() {
        let reach = Reach::parse("files:read", "files", "folder/7", "").unwrap();
        assert_eq!(reach.granted(), ["files:read#folder/7"]);
        assert_eq!(
            Reach::parse("files:read", "", "a#b", ""),
            Err(ReachProblem::Resource)
        );
        assert_eq!(
            Reach::parse("files:read", "Not An App", "", ""),
            Err(ReachProblem::App)
        );
    }

    #[test]
    fn networks_bound_where_a_key_works() {
        let reach = Reach::parse("files:read", "", "", "10.0.0.0/8 2001:db8::/32").unwrap();
        let at = |text: &str| reach.admits(text.parse().ok());
        assert!(at("10.9.9.9") && at("2001:db8::1") && at("::ffff:10.1.1.1"));
        assert!(!at("192.0.2.1") && !reach.admits(None));
        assert_eq!(
            Reach::parse("files:read", "", "", "10.0.0.0/33"),
            Err(ReachProblem::Networks)
        );
        assert!(scopes("files:read").unwrap().admits(None));
    }
}
