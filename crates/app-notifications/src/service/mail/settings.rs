//! The settings of mail: what an operator may change, and what they mean at this moment.

use std::path::PathBuf;

use platform::{Label, SettingDeclaration, SettingKind};
use registry::ChoiceOption;
use rpc::settings::{Settings, organisation};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::compose::Letterhead;
use super::outbox::Outbox;
use super::smtp::{Security, SmtpServer};
use crate::domain::address::MailAddress;

const HOST: &str = "smtp.host";
const PORT: &str = "smtp.port";
const SECURITY: &str = "smtp.security";
const USER: &str = "smtp.user";
const PASSWORD: &str = "smtp.password";
const TRUSTED: &str = "smtp.certificates";
const FROM: &str = "mail.from-address";
const FROM_NAME: &str = "mail.from-name";

/// How mail leaves.
#[derive(Debug)]
pub(crate) enum Way {
    /// By a mail server.
    Smtp(SmtpServer),
    /// Into a folder; development only.
    Outbox(Outbox),
    /// Not at all: no mail server is set.
    None,
}

/// The settings, read anew for each mail. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MailSettings {
    settings: Settings,
    outbox: Option<Outbox>,
    /// Name of this host for greetings and for a sender's address in development.
    host: String,
}

impl MailSettings {
    /// The settings of a platform at an address, with a folder for development.
    pub fn new(settings: Settings, outbox: Option<PathBuf>, app_url: &Url) -> Self {
        Self {
            settings,
            outbox: outbox.map(Outbox::new),
            host: app_url.domain().unwrap_or("localhost").to_owned(),
        }
    }

    /// How mail leaves at this moment.
    pub(crate) fn way(&self) -> Way {
        match (self.server(), &self.outbox) {
            (Some(server), _) => Way::Smtp(server),
            (None, Some(outbox)) => Way::Outbox(outbox.clone()),
            (None, None) => Way::None,
        }
    }

    /// What mail is headed with at this moment; `None` while it cannot leave.
    pub(crate) fn letterhead(&self) -> Option<Letterhead> {
        let from = match (self.from(), self.way()) {
            (_, Way::None) => return None,
            (Some(from), _) => from,
            (None, _) => MailAddress::parse(&format!("cloud@{}", self.host))?,
        };
        let organisation: String = self.settings.get(organisation::NAME);
        let from_name: String = self.settings.get(FROM_NAME);
        Some(Letterhead {
            from_name: if from_name.trim().is_empty() {
                organisation.clone()
            } else {
                from_name
            },
            organisation,
            from,
        })
    }

    /// The folder of a development platform.
    pub(crate) fn outbox(&self) -> Option<&Outbox> {
        self.outbox.as_ref()
    }

    fn from(&self) -> Option<MailAddress> {
        let from: String = self.settings.get(FROM);
        MailAddress::parse(&from)
    }

    /// The mail server; `None` until host and sender are set.
    fn server(&self) -> Option<SmtpServer> {
        let host: String = self.settings.get(HOST);
        let host = host.trim();
        if host.is_empty() || self.from().is_none() {
            return None;
        }
        let security = Security::parse(&self.settings.get::<String>(SECURITY));
        let port: Option<u16> = self.settings.get(PORT);
        let user: String = self.settings.get(USER);
        let password: Option<SecretString> = self.settings.get(PASSWORD);
        let password = password.filter(|password| !password.expose_secret().is_empty());
        Some(SmtpServer {
            host: host.to_owned(),
            port: port.unwrap_or(security.port()),
            security,
            login: password
                .filter(|_| !user.is_empty())
                .map(|password| (user, password)),
            trusted: self.settings.get(TRUSTED),
            hello: self.host.clone(),
        })
    }
}

/// The declarations.
pub fn declarations() -> [SettingDeclaration; 8] {
    [
        line(HOST, ("Mail server", "Mailserver"))
            .hint(Label::new(
                "Name of the SMTP server that takes mail for delivery. Without one no mail is sent.",
                "Name des SMTP-Servers, der E-Mails zur Zustellung annimmt. Ohne ihn geht keine E-Mail hinaus.",
            ))
            .env("SMTP_HOST"),
        declare(
            PORT,
            ("Port", "Port"),
            SettingKind::Integer {
                min: Some(1),
                max: Some(65_535),
            },
            Value::Null,
        )
        .hint(Label::new(
            "Empty: 587 with STARTTLS, 465 with TLS, 25 without.",
            "Leer: 587 mit STARTTLS, 465 mit TLS, 25 ohne.",
        ))
        .env("SMTP_PORT"),
        declare(SECURITY, ("Encryption", "Verschlüsselung"), security(), json!("starttls"))
            .hint(Label::new(
                "A server that does not offer what is chosen gets no mail.",
                "Ein Server, der das Gewählte nicht anbietet, bekommt keine E-Mail.",
            ))
            .env("SMTP_SECURITY"),
        line(USER, ("User", "Benutzer")).env("SMTP_USER"),
        declare(
            PASSWORD,
            ("Password", "Passwort"),
            SettingKind::Secret {
                max_length: Some(500),
            },
            Value::Null,
        )
        .hint(Label::new(
            "Sent over TLS only, except to a server on the same machine.",
            "Wird nur über TLS gesendet, außer an einen Server auf derselben Maschine.",
        ))
        .env("SMTP_PASSWORD"),
        declare(
            TRUSTED,
            ("Trusted certificates", "Vertraute Zertifikate"),
            SettingKind::Text {
                max_length: None,
                multiline: true,
            },
            json!(""),
        )
        .hint(Label::new(
            "In PEM, for a server whose certificate comes from an authority of your own.",
            "In PEM, für einen Server, dessen Zertifikat von einer eigenen Zertifizierungsstelle stammt.",
        ))
        .env("SMTP_CERTIFICATES"),
        declare(
            FROM,
            ("Sender's address", "Absenderadresse"),
            SettingKind::Email,
            Value::Null,
        )
        .hint(Label::new(
            "The mail server must accept mail from it. Without one no mail is sent.",
            "Der Mailserver muss E-Mails von ihr annehmen. Ohne sie geht keine E-Mail hinaus.",
        ))
        .env("MAIL_FROM"),
        line(FROM_NAME, ("Sender's name", "Absendername"))
            .hint(Label::new(
                "Empty: the name of the organisation.",
                "Leer: der Name der Organisation.",
            ))
            .env("MAIL_FROM_NAME"),
    ]
}

fn declare(key: &str, name: (&str, &str), kind: SettingKind, default: Value) -> SettingDeclaration {
    SettingDeclaration::new(key, Label::new(name.0, name.1), kind, default)
        .group(Label::new("Mail", "E-Mail"))
}

/// A line of text, empty by default.
fn line(key: &str, name: (&str, &str)) -> SettingDeclaration {
    let kind = SettingKind::Text {
        max_length: Some(253),
        multiline: false,
    };
    declare(key, name, kind, json!(""))
}

fn security() -> SettingKind {
    let option = |value: &str, en: &str, de: &str| ChoiceOption {
        value: value.to_owned(),
        label: Label::new(en, de),
    };
    SettingKind::Choice {
        options: vec![
            option("starttls", "STARTTLS", "STARTTLS"),
            option("tls", "TLS", "TLS"),
            option(
                "none",
                "None: mail can be read on its way",
                "Keine: E-Mails sind unterwegs lesbar",
            ),
        ],
    }
}
