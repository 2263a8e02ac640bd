//! What may become a password here: the rules, with the organisation's name and the list of leaked passwords that an
//! administrator imported.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use breach_filter::{Filter, Invalid, LARGEST};
use jiff::Timestamp;
use rpc::settings::Settings;
use serde_json::json;

use platform::{Label, SettingDeclaration, SettingKind};

use crate::domain::password::{Beside, Password, PasswordProblem, Rules};

/// Key of the setting that names the file.
const FILE: &str = "passwords.leaked";
/// Key of the setting and environment variable of its seed.
const FILE_SEED: &str = "AUTH_LEAKED_PASSWORDS";
/// Longest path.
const LONGEST_PATH: u32 = 1024;

/// The setting that names the file of leaked passwords.
pub(crate) fn declaration() -> SettingDeclaration {
    let path = SettingKind::Text {
        max_length: Some(LONGEST_PATH),
        multiline: false,
    };
    SettingDeclaration::new(
        FILE,
        Label::new("File of leaked passwords", "Datei mit geleakten Passwörtern"),
        path,
        json!(""),
    )
    .env(FILE_SEED)
    .hint(Label::new(
        "Full path on the machine of this app, made with cargo xtask breach-filter. Empty: the built-in lists only.",
        "Vollständiger Pfad auf dem Rechner dieser App, erzeugt mit cargo xtask breach-filter. Leer: nur die eingebauten Listen.",
    ))
}

/// The list of leaked passwords, as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leaked {
    /// None was imported.
    None,
    /// So many passwords, from a list made at this time.
    Loaded(u64, Timestamp),
    /// The file cannot be used; what was loaded before still is.
    Unusable(String),
}

struct State {
    filter: Option<Arc<Filter>>,
    leaked: Leaked,
}

/// The policy. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PasswordPolicy {
    settings: Settings,
    state: Arc<RwLock<State>>,
}

impl PasswordPolicy {
    /// With the file that is set now, if there is one.
    pub(crate) async fn start(settings: Settings) -> Self {
        let state = State {
            filter: None,
            leaked: Leaked::None,
        };
        let policy = Self {
            settings,
            state: Arc::new(RwLock::new(state)),
        };
        policy.load(&policy.path()).await;
        policy
    }

    /// Checks what somebody wants as their password. `names` are theirs; the organisation's is known.
    pub(crate) fn judge(
        &self,
        password: &Password,
        names: &[String],
        beside: Beside,
    ) -> Result<(), PasswordProblem> {
        let mut names = names.to_vec();
        names.push(self.settings.organisation_name()());
        let filter = self.read(|state| state.filter.clone());
        let rules = Rules {
            names: &names,
            beside,
            leaked: filter.as_deref(),
        };
        rules.judge(password)
    }

    /// What is known of leaked passwords.
    pub(crate) fn leaked(&self) -> Leaked {
        self.read(|state| state.leaked.clone())
    }

    /// Reads the file anew whenever the setting changes.
    pub(crate) async fn follow(self) {
        let mut changes = self.settings.subscribe();
        let mut path = self.path();
        while changes.changed().await.is_ok() {
            let now = self.path();
            if now != path {
                self.load(&now).await;
                path = now;
            }
        }
    }

    fn path(&self) -> String {
        self.settings.get(FILE)
    }

    async fn load(&self, path: &str) {
        if path.is_empty() {
            self.write(|state| (state.filter, state.leaked) = (None, Leaked::None));
            return;
        }
        let owned = path.to_owned();
        let read = tokio::task::spawn_blocking(move || read(Path::new(&owned))).await;
        match read {
            Ok(Ok(filter)) => {
                let header = filter.header();
                let made_at = Timestamp::from_second(header.made_at).unwrap_or_default();
                tracing::info!(path, entries = header.entries, "leaked passwords loaded");
                let leaked = Leaked::Loaded(header.entries, made_at);
                let filter = Some(Arc::new(filter));
                self.write(|state| (state.filter, state.leaked) = (filter, leaked));
            }
            Ok(Err(error)) => self.keep(path, platform::error::chain(&error)),
            Err(error) => self.keep(path, error.to_string()),
        }
    }

    /// Goes on with what was loaded before: a file that cannot be read must not make weak passwords good.
    fn keep(&self, path: &str, reason: String) {
        tracing::warn!(path, reason, "leaked passwords cannot be loaded");
        self.write(|state| state.leaked = Leaked::Unusable(reason));
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Reads a file whose size and kind were looked at before: a path is free text.
fn read(path: &Path) -> Result<Filter, Invalid> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(Invalid::Foreign);
    }
    if about.len() > LARGEST as u64 {
        return Err(Invalid::Header);
    }
    Filter::read(&mut BufReader::with_capacity(1 << 16, File::open(path)?))
}
