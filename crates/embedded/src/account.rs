//! The account that the servers run under.
//!
//! PostgreSQL refuses to run as root, so a root parent hands its servers to an unprivileged
//! account. Everybody else runs them as themselves.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// Accounts a root parent may use, best first.
const CANDIDATES: [&str; 3] = ["cloud", "postgres", "nobody"];
const CANDIDATES_TEXT: &str = "cloud, postgres, nobody";

/// A user and group id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// Whether it differs from this process's own.
    foreign: bool,
}

impl Account {
    /// The account for servers started by this process.
    pub fn for_servers() -> Result<Self, Error> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self {
                uid,
                gid,
                foreign: false,
            });
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).map_err(Error::io("read", path))?;
        CANDIDATES
            .iter()
            .find_map(|name| Self::in_passwd(&passwd, name))
            .ok_or(Error::NoAccount {
                tried: CANDIDATES_TEXT,
            })
    }

    /// Finds an unprivileged account in the text of `/etc/passwd`.
    fn in_passwd(passwd: &str, name: &str) -> Option<Self> {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next() != Some(name) {
                return None;
            }
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (uid != 0).then_some(Self {
                uid,
                gid,
                foreign: true,
            })
        })
    }

    /// Makes the command run under this account, and without this process's environment, which
    /// holds secrets that are none of a server's business.
    pub(crate) fn apply(self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C");
        if self.foreign {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Gives a file or directory to this account.
    pub(crate) fn own(self, path: &Path) -> Result<(), Error> {
        if self.foreign {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .map_err(Error::io("change the owner of", path))?;
        }
        Ok(())
    }

    /// Whether this account can reach `path` through all its parents, going by their mode bits.
    pub(crate) fn can_enter(self, path: &Path) -> bool {
        path.ancestors()
            .skip(1)
            .all(|parent| fs::metadata(parent).is_ok_and(|meta| self.may_search(&meta)))
    }

    fn may_search(self, meta: &fs::Metadata) -> bool {
        let bits = meta.mode();
        if meta.uid() == self.uid {
            bits & 0o100 != 0
        } else if meta.gid() == self.gid {
            bits & 0o010 != 0
        } else {
            bits & 0o001 != 0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Account;

    #[test]
    fn finds_an_account_and_never_root() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533:n:/:/bin/false\npostgres2:x:7:8::/:\n";
        assert_eq!(
            Account::in_passwd(passwd, "nobody"),
            Some(Account {
                uid: 65534,
                gid: 65533,
                foreign: true
            })
        );
        assert_eq!(Account::in_passwd(passwd, "postgres"), None);
        assert_eq!(Account::in_passwd(passwd, "root"), None);
    }
}
