//! Keeping a set-up link at hand while there is no administrator.
//!
//! The link is shown to whoever sits at the machine: in the file that `SETUP_LINK_FILE` names (readable by the
//! owner only, removed as soon as there is an administrator), or on the standard output of the process. It never
//! goes through logging: logs are exported.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;
use zeroize::Zeroizing;

use crate::domain::session::later;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::store::setup_links::{
    setup_link_insert, setup_link_is_live, setup_link_purge, setup_lock,
};
use crate::store::subjects::subject_admin_exists;

/// How long a link works.
const LIFETIME: SignedDuration = SignedDuration::from_mins(30);
/// How often to look whether a link is needed.
const EVERY: Duration = Duration::from_secs(1);

/// Where the link is shown.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Terminal,
}

/// A link of this process.
struct Issued {
    token: Token,
    expires_at: Timestamp,
}

/// Issues links and takes them back.
pub(crate) struct SetupLink {
    core: Arc<Core>,
    app_url: Url,
    place: Place,
}

impl SetupLink {
    /// Shows links in `file`, or on the terminal.
    pub(crate) fn new(core: Arc<Core>, app_url: Url, file: Option<PathBuf>) -> Self {
        Self {
            core,
            app_url,
            place: file.map_or(Place::Terminal, Place::File),
        }
    }

    /// Sees to it that there is a link until there is an administrator.
    pub(crate) async fn keep(self) {
        let mut issued = None;
        let mut complained = false;
        loop {
            match self.step(&mut issued).await {
                Ok(true) => return,
                Ok(false) => complained = false,
                Err(error) if !complained => {
                    complained = true;
                    tracing::warn!(
                        error = platform::error::chain(&error),
                        "no set-up link can be offered"
                    );
                }
                Err(_) => {}
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// One look; returns whether there is an administrator.
    async fn step(&self, issued: &mut Option<Issued>) -> Result<bool, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        if subject_admin_exists(&client).await? {
            drop(client);
            self.withdraw()?;
            return Ok(true);
        }
        if let Some(link) = issued
            && link.expires_at > now
            && setup_link_is_live(&client, &link.token.hash(), now).await?
        {
            return Ok(false);
        }
        let link = Issued {
            token: Token::random()?,
            expires_at: later(now, LIFETIME),
        };
        let tx = client.transaction().await?;
        setup_lock(&tx).await?;
        if subject_admin_exists(&tx).await? {
            return Ok(false);
        }
        setup_link_purge(&tx, now).await?;
        setup_link_insert(&tx, &link.token.hash(), (now, link.expires_at)).await?;
        tx.commit().await?;
        drop(client);
        self.show(&link.token)?;
        *issued = Some(link);
        Ok(false)
    }

    fn show(&self, token: &Token) -> Result<(), Error> {
        let mut url = self.app_url.clone();
        let path = Zeroizing::new(format!("/auth/setup/{}", *token.text()));
        url.set_path(&path);
        let shown = match &self.place {
            Place::File(file) => write_private(file, url.as_str()),
            Place::Terminal => writeln!(
                io::stdout().lock(),
                "\nThere is no administrator yet. Open this link within 30 minutes; it works once:\n\n  {url}\n"
            ),
        };
        shown.map_err(Error::LinkFile)
    }

    fn withdraw(&self) -> Result<(), Error> {
        match &self.place {
            Place::Terminal => Ok(()),
            Place::File(file) => match std::fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Error::LinkFile(error))
                }
                _ => Ok(()),
            },
        }
    }
}

/// Writes the file whole or not at all, for its owner's eyes only.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut partial = file.as_os_str().to_owned();
    partial.push(".new");
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut opened = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&partial)?;
    writeln!(opened, "{text}")?;
    opened.sync_all()?;
    std::fs::rename(&partial, file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_for_its_owner_only_and_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("setup-link");
        std::fs::write(&file, "an old link that anybody may read").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        write_private(&file, "http://localhost:3000/auth/setup/x").unwrap();
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "http://localhost:3000/auth/setup/x\n"
        );
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
