//! The gateway's settings: what an operator may change, within which bounds, and how it reads as limits. What the
//! environment or the code says is the seed of each.

use std::time::Duration;

use platform::{Label, Reader, SettingDeclaration, SettingKind};
use serde_json::json;

use crate::config::{GatewayConfig, Limits};

/// Key of the proxies that are believed.
pub(super) const TRUSTED_PROXIES: &str = "proxies.trusted";
/// Key of the domains that are served over TLS.
pub(super) const TLS_DOMAINS: &str = "tls.domains";

/// In English and in German.
type Words = (&'static str, &'static str);

const TIMES: Words = ("Times", "Zeiten");
const SIZES: Words = ("Sizes", "Größen");
const CONNECTIONS: Words = ("Connections", "Verbindungen");
const RATES: Words = ("Request rates", "Anfrageraten");
const NETWORK: Words = ("Network", "Netz");

/// A limit that is a number. The least value of each leaves the page usable on which it is changed.
pub(super) struct Number {
    pub(super) key: &'static str,
    name: Words,
    hint: Words,
    group: Words,
    bounds: (i64, i64),
    read: fn(&Limits) -> i64,
    write: fn(&mut Limits, u64),
}

/// All limits.
pub(super) const NUMBERS: [Number; 14] = [
    Number {
        key: "timeout.head",
        name: ("Request head (seconds)", "Anfragekopf (Sekunden)"),
        hint: (
            "From the first byte of a request's head to its last.",
            "Vom ersten Byte des Kopfes einer Anfrage bis zum letzten.",
        ),
        group: TIMES,
        bounds: (1, 120),
        read: |limits| seconds(limits.head),
        write: |limits, value| limits.head = Duration::from_secs(value),
    },
    Number {
        key: "timeout.keep-alive",
        name: ("Idle connection (seconds)", "Ruhende Verbindung (Sekunden)"),
        hint: (
            "How long a connection is kept between two requests.",
            "Wie lange eine Verbindung zwischen zwei Anfragen gehalten wird.",
        ),
        group: TIMES,
        bounds: (1, 3600),
        read: |limits| seconds(limits.keep_alive),
        write: |limits, value| limits.keep_alive = Duration::from_secs(value),
    },
    Number {
        key: "timeout.response",
        name: (
            "Wait for an answer (seconds)",
            "Warten auf Antwort (Sekunden)",
        ),
        hint: (
            "For the head of an app's answer, where the app itself says nothing else.",
            "Auf den Kopf der Antwort einer App, sofern die App nichts anderes sagt.",
        ),
        group: TIMES,
        bounds: (1, 3600),
        read: |limits| seconds(limits.response),
        write: |limits, value| limits.response = Duration::from_secs(value),
    },
    Number {
        key: "timeout.request-idle",
        name: (
            "Silence in a request (seconds)",
            "Stille in einer Anfrage (Sekunden)",
        ),
        hint: (
            "Longest silence within the body of a request.",
            "Längste Stille im Inhalt einer Anfrage.",
        ),
        group: TIMES,
        bounds: (1, 3600),
        read: |limits| seconds(limits.request_idle),
        write: |limits, value| limits.request_idle = Duration::from_secs(value),
    },
    Number {
        key: "timeout.response-idle",
        name: (
            "Silence in an answer (seconds)",
            "Stille in einer Antwort (Sekunden)",
        ),
        hint: (
            "Longest silence within an answer and on a WebSocket.",
            "Längste Stille in einer Antwort und auf einem WebSocket.",
        ),
        group: TIMES,
        bounds: (1, 86_400),
        read: |limits| seconds(limits.response_idle),
        write: |limits, value| limits.response_idle = Duration::from_secs(value),
    },
    Number {
        key: "timeout.write-idle",
        name: (
            "Client takes nothing (seconds)",
            "Abnahme stockt (Sekunden)",
        ),
        hint: (
            "Longest time in which a client takes no byte of its answer.",
            "Längste Zeit, in der ein Client kein Byte seiner Antwort abnimmt.",
        ),
        group: TIMES,
        bounds: (1, 3600),
        read: |limits| seconds(limits.write_idle),
        write: |limits, value| limits.write_idle = Duration::from_secs(value),
    },
    Number {
        key: "body.limit-kib",
        name: ("Largest request (KiB)", "Größte Anfrage (KiB)"),
        hint: (
            "Body of a request, where the app itself says nothing else.",
            "Inhalt einer Anfrage, sofern die App nichts anderes sagt.",
        ),
        group: SIZES,
        bounds: (16, 4 * 1024 * 1024),
        read: |limits| number(limits.body / 1024),
        write: |limits, value| limits.body = value * 1024,
    },
    Number {
        key: "body.held-mib",
        name: (
            "Requests held until whole (MiB)",
            "Bis zum Ende gehaltene Anfragen (MiB)",
        ),
        hint: (
            "All together, for apps that want a request whole. More are answered with 503.",
            "Alle zusammen, für Apps, die eine Anfrage als Ganzes wollen. Weitere werden mit 503 beantwortet.",
        ),
        group: SIZES,
        bounds: (16, 64 * 1024),
        read: |limits| number(limits.held / (1024 * 1024)),
        write: |limits, value| limits.held = value * 1024 * 1024,
    },
    Number {
        key: "connections.total",
        name: ("Open connections", "Offene Verbindungen"),
        hint: (
            "In total, for each gateway. More are closed at once.",
            "Insgesamt, je Gateway. Weitere werden sofort geschlossen.",
        ),
        group: CONNECTIONS,
        bounds: (64, 1_000_000),
        read: |limits| number(limits.connections),
        write: |limits, value| limits.connections = size(value),
    },
    Number {
        key: "connections.per-address",
        name: (
            "Open connections of one address",
            "Offene Verbindungen einer Adresse",
        ),
        hint: (
            "A /64 of IPv6 counts as one address. Does not hold for this machine itself.",
            "Ein /64 von IPv6 zählt als eine Adresse. Gilt nicht für diesen Rechner selbst.",
        ),
        group: CONNECTIONS,
        bounds: (8, 1_000_000),
        read: |limits| number(limits.connections_per_address),
        write: |limits, value| limits.connections_per_address = size(value),
    },
    Number {
        key: "rate.address",
        name: (
            "Requests a second of one address",
            "Anfragen je Sekunde einer Adresse",
        ),
        hint: (
            "Of clients about whom nothing is known. Does not hold for this machine itself.",
            "Von Clients, über die nichts bekannt ist. Gilt nicht für diesen Rechner selbst.",
        ),
        group: RATES,
        bounds: (5, 1_000_000),
        read: |limits| i64::from(limits.rate_per_address.per_second),
        write: |limits, value| limits.rate_per_address.per_second = count(value),
    },
    Number {
        key: "rate.address-burst",
        name: (
            "Requests at once of one address",
            "Anfragen auf einmal einer Adresse",
        ),
        hint: (
            "What may come at once before the steady rate holds.",
            "Was auf einmal kommen darf, bevor die stetige Rate gilt.",
        ),
        group: RATES,
        bounds: (50, 1_000_000),
        read: |limits| i64::from(limits.rate_per_address.burst),
        write: |limits, value| limits.rate_per_address.burst = count(value),
    },
    Number {
        key: "rate.person",
        name: (
            "Requests a second of one person",
            "Anfragen je Sekunde einer Person",
        ),
        hint: (
            "Of a signed-in person, over all connections.",
            "Einer angemeldeten Person, über alle Verbindungen.",
        ),
        group: RATES,
        bounds: (5, 1_000_000),
        read: |limits| i64::from(limits.rate_per_person.per_second),
        write: |limits, value| limits.rate_per_person.per_second = count(value),
    },
    Number {
        key: "rate.person-burst",
        name: (
            "Requests at once of one person",
            "Anfragen auf einmal einer Person",
        ),
        hint: (
            "What may come at once before the steady rate holds.",
            "Was auf einmal kommen darf, bevor die stetige Rate gilt.",
        ),
        group: RATES,
        bounds: (50, 1_000_000),
        read: |limits| i64::from(limits.rate_per_person.burst),
        write: |limits, value| limits.rate_per_person.burst = count(value),
    },
];

impl Number {
    fn declaration(&self, base: &Limits) -> SettingDeclaration {
        let (min, max) = self.bounds;
        let kind = SettingKind::Integer {
            min: Some(min),
            max: Some(max),
        };
        let usual = (self.read)(&Limits::default());
        declaration(
            self.key,
            self.name,
            kind,
            usual.into(),
            (self.hint, self.group),
        )
        .env(&self.variable())
        .seeded(self.seed(base, usual).map(Into::into))
    }

    /// The environment variable with the seed: `GATEWAY_RATE_PERSON` for `rate.person`.
    fn variable(&self) -> String {
        let name = self.key.replace(['.', '-'], "_").to_ascii_uppercase();
        format!("GATEWAY_{name}")
    }

    /// Takes the seed from the environment, or notes what is wrong with it.
    fn read_seed(&self, reader: &mut Reader<'_>, limits: &mut Limits) {
        let variable = self.variable();
        let Some(text) = reader.optional(&variable) else {
            return;
        };
        let (min, max) = self.bounds;
        match text
            .parse()
            .ok()
            .filter(|value| (min..=max).contains(value))
        {
            Some(value) => self.put(limits, value),
            None => reader.problem(&variable, &format!("must be a number from {min} to {max}")),
        }
    }

    /// What this gateway is configured with, where that is another value that the setting can have.
    fn seed(&self, base: &Limits, usual: i64) -> Option<i64> {
        let value = (self.read)(base);
        let (min, max) = self.bounds;
        let mut again = *base;
        self.put(&mut again, value);
        (value != usual && (min..=max).contains(&value) && again == *base).then_some(value)
    }

    /// Puts a value into the limits.
    pub(super) fn put(&self, limits: &mut Limits, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            (self.write)(limits, value);
        }
    }
}

/// The limits as the environment seeds them; what is wrong with a value is noted.
pub(crate) fn seeded_limits(reader: &mut Reader<'_>) -> Limits {
    let mut limits = Limits::default();
    for number in &NUMBERS {
        number.read_seed(reader, &mut limits);
    }
    limits
}

/// What this gateway declares.
pub(super) fn all(config: &GatewayConfig) -> Vec<SettingDeclaration> {
    let mut all: Vec<SettingDeclaration> = NUMBERS
        .iter()
        .map(|number| number.declaration(&config.limits))
        .collect();
    let texts = |texts: Vec<String>| (!texts.is_empty()).then(|| json!(texts));
    let proxies = config.trusted_proxies.iter().map(ToString::to_string);
    let (name, hint) = (
        ("Trusted proxies", "Vertrauenswürdige Proxys"),
        (
            "Addresses or networks, such as 10.0.0.0/8, whose word on the client is believed. For new connections.",
            "Adressen oder Netze, etwa 10.0.0.0/8, deren Angaben zum Client geglaubt wird. Für neue Verbindungen.",
        ),
    );
    all.push(
        declaration(
            TRUSTED_PROXIES,
            name,
            SettingKind::List,
            json!([]),
            (hint, NETWORK),
        )
        .env("TRUSTED_PROXIES")
        .seeded(texts(proxies.collect())),
    );
    // Where TLS is off there is no port for it, and nothing a list of names could change.
    if let Some(tls) = &config.tls {
        let domains = tls.domains.iter().map(ToString::to_string);
        let (name, hint) = (
            ("Domains served over TLS", "Domains mit TLS"),
            (
                "Host names, wildcards such as *.example.org, or IP addresses. The first one is served to clients that name none.",
                "Rechnernamen, Platzhalter wie *.example.org oder IP-Adressen. Der erste gilt für Clients, die keinen nennen.",
            ),
        );
        all.push(
            declaration(
                TLS_DOMAINS,
                name,
                SettingKind::List,
                json!([]),
                (hint, NETWORK),
            )
            .env("TLS_DOMAINS")
            .seeded(texts(domains.collect())),
        );
    }
    all
}

fn declaration(
    key: &str,
    name: Words,
    kind: SettingKind,
    default: serde_json::Value,
    (hint, group): (Words, Words),
) -> SettingDeclaration {
    let label = |(english, german): Words| Label::new(english, german);
    SettingDeclaration::new(key, label(name), kind, default)
        .hint(label(hint))
        .group(label(group))
}

fn seconds(duration: Duration) -> i64 {
    number(duration.as_secs())
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

fn size(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn count(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use platform::Environment;

    use super::*;

    fn config() -> GatewayConfig {
        let environment = Environment::from_map([
            ("APP_SECRET", "8f3b1c90d27e46a5b8c1f0e9d7a63542"),
            ("REDIS_URL", "redis://127.0.0.1:1"),
            ("TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1"),
        ]);
        GatewayConfig::from_environment(&environment).unwrap()
    }

    #[test]
    fn every_default_and_seed_is_a_value_of_its_setting() {
        for declared in all(&config()) {
            for value in [Some(&declared.default), declared.seed.as_ref()] {
                let is_one = value.is_none_or(|value| declared.check(value).is_ok());
                assert!(is_one, "{}: {value:?}", declared.key);
            }
            assert!(!declared.hint.get("de").is_empty() && declared.group.is_some());
        }
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        for number in &NUMBERS {
            let (least, most) = number.bounds;
            for value in [least, most] {
                let mut limits = Limits::default();
                number.put(&mut limits, value);
                assert_eq!((number.read)(&limits), value, "{}", number.key);
            }
        }
    }

    #[test]
    fn the_environment_is_the_seed() {
        let mut config = config();
        config.limits.keep_alive = Duration::from_secs(20);
        config.limits.head = Duration::from_millis(300);
        let seed = |key: &str| {
            let all = all(&config);
            all.into_iter().find(|one| one.key == key).unwrap().seed
        };
        assert_eq!(
            seed(TRUSTED_PROXIES),
            Some(json!(["10.0.0.0/8", "192.0.2.1/32"]))
        );
        assert_eq!(seed("timeout.keep-alive"), Some(json!(20)));
        assert_eq!(seed("timeout.head"), None, "no whole number of seconds");
        assert_eq!(seed("timeout.response"), None, "as usual");
    }
}
