//! Forward-auth: what a tool behind a proxy is, who may use it, and which request a proxy asks about.
//!
//! Nothing here is repaired: an address that two programs could read differently is no address.

use crate::domain::subject::{Role, Subject};

/// Longest address of a request that is returned to, in bytes.
const LONGEST_ADDRESS: usize = 1_200;
/// What carries the ticket at the end of an address.
const TICKET: &str = "cloud_ticket=";

/// The proxy in front of a tool: it decides which fields are its own, and so may be believed. Those of the others may
/// have come from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proxy {
    /// Says the address in `x-original-url`; takes 401 and 403 alone.
    Nginx,
    /// Says the address in `x-forwarded-proto`, `-host` and `-uri`; passes any answer on.
    Traefik,
    /// Like Traefik.
    Caddy,
}

impl Proxy {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Nginx, Self::Traefik, Self::Caddy];

    /// As stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Traefik => "traefik",
            Self::Caddy => "caddy",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proxy| proxy.name() == text)
    }
}

/// Who may use a tool. Nobody, unless something here lets them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Everybody who is signed in.
    pub(crate) everyone: bool,
    /// People of these roles.
    pub(crate) roles: Vec<Role>,
    /// Members of these groups, nested ones included.
    pub(crate) groups: Vec<String>,
}

impl Rule {
    /// Whether a person may.
    pub(crate) fn admits(&self, who: &Subject) -> bool {
        self.everyone
            || self.roles.contains(&who.role)
            || self.groups.iter().any(|group| who.groups.contains(group))
    }
}

/// A tool.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    /// Names it in addresses.
    pub(crate) id: String,
    /// Name to show.
    pub(crate) name: String,
    /// What stands in front of it.
    pub(crate) proxy: Proxy,
    /// Where it is: host names, with a port where it is not the usual one.
    pub(crate) hosts: Vec<String>,
    /// Who may use it.
    pub(crate) rule: Rule,
}

/// Whether a text can name a tool in addresses: 1 to 40 lower-case letters, digits and hyphens.
pub(crate) fn is_tool_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('-')
}

/// Reads the name of a host, perhaps with a port. No wildcards: each host a sign-in is carried to is named.
pub(crate) fn host(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (name, port) = text.split_once(':').unwrap_or((&text, "443"));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let good_port = port.len() <= 5 && !port.starts_with('0') && port.parse::<u16>().is_ok();
    (name.len() <= 253 && name.split('.').all(label) && good_port).then_some(text)
}

/// The request of a browser to a tool, as an address that leads back to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    secure: bool,
    host: String,
    /// Path and query, byte for byte.
    rest: String,
}

impl Address {
    /// Reads an address of one of a tool's hosts; anything else is none. Text that follows `scheme://host/` cannot
    /// lead to another host, whatever it says, so it is kept as it is.
    pub(crate) fn parse(text: &str, tool: &Tool) -> Option<Self> {
        let visible = |byte: u8| {
            byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'#')
        };
        if text.len() > LONGEST_ADDRESS || !text.bytes().all(visible) {
            return None;
        }
        let (secure, after) = match text.strip_prefix("https://") {
            Some(after) => (true, after),
            None => (false, text.strip_prefix("http://")?),
        };
        let (host, rest) = after.split_at(after.find('/')?);
        let host = host.to_ascii_lowercase();
        tool.hosts.contains(&host).then(|| Self {
            secure,
            host,
            rest: rest.to_owned(),
        })
    }

    /// The host, perhaps with a port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether the browser speaks https with the tool.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The address itself.
    pub(crate) fn text(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{}", self.host, self.rest)
    }

    /// The address with a ticket at its end.
    pub(crate) fn with_ticket(&self, ticket: &str) -> String {
        let separator = if self.rest.contains('?') { '&' } else { '?' };
        format!("{}{separator}{TICKET}{ticket}", self.text())
    }

    /// The address as it was before a ticket was put at its end, and the ticket.
    pub(crate) fn take_ticket(&self) -> Option<(Self, &str)> {
        let (before, ticket) = self.rest.rsplit_once(TICKET)?;
        let rest = before.strip_suffix(['?', '&'])?.to_owned();
        let is_last = !ticket.contains(['&', '=', '?', '/']);
        is_last.then(|| {
            (
                Self {
                    rest,
                    ..self.clone()
                },
                ticket,
            )
        })
    }
}

/// The groups of a person in one field. One whose name could be read as two is left out: a name must not make a member
/// of another group.
pub(crate) fn groups_line(groups: &[String]) -> String {
    let clear =
        |group: &&String| !group.contains([',', ';', '|']) && !group.chars().any(char::is_control);
    let clear: Vec<&str> = groups.iter().filter(clear).map(String::as_str).collect();
    clear.join(",")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn tool() -> Tool {
        Tool {
            id: "grafana".to_owned(),
            name: "Grafana".to_owned(),
            proxy: Proxy::Nginx,
            hosts: vec![
                "grafana.example.org".to_owned(),
                "tools.example.org:8443".to_owned(),
            ],
            rule: Rule::default(),
        }
    }

    #[test]
    fn only_addresses_of_the_tools_own_hosts_are_returned_to() {
        for good in [
            "https://grafana.example.org/",
            "https://GRAFANA.example.org/d/x?a=1&b=//evil.example&c=%2e%2e",
            "http://tools.example.org:8443/@evil.example/..//x?y=https://evil.example",
        ] {
            let address = Address::parse(good, &tool()).unwrap();
            assert_eq!(address.text().to_lowercase(), good.to_lowercase());
            let url = url::Url::parse(&address.text()).unwrap();
            assert!(url.host_str().unwrap().ends_with("example.org"), "{good}");
        }
        for bad in [
            "",
            "https://evil.example/",
            "//grafana.example.org/",
            "///grafana.example.org/",
            "https:grafana.example.org/",
            "https:/grafana.example.org/",
            "https:\\\\grafana.example.org/",
            "https://grafana.example.org",
            "https://grafana.example.org\\@evil.example/",
            "https://grafana.example.org@evil.example/",
            "https://evil.example@grafana.example.org/",
            "https://grafana.example.org.evil.example/",
            "https://evilgrafana.example.org/",
            "https://grafana.example.org:8443/",
            "https://tools.example.org/",
            "https://grafana.example.org./",
            "https://grafana.example.org/\r\nLocation: https://evil.example",
            "https://grafana.example.org/%0d\n",
            "https://grafana.example.org/a b",
            "https://grafana.example.org/#@evil.example",
            "https://grafana.example.org?x=/",
            "https://[::1]/",
            "https://grafana.example.org%2f@evil.example/",
            "https://grafana.example.org%5c/",
            " https://grafana.example.org/",
            "\thttps://grafana.example.org/",
            "javascript:alert(1)//grafana.example.org/",
            "data:text/html,https://grafana.example.org/",
            "ftp://grafana.example.org/",
            "HTTPS://grafana.example.org/",
            "https://grafana.example.org/ö",
            &format!("https://grafana.example.org/{}", "x".repeat(2_000)),
        ] {
            assert_eq!(Address::parse(bad, &tool()), None, "{bad:?}");
        }
    }

    #[test]
    fn a_ticket_comes_off_as_it_went_on() {
        for text in [
            "https://grafana.example.org/",
            "https://grafana.example.org/d?a=1&cloud_ticket=b&c",
        ] {
            let address = Address::parse(text, &tool()).unwrap();
            let with = Address::parse(&address.with_ticket("TICKET"), &tool()).unwrap();
            let (clean, ticket) = with.take_ticket().unwrap();
            assert_eq!((clean.text().as_str(), ticket), (text, "TICKET"));
        }
        let plain =
            Address::parse("https://grafana.example.org/x?y=cloud_ticket", &tool()).unwrap();
        assert!(plain.take_ticket().is_none());
    }

    #[test]
    fn hosts_are_named_in_full() {
        assert_eq!(
            host(" Tools.Example.org:8443 ").as_deref(),
            Some("tools.example.org:8443")
        );
        for bad in [
            "",
            "*.example.org",
            "a b",
            "a..b",
            "-a.b",
            "a.b:",
            "a.b:0",
            "a.b:x",
            "a.b:99999",
            "https://a.b",
            "a.b/c",
            "a@b",
            "[::1]",
            "ä.example",
        ] {
            assert_eq!(host(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_groups_name_makes_no_member_of_another() {
        let groups = [
            "staff".to_owned(),
            "x,admin".to_owned(),
            "y\r\nRemote-User: root".to_owned(),
            "a|b".to_owned(),
        ];
        assert_eq!(groups_line(&groups), "staff");
    }
}
