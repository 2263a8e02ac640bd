//! The keys of sign-ins on this machine: one private file for each platform, below the person's own configuration.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::installation::Installation;
use crate::private_file;
use crate::remote::Address;

/// A sign-in.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    /// Where.
    pub(crate) url: String,
    /// Though it is not encrypted.
    #[serde(default)]
    pub(crate) allow_http: bool,
    /// As whom.
    pub(crate) username: String,
    /// What names the key.
    pub(crate) key_id: String,
    /// The key.
    pub(crate) key: String,
}

/// The directory with all of them.
pub(crate) struct Kept(PathBuf);

impl Kept {
    /// `cloud/logins` below `XDG_CONFIG_HOME`, or below `.config` at home (XDG Base Directory Specification).
    pub(crate) fn find(installation: &Installation) -> Result<Self, Error> {
        let absolute = |name| {
            let path = installation.variable(name).map(PathBuf::from);
            path.filter(|path| path.is_absolute())
        };
        let config =
            absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
        let config = config.ok_or_else(|| {
            Error::Usage(
                "it is not known where your configuration lies; set HOME or XDG_CONFIG_HOME"
                    .to_owned(),
            )
        })?;
        Ok(Self(config.join("cloud").join("logins")))
    }

    /// The sign-in at an address.
    pub(crate) fn read(&self, address: &Address) -> Result<Option<Login>, Error> {
        read(&self.0.join(address.file_name()))
    }

    /// Keeps one; returns where.
    pub(crate) fn write(&self, address: &Address, login: &Login) -> Result<PathBuf, Error> {
        let path = self.0.join(address.file_name());
        private_file::make_directory(&self.0)?;
        let text = serde_json::to_string_pretty(login)
            .map_err(std::io::Error::other)
            .map_err(Error::io("write", &path))?;
        private_file::replace(&path, &text)?;
        Ok(path)
    }

    /// Forgets one.
    pub(crate) fn remove(&self, address: &Address) -> Result<(), Error> {
        let path = self.0.join(address.file_name());
        std::fs::remove_file(&path).map_err(Error::io("remove", &path))
    }

    /// The sign-in that a command means: the one at `typed`, else the only one.
    pub(crate) fn meant(&self, typed: Option<String>) -> Result<(Address, Login), Error> {
        let login = match typed {
            Some(typed) => {
                // Whether it may be plain was decided when the key was fetched.
                let address = Address::parse(&typed, true)?;
                let login = self.read(&address)?;
                login.ok_or_else(|| Error::NotSignedIn(address.text()))?
            }
            None => self.only()?,
        };
        Ok((Address::parse(&login.url, login.allow_http)?, login))
    }

    fn only(&self) -> Result<Login, Error> {
        let files = match std::fs::read_dir(&self.0) {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::NotSignedIn(String::new()));
            }
            Err(error) => return Err(Error::io("read", &self.0)(error)),
        };
        let mut logins = Vec::new();
        for file in files {
            let path = file.map_err(Error::io("read", &self.0))?.path();
            if path.extension().is_some_and(|kind| kind == "json") {
                logins.extend(read(&path)?);
            }
        }
        if logins.len() > 1 {
            let mut urls: Vec<_> = logins.iter().map(|login| login.url.as_str()).collect();
            urls.sort_unstable();
            return Err(Error::Usage(format!(
                "you are signed in to several platforms; add --url with one of {}",
                urls.join(", ")
            )));
        }
        logins
            .pop()
            .ok_or_else(|| Error::NotSignedIn(String::new()))
    }
}

fn read(path: &Path) -> Result<Option<Login>, Error> {
    let Some(text) = private_file::read(path)? else {
        return Ok(None);
    };
    let login = serde_json::from_str(&text);
    login.map(Some).map_err(|_| {
        let broken = std::io::Error::other("it is damaged; remove it and sign in again");
        Error::io("read", path)(broken)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn login(url: &str) -> (Address, Login) {
        let address = Address::parse(url, false).unwrap();
        let login = Login {
            url: address.text(),
            allow_http: false,
            username: "ada".to_owned(),
            key_id: "1".to_owned(),
            key: format!("key of {url}"),
        };
        (address, login)
    }

    #[test]
    fn the_only_sign_in_is_meant_and_of_several_the_named_one() {
        let home = tempfile::tempdir().unwrap();
        let kept = Kept(home.path().join("cloud/logins"));
        assert_eq!(kept.meant(None).err().unwrap().exit_code(), 4);
        let (one, login_one) = login("https://one.example.org");
        let path = kept.write(&one, &login_one).unwrap();
        assert_eq!(kept.meant(None).unwrap().0, one);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

        let (two, login_two) = login("http://localhost:3000");
        kept.write(&two, &login_two).unwrap();
        let several = kept.meant(None).err().unwrap().to_string();
        assert!(
            several.contains("http://localhost:3000, https://one.example.org"),
            "{several}"
        );
        let meant = kept
            .meant(Some("https://one.example.org/".to_owned()))
            .unwrap();
        assert_eq!(meant.1.key, "key of https://one.example.org");
        let other = kept.meant(Some("https://two.example.org".to_owned()));
        assert!(matches!(other, Err(Error::NotSignedIn(url)) if url == "https://two.example.org"));
        kept.remove(&one).unwrap();
        assert_eq!(kept.meant(None).unwrap().0, two);
    }

    #[test]
    fn a_file_that_others_may_read_or_that_is_damaged_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        let kept = Kept(home.path().to_owned());
        let (address, login) = login("https://one.example.org");
        let path = kept.write(&address, &login).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let open = kept.meant(None).err().unwrap().to_string();
        assert!(open.contains("chmod 600"), "{open}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "{").unwrap();
        assert!(
            kept.meant(None)
                .err()
                .unwrap()
                .to_string()
                .contains("damaged")
        );
    }
}
