//! A directory that people and groups come from: where it is, how it is read, and what came of reading it.

use std::fmt;

use directory::{
    Bind, Filter, Mapping, NotAnAttribute, Place, Preset, Security, Server, Source, ipa,
};
use jiff::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

use super::name::Line;
use super::sync::plan::Counts;

/// Most directories of an installation.
pub const MOST_DIRECTORIES: usize = 20;
/// Longest distinguished name, in bytes.
const LONGEST_NAME: usize = 1_000;

/// Identifies a directory. As the client of what it provisions, it is found by this, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DirectoryId(pub Uuid);

impl fmt::Display for DirectoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What administrators say of a directory.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What it is called here; unique without regard to case.
    pub name: Line,
    /// Whose attributes and filters it began with.
    pub preset: Preset,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// The authority that is believed, in PEM; empty for those that everybody believes.
    pub authority: String,
    /// The account that reads; empty for nobody in particular.
    pub bind_dn: String,
    /// Where people are.
    pub people_base: String,
    /// Which entries are people.
    pub people_filter: String,
    /// Where groups are; empty leaves groups alone.
    pub groups_base: String,
    /// Which entries are groups.
    pub groups_filter: String,
    /// Which attribute means what.
    pub mapping: Mapping,
    /// How often it is read, in minutes; 0 for never by itself.
    pub every_minutes: u16,
    /// Whether people who come from it sign in with the password that it keeps.
    pub sign_in: bool,
    /// Whether what is done here is written there, by FreeIPA's web interface.
    pub write_back: bool,
    /// Its port on the same host.
    pub web_port: u16,
}

/// What does not do, by the field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The server.
    Server(directory::Unfit),
    /// A name of an attribute.
    Attribute(NotAnAttribute),
    /// A filter: of people, else of groups; from which character on.
    Filter(bool, usize),
    /// A base: of people, else of groups.
    Base(bool),
    /// The account.
    Bind,
    /// The account may read, but cannot sign in to the web interface that is to be written by.
    WriteBack,
}

impl Settings {
    /// Fields of people that the directory decides about: those that an attribute is mapped to.
    pub fn owned(&self) -> Vec<&'static str> {
        let names = &self.mapping;
        let fields = [
            ("display_name", &names.display_name),
            ("given_name", &names.given_name),
            ("family_name", &names.family_name),
            ("title", &names.title),
            ("department", &names.department),
            ("phone", &names.phone),
        ];
        let mapped = fields
            .into_iter()
            .filter(|(_, attribute)| !attribute.is_empty());
        mapped.map(|(field, _)| field).collect()
    }

    /// Whether it is a directory that can be written to, and is.
    pub fn writes_back(&self) -> bool {
        self.web().is_some()
    }

    /// The port that it is written by.
    pub fn web(&self) -> Option<u16> {
        (self.write_back && self.preset == Preset::FreeIpa).then_some(self.web_port)
    }

    /// How the directory is read with this password.
    ///
    /// # Errors
    /// The first thing that does not do.
    pub fn source(&self, password: Option<SecretString>) -> Result<Source, Unfit> {
        self.mapping.check().map_err(Unfit::Attribute)?;
        let authority = Some(self.authority.as_str()).filter(|pem| !pem.trim().is_empty());
        let server = Server::new(&self.host, self.port, self.security, authority);
        if self.bind_dn.len() > LONGEST_NAME {
            return Err(Unfit::Bind);
        }
        if self.writes_back() && ipa::account(&self.bind_dn).is_none() {
            return Err(Unfit::WriteBack);
        }
        let place = |is_people, base: &str, filter: &str| {
            if base.trim().is_empty() || base.len() > LONGEST_NAME {
                return Err(Unfit::Base(is_people));
            }
            let filter = Filter::parse(filter).map_err(|at| Unfit::Filter(is_people, at.0))?;
            Ok(Place::new(base, filter))
        };
        let groups = match self.groups_base.trim() {
            "" => None,
            base => Some(place(false, base, &self.groups_filter)?),
        };
        let bind = Bind {
            dn: self.bind_dn.trim().to_owned(),
            password: password.unwrap_or_default(),
        };
        Ok(Source {
            server: server.map_err(Unfit::Server)?,
            bind: (!bind.dn.is_empty()).then_some(bind),
            people: place(true, &self.people_base, &self.people_filter)?,
            groups,
            mapping: self.mapping.clone(),
            web: self.web(),
        })
    }
}

/// A directory as it is kept.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Which.
    pub id: DirectoryId,
    /// What was said of it.
    pub settings: Settings,
    /// The password of the account, sealed.
    pub sealed: Option<Vec<u8>>,
    /// Counts up with each change.
    pub version: i64,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It reads, or takes its steps.
    Running,
    /// It said what it would do.
    Previewed,
    /// It took its steps.
    Done,
    /// It would take too much away, and waits for somebody to decide.
    Stopped,
    /// Somebody said that it may; the next run does it, if it still is the same.
    Approved,
    /// Somebody said that it may not.
    Discarded,
    /// Another run would do something else by now.
    Superseded,
    /// It ended before it knew what to do, or in the middle.
    Failed,
}

impl RunState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Previewed,
        Self::Done,
        Self::Stopped,
        Self::Approved,
        Self::Discarded,
        Self::Superseded,
        Self::Failed,
    ];

    /// Its word in tables and catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Previewed => "previewed",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Approved => "approved",
            Self::Discarded => "discarded",
            Self::Superseded => "superseded",
            Self::Failed => "failed",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Why a run failed, as words that catalogues translate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// At which step; empty when it did not come to the directory.
    pub step: String,
    /// Why.
    pub why: String,
    /// What it is about.
    pub about: String,
}

/// A run of the history.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: Uuid,
    /// Where it is.
    pub state: RunState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How many people and groups it found.
    pub found: (i32, i32),
    /// How many steps of each kind.
    pub counts: Counts,
    /// Why it failed.
    pub failure: Failure,
    /// SHA-256 of its steps.
    pub digest: Option<Vec<u8>>,
    /// Who asked for it; nobody for the schedule.
    pub asked_by: Option<String>,
    /// Who decided about it.
    pub decided_by: Option<String>,
}
