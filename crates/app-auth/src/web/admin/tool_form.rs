//! The form for a tool behind a proxy.

use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use crate::domain::forward::{Proxy, Rule, Tool, host, is_tool_id};
use crate::domain::subject::Role;

/// Most hosts of a tool, and most groups that may use it.
const MOST_LINES: usize = 50;
/// Longest name of a group, in characters.
const LONGEST_GROUP: usize = 100;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ToolForm {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) proxy: String,
    #[serde(default)]
    pub(super) hosts: String,
    #[serde(default)]
    pub(super) everyone: Option<String>,
    #[serde(default)]
    pub(super) users: Option<String>,
    #[serde(default)]
    pub(super) admins: Option<String>,
    #[serde(default)]
    pub(super) groups: String,
    /// It makes a tool.
    #[serde(skip)]
    pub(super) is_new: bool,
}

impl ToolForm {
    /// For a new tool.
    pub(super) fn fresh() -> Self {
        Self {
            proxy: Proxy::Nginx.name().to_owned(),
            is_new: true,
            ..Self::default()
        }
    }

    /// As a tool is.
    pub(super) fn of(tool: &Tool) -> Self {
        let on = |is: bool| is.then(|| "on".to_owned());
        Self {
            id: tool.id.clone(),
            name: tool.name.clone(),
            proxy: tool.proxy.name().to_owned(),
            hosts: tool.hosts.join("\n"),
            everyone: on(tool.rule.everyone),
            users: on(tool.rule.roles.contains(&Role::User)),
            admins: on(tool.rule.roles.contains(&Role::Admin)),
            groups: tool.rule.groups.join("\n"),
            is_new: false,
        }
    }

    /// The tool, or what is wrong with each field.
    pub(super) fn check(&self, shell: &Shell) -> Result<Tool, Errors> {
        let mut errors = Errors::none();
        if !is_tool_id(&self.id) {
            errors.add("id", shell.t("auth-tool-id-invalid"));
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            errors.add("name", shell.t("auth-tool-name-invalid"));
        }
        let hosts: Option<Vec<String>> = lines(&self.hosts).map(host).collect();
        let hosts = hosts.filter(|hosts| (1..=MOST_LINES).contains(&hosts.len()));
        if hosts.is_none() {
            errors.add("hosts", shell.t("auth-tool-hosts-invalid"));
        }
        let groups: Vec<String> = lines(&self.groups).map(str::to_owned).collect();
        let too_long = groups
            .iter()
            .any(|group| group.chars().count() > LONGEST_GROUP);
        if groups.len() > MOST_LINES || too_long {
            errors.add("groups", shell.t("auth-tool-groups-invalid"));
        }
        let proxy = Proxy::parse(&self.proxy);
        if proxy.is_none() {
            errors.add("proxy", shell.t("auth-tool-proxy-invalid"));
        }
        let (Some(hosts), Some(proxy), true) = (hosts, proxy, errors.is_empty()) else {
            return Err(errors);
        };
        let roles = [(&self.users, Role::User), (&self.admins, Role::Admin)];
        Ok(Tool {
            id: self.id.clone(),
            name: name.to_owned(),
            proxy,
            hosts,
            rule: Rule {
                everyone: self.everyone.is_some(),
                roles: roles
                    .into_iter()
                    .filter_map(|(chosen, role)| chosen.is_some().then_some(role))
                    .collect(),
                groups,
            },
        })
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
