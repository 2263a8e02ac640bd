//! Pages of directories.

use directory::{Preset, Probe, Security};
use ui::form::Errors;
use ui::{Choice, Shell};

use super::form::{OFTEN, SettingsForm};
use super::said::{self, Steps, Tried};
use super::{DIRECTORIES, path};
use crate::Accounts;
use crate::domain::source::{Directory, DirectoryId, Run, RunState, Unfit};
use crate::domain::sync::plan::{Conflict, Obstacle, Plan};
use crate::error::Error;

/// A directory of the list.
struct Listed {
    directory: Directory,
    people: i64,
    groups: i64,
    last: Option<Run>,
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/directories.html")]
pub(super) struct DirectoriesPage {
    shell: Shell,
    directories: Vec<Listed>,
}

impl DirectoriesPage {
    pub(super) async fn build(accounts: &Accounts, shell: Shell) -> Result<Self, Error> {
        let mut directories = Vec::new();
        for directory in accounts.directories.list().await? {
            let (people, groups) = accounts.directories.counts(directory.id).await?;
            let last = accounts
                .directories
                .runs(directory.id)
                .await?
                .into_iter()
                .next();
            directories.push(Listed {
                directory,
                people,
                groups,
                last,
            });
        }
        let people = shell.t("accounts-people").into_owned();
        Ok(Self {
            shell: shell
                .title("accounts-directories")
                .crumb(people, "/admin/accounts/people"),
            directories,
        })
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/directory_settings.html")]
pub(super) struct SettingsPage {
    shell: Shell,
    form: SettingsForm,
    errors: Errors,
    /// Where the form goes.
    action: String,
    is_new: bool,
    has_password: bool,
    presets: Vec<(&'static str, String)>,
    securities: Vec<Choice>,
    often: Vec<Choice>,
    tried: Vec<Tried>,
}

impl SettingsPage {
    pub(super) fn new(
        shell: Shell,
        directory: Option<&Directory>,
        form: SettingsForm,
        errors: Errors,
    ) -> Self {
        let preset = |preset: Preset| (preset.as_str(), preset_name(preset).to_owned());
        let security = |one: Security| {
            let key = match one {
                Security::Tls => "accounts-directory-tls",
                Security::StartTls => "accounts-directory-starttls",
                Security::Plain => "accounts-directory-plain-text",
            };
            Choice::new(one.as_str(), shell.t(key))
        };
        let often = |minutes: u16| {
            let said = match minutes {
                0 => shell.t("accounts-directory-by-hand").into_owned(),
                minutes if minutes % 60 == 0 => {
                    shell.tn("accounts-directory-every-hours", minutes / 60)
                }
                minutes => shell.tn("accounts-directory-every-minutes", minutes),
            };
            Choice::new(minutes.to_string(), said)
        };
        let list = shell.t("accounts-directories").into_owned();
        let (presets, securities) = (Preset::ALL.map(preset), Security::ALL.map(security));
        let often = OFTEN.map(often);
        let shell = shell.crumb(list, DIRECTORIES).narrow();
        let (shell, action) = match directory {
            None => (
                shell.title("accounts-directory-new"),
                format!("{DIRECTORIES}/new"),
            ),
            Some(known) => {
                let name = known.settings.name.to_string();
                let shell = shell.crumb(name, path(known.id));
                let action = format!("{}/settings", path(known.id));
                (shell.title("accounts-directory-settings"), action)
            }
        };
        Self {
            shell,
            form,
            errors,
            action,
            is_new: directory.is_none(),
            has_password: directory.is_some_and(|known| known.sealed.is_some()),
            presets: presets.into(),
            securities: securities.into(),
            often: often.into(),
            tried: Vec::new(),
        }
    }

    /// With what came of a test.
    pub(super) fn tried(mut self, probe: Result<Probe, Unfit>) -> Self {
        match probe {
            Ok(probe) => {
                let steps = probe.steps().iter();
                self.tried = steps.map(|step| said::tried(&self.shell, step)).collect();
            }
            Err(unfit) => self.errors = said::unfit(&self.shell, unfit),
        }
        self
    }
}

/// Names of products are the same in every language.
pub(super) fn preset_name(preset: Preset) -> &'static str {
    match preset {
        Preset::FreeIpa => "FreeIPA",
        Preset::OpenLdap => "OpenLDAP",
        Preset::ActiveDirectory => "Active Directory",
    }
}

/// A run of the history, as it is shown.
struct Shown {
    run: Run,
    state: String,
    tone: &'static str,
    counts: Vec<String>,
    failure: String,
    lasted: String,
}

impl Shown {
    fn new(shell: &Shell, run: Run) -> Self {
        Self {
            state: said::state(shell, run.state),
            tone: said::tone(run.state),
            counts: said::counts(shell, &run.counts),
            failure: if run.state == RunState::Failed {
                said::failure(shell, &run.failure)
            } else {
                String::new()
            },
            lasted: said::lasted(&run),
            run,
        }
    }
}

/// Something that stands in the way.
struct InTheWay {
    conflict: Conflict,
    said: String,
    /// Where the one is who has the name, and whether the two may be said to be the same.
    holder: Option<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/directory.html")]
pub(super) struct DirectoryPage {
    shell: Shell,
    directory: Directory,
    preset: &'static str,
    people: i64,
    groups: i64,
    runs: Vec<Shown>,
    /// What the newest run would do.
    steps: Vec<Steps>,
    conflicts: Vec<InTheWay>,
    /// The run that waits for a decision, and what tells its steps from others.
    waiting: Option<(uuid::Uuid, String)>,
    is_running: bool,
}

impl DirectoryPage {
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: DirectoryId,
    ) -> Result<Self, Error> {
        let directories = &accounts.directories;
        let directory = directories.find(id).await?;
        let (people, groups) = directories.counts(id).await?;
        let runs = directories.runs(id).await?;
        let waits = runs.iter().find(|run| run.state == RunState::Stopped);
        let waiting = waits.map(|run| {
            (
                run.id,
                hex::encode(run.digest.as_deref().unwrap_or_default()),
            )
        });
        let of = waits.or(runs.first()).map(|run| run.id);
        let plan = match of {
            Some(run) => directories.plan(id, run).await?.unwrap_or_default(),
            None => Plan::default(),
        };
        let mut steps = said::people(&shell, &plan.people);
        steps.extend(said::groups(&shell, &plan.groups));
        let conflicts = plan.conflicts.into_iter();
        let conflicts = conflicts
            .map(|conflict| in_the_way(&shell, conflict))
            .collect();
        let is_running = runs
            .first()
            .is_some_and(|run| run.state == RunState::Running);
        let list = shell.t("accounts-directories").into_owned();
        let runs = runs
            .into_iter()
            .map(|run| Shown::new(&shell, run))
            .collect();
        Ok(Self {
            shell: shell
                .titled(directory.settings.name.as_str())
                .crumb(list, DIRECTORIES),
            preset: preset_name(directory.settings.preset),
            directory,
            people,
            groups,
            runs,
            steps,
            conflicts,
            waiting,
            is_running,
        })
    }
}

fn in_the_way(shell: &Shell, conflict: Conflict) -> InTheWay {
    let kind = match conflict.obstacle {
        Obstacle::GroupNameTaken => "groups",
        _ => "people",
    };
    let holder = conflict.holder.as_ref();
    InTheWay {
        said: said::obstacle(shell, &conflict),
        holder: holder.map(|(id, name)| (format!("/admin/accounts/{kind}/{id}"), name.clone())),
        conflict,
    }
}
