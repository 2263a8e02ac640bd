//! The settings of a directory as typed.

use directory::{Preset, Security};
use secrecy::SecretString;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;
use uuid::Uuid;

use super::said;
use crate::domain::name::Line;
use crate::domain::source::{Directory, Settings};
use crate::web::form::Fields;

/// How often a directory is read, in minutes; 0 never by itself.
pub(super) const OFTEN: [u16; 6] = [5, 15, 60, 360, 1_440, 0];

/// The port of web interfaces, unless another is said.
const HTTPS: u16 = 443;

/// What was typed. The password is never shown again.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) preset: String,
    pub(super) name: String,
    pub(super) host: String,
    pub(super) port: String,
    pub(super) security: String,
    pub(super) authority: String,
    pub(super) bind_dn: String,
    bind_password: String,
    pub(super) people_base: String,
    pub(super) people_filter: String,
    pub(super) groups_base: String,
    pub(super) groups_filter: String,
    pub(super) every: String,
    #[serde(deserialize_with = "ui::form::checked")]
    pub(super) sign_in: bool,
    #[serde(deserialize_with = "ui::form::checked")]
    pub(super) write_back: bool,
    pub(super) web_port: String,
    pub(super) attribute_id: String,
    pub(super) attribute_username: String,
    pub(super) attribute_mail: String,
    pub(super) attribute_display_name: String,
    pub(super) attribute_given_name: String,
    pub(super) attribute_family_name: String,
    pub(super) attribute_title: String,
    pub(super) attribute_department: String,
    pub(super) attribute_phone: String,
    pub(super) attribute_manager: String,
    pub(super) attribute_group_name: String,
    pub(super) attribute_member: String,
    /// `save` or `test`.
    r#do: String,
}

impl SettingsForm {
    pub(super) fn of_preset(preset: Preset) -> Self {
        let settings = Settings {
            name: Line::default(),
            preset,
            host: String::new(),
            port: 636,
            security: Security::Tls,
            authority: String::new(),
            bind_dn: String::new(),
            people_base: String::new(),
            people_filter: preset.people().to_owned(),
            groups_base: String::new(),
            groups_filter: preset.groups().to_owned(),
            mapping: preset.mapping(),
            every_minutes: 5,
            sign_in: false,
            write_back: false,
            web_port: HTTPS,
        };
        Self {
            id: Uuid::now_v7(),
            ..Self::filled(&settings)
        }
    }

    pub(super) fn of(directory: &Directory) -> Self {
        Self {
            id: directory.id.0,
            version: directory.version,
            ..Self::filled(&directory.settings)
        }
    }

    fn filled(settings: &Settings) -> Self {
        let names = settings.mapping.clone();
        Self {
            preset: settings.preset.as_str().to_owned(),
            name: settings.name.to_string(),
            host: settings.host.clone(),
            port: settings.port.to_string(),
            security: settings.security.as_str().to_owned(),
            authority: settings.authority.clone(),
            bind_dn: settings.bind_dn.clone(),
            people_base: settings.people_base.clone(),
            people_filter: settings.people_filter.clone(),
            groups_base: settings.groups_base.clone(),
            groups_filter: settings.groups_filter.clone(),
            every: settings.every_minutes.to_string(),
            sign_in: settings.sign_in,
            write_back: settings.write_back,
            web_port: settings.web_port.to_string(),
            attribute_id: names.id,
            attribute_username: names.username,
            attribute_mail: names.mail,
            attribute_display_name: names.display_name,
            attribute_given_name: names.given_name,
            attribute_family_name: names.family_name,
            attribute_title: names.title,
            attribute_department: names.department,
            attribute_phone: names.phone,
            attribute_manager: names.manager,
            attribute_group_name: names.group_name,
            attribute_member: names.member,
            ..Self::default()
        }
    }

    /// Whether it is only to be tried.
    pub(super) fn tests(&self) -> bool {
        self.r#do == "test"
    }

    /// The settings and the password, if one was typed.
    pub(super) fn check(&self, shell: &Shell) -> Result<(Settings, Option<SecretString>), Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        let port = self.port.trim().parse().ok().filter(|port| *port > 0);
        if port.is_none() {
            fields.refuse("port", "accounts-directory-port-unfit");
        }
        // Only one kind of directory has such a field.
        let web_port = match self.web_port.trim() {
            "" => Some(HTTPS),
            typed => typed.parse().ok().filter(|port| *port > 0),
        };
        if web_port.is_none() {
            fields.refuse("web_port", "accounts-directory-web-port-unfit");
        }
        let every = self
            .every
            .parse()
            .ok()
            .filter(|every| OFTEN.contains(every));
        let typed = move || {
            let preset = Preset::parse(&self.preset).unwrap_or(Preset::FreeIpa);
            Some(Settings {
                name: name?,
                preset,
                host: self.host.trim().to_owned(),
                port: port?,
                security: Security::parse(&self.security).unwrap_or(Security::Tls),
                authority: self.authority.trim().to_owned(),
                bind_dn: self.bind_dn.trim().to_owned(),
                people_base: self.people_base.trim().to_owned(),
                people_filter: self.people_filter.trim().to_owned(),
                groups_base: self.groups_base.trim().to_owned(),
                groups_filter: self.groups_filter.trim().to_owned(),
                mapping: self.mapping(preset),
                every_minutes: every.unwrap_or(5),
                sign_in: self.sign_in,
                write_back: self.write_back && preset == Preset::FreeIpa,
                web_port: web_port?,
            })
        };
        let settings = fields.finish(typed())?;
        // Whether the rest does is known where it is used.
        if let Err(unfit) = settings.source(None) {
            return Err(said::unfit(shell, unfit));
        }
        let password = Some(self.bind_password.clone()).filter(|typed| !typed.is_empty());
        Ok((settings, password.map(SecretString::from)))
    }

    fn mapping(&self, preset: Preset) -> directory::Mapping {
        let name = |typed: &String| typed.trim().to_owned();
        directory::Mapping {
            id: name(&self.attribute_id),
            username: name(&self.attribute_username),
            mail: name(&self.attribute_mail),
            display_name: name(&self.attribute_display_name),
            given_name: name(&self.attribute_given_name),
            family_name: name(&self.attribute_family_name),
            title: name(&self.attribute_title),
            department: name(&self.attribute_department),
            phone: name(&self.attribute_phone),
            manager: name(&self.attribute_manager),
            group_name: name(&self.attribute_group_name),
            member: name(&self.attribute_member),
            ..preset.mapping()
        }
    }
}
