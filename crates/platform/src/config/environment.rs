//! An immutable snapshot of the environment variables a process was started with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::dev_network::DevNetwork;
use super::reader::Reader;

/// The variables, taken once. A variable that is set but empty counts as not set, because that is
/// how compose files and unit files express absence.
#[derive(Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Set, but not UTF-8: reported when something reads it.
    undecodable: BTreeSet<String>,
    dev_network: Option<DevNetwork>,
}

impl Environment {
    /// The variables of this process, and for those not set the ones of the dev network: the file
    /// `.cloud/dev.env` that a running `cloud up` leaves in the workspace, found when cargo runs
    /// the program or when `CLOUD_DEV_NETWORK` names it. Never consulted in production mode.
    pub fn from_process() -> Self {
        let mut environment = Self::from_process_alone();
        if let Some(network) = DevNetwork::find(&environment) {
            environment.join(network);
        }
        environment
    }

    /// The variables of this process, without any dev network.
    pub fn from_process_alone() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => environment.insert(name, value),
                Err(_) => {
                    environment.undecodable.insert(name);
                }
            }
        }
        environment
    }

    /// Exactly these variables.
    pub fn from_map<K: Into<String>, V: Into<String>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut environment = Self::default();
        for (name, value) in values {
            environment.insert(name.into(), value.into());
        }
        environment
    }

    /// The same, with `name` set to `value`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.undecodable.remove(&name);
        self.values.remove(&name);
        self.insert(name, value.into());
        self
    }

    /// The same, with `name` not set.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.undecodable.remove(name);
        self.values.remove(name);
        self
    }

    /// The value of `name`, if it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A typed reader that collects what is wrong.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self)
    }

    /// Which dev network variables were taken from, for one log line: path and names.
    pub fn dev_network(&self) -> Option<String> {
        let network = self.dev_network.as_ref()?;
        Some(format!(
            "{} ({})",
            network.path.display(),
            network.taken.join(", ")
        ))
    }

    pub(super) fn is_undecodable(&self, name: &str) -> bool {
        self.undecodable.contains(name)
    }

    pub(super) fn dev_network_problem(&self) -> Option<&str> {
        self.dev_network.as_ref()?.problem.as_deref()
    }

    fn insert(&mut self, name: String, value: String) {
        if !value.is_empty() {
            self.values.insert(name, value);
        }
    }

    fn join(&mut self, mut network: DevNetwork) {
        for (name, value) in std::mem::take(&mut network.values) {
            // `X_FILE` set by hand stands for `X`, so the network's `X` must not clash with it.
            let set = self.values.contains_key(&name)
                || self.undecodable.contains(&name)
                || self.values.contains_key(&format!("{name}_FILE"));
            if !set {
                network.taken.push(name.clone());
                self.insert(name, value);
            }
        }
        self.dev_network = Some(network);
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: values hold secrets.
        f.debug_set().entries(self.values.keys()).finish()
    }
}
