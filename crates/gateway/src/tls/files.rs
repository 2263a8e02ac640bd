//! Imported certificates: read, checked, and read again when they change. A new file that is no good is reported, and
//! what was served before goes on being served.

mod directory;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::certificate::{Certificate, CertificateError};

/// A larger file is no certificate.
const LARGEST: u64 = 1024 * 1024;

/// The two files of one certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// Why a pair cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("the {what} cannot be read ({kind}): look at its path and permissions", kind = source.kind())]
    Read {
        /// Which of the two.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The files are no usable certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

impl Pair {
    /// Reads and checks both files.
    pub fn load(&self) -> Result<Certificate, ImportError> {
        let failed = |what| move |source| ImportError::Read { what, source };
        let chain = read(&self.certificate).map_err(failed("certificate"))?;
        let key = zeroize::Zeroizing::new(read(&self.key).map_err(failed("key"))?);
        Ok(Certificate::from_pem(&chain, &key)?)
    }

    fn mark(&self) -> Mark {
        [&self.certificate, &self.key].map(|path| {
            let of = std::fs::metadata(path).ok()?;
            Some((of.mtime(), of.mtime_nsec(), of.ino(), of.len()))
        })
    }
}

/// By what a change of either file is seen: time, place and size.
type Mark = [Option<(i64, i64, u64, u64)>; 2];

/// Reads a small file.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    Ok(bytes)
}

/// The imported certificates.
#[derive(Debug)]
pub(super) struct Files {
    file: Option<Pair>,
    directory: Option<PathBuf>,
    known: Mutex<BTreeMap<Pair, Known>>,
}

#[derive(Debug)]
struct Known {
    mark: Mark,
    certificate: Option<Arc<Certificate>>,
    fault: Option<String>,
}

impl Files {
    /// Nothing is read yet.
    pub(super) fn new(file: Option<Pair>, directory: Option<PathBuf>) -> Self {
        Self {
            file,
            directory,
            known: Mutex::default(),
        }
    }

    /// What can be served.
    pub(super) fn certificates(&self) -> Vec<Arc<Certificate>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .values()
            .filter_map(|known| known.certificate.clone())
            .collect()
    }

    /// What is wrong with which file.
    pub(super) fn faults(&self) -> Vec<(PathBuf, String)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .filter_map(|(pair, known)| Some((pair.certificate.clone(), known.fault.clone()?)))
            .collect()
    }

    /// Looks at every file, reads those that have changed, and answers whether any had. Blocks on the disk.
    pub(super) fn look(&self, now: Timestamp) -> bool {
        let mut pairs: Vec<Pair> = self.file.iter().cloned().collect();
        let mut listed = true;
        if let Some(directory) = &self.directory {
            match directory::pairs(directory) {
                Ok(found) => pairs.extend(found),
                Err(error) => {
                    listed = false;
                    tracing::warn!(path = %directory.display(), %error, "the directory of certificates cannot be listed; what was read from it stays");
                }
            }
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = false;
        if listed {
            let before = known.len();
            known.retain(|pair, _| pairs.contains(pair));
            changed = known.len() != before;
        }
        for pair in pairs {
            let mark = pair.mark();
            if known.get(&pair).is_some_and(|known| known.mark == mark) {
                continue;
            }
            changed = true;
            let before = known.remove(&pair).and_then(|known| known.certificate);
            let read = renew(&pair, before, now);
            known.insert(pair, Known { mark, ..read });
        }
        changed
    }
}

/// Reads a pair that has changed. What is no good leaves what was good in its place.
fn renew(pair: &Pair, before: Option<Arc<Certificate>>, now: Timestamp) -> Known {
    let path = pair.certificate.display();
    let (certificate, fault) = match pair.load() {
        Ok(certificate) => {
            report(&path, &certificate);
            let fault = certificate.check_time(now).err();
            (
                Some(Arc::new(certificate)),
                fault.map(|error| error.to_string()),
            )
        }
        Err(error) => (before, Some(error.to_string())),
    };
    if let Some(fault) = &fault {
        let goes_on = certificate.is_some();
        tracing::error!(%path, error = fault, goes_on, "an imported certificate is no good");
    }
    Known {
        mark: Mark::default(),
        certificate,
        fault,
    }
}

fn report(path: &impl std::fmt::Display, certificate: &Certificate) {
    let names: Vec<&str> = certificate
        .names()
        .iter()
        .map(super::Domain::as_str)
        .collect();
    let (names, expires) = (names.join(" "), certificate.not_after());
    tracing::info!(%path, names, %expires, issuer = certificate.issuer(), "a certificate is imported");
    if certificate.is_mended() {
        tracing::warn!(%path, "the chain was out of order or had more than it needs, and was put right");
    }
    if certificate.is_leaf_alone() {
        tracing::warn!(%path, issuer = certificate.issuer(), "the file holds no certificate of the issuer; clients that do not have it will refuse the connection");
    }
}

#[cfg(test)]
mod tests;
