//! Which files of a directory belong together.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::Pair;

/// More entries than these are not looked at.
const MOST: usize = 2_000;
/// Names that belong together in a directory of their own: certbot's, and those of a Kubernetes secret.
const KNOWN: [(&str, &str); 2] = [("fullchain.pem", "privkey.pem"), ("tls.crt", "tls.key")];

/// The pairs of a directory: `fullchain.pem` with `privkey.pem` or `tls.crt` with `tls.key`, in it or one level below;
/// else every `x.crt`, `x.cert` or `x.pem` with an `x.key` or `x-key.pem` beside it.
pub(super) fn pairs(directory: &Path) -> io::Result<Vec<Pair>> {
    let mut files = BTreeSet::new();
    let mut pairs: Vec<Pair> = known(directory).into_iter().collect();
    for entry in std::fs::read_dir(directory)?.take(MOST) {
        let path = entry?.path();
        let is_hidden = path
            .file_name()
            .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            pairs.extend(known(&path));
        } else {
            files.insert(path);
        }
    }
    if known(directory).is_none() {
        pairs.extend(by_stem(&files));
    }
    pairs.sort();
    Ok(pairs)
}

fn known(directory: &Path) -> Option<Pair> {
    KNOWN
        .iter()
        .map(|(certificate, key)| Pair {
            certificate: directory.join(certificate),
            key: directory.join(key),
        })
        .find(|pair| pair.certificate.is_file() && pair.key.is_file())
}

fn by_stem(files: &BTreeSet<PathBuf>) -> impl Iterator<Item = Pair> {
    files.iter().filter_map(|certificate| {
        let extension = certificate.extension()?.to_str()?;
        if !matches!(extension, "crt" | "cert" | "pem") {
            return None;
        }
        let stem = certificate.file_stem()?.to_str()?;
        let key = [format!("{stem}.key"), format!("{stem}-key.pem")]
            .into_iter()
            .map(|name| certificate.with_file_name(name))
            .find(|key| files.contains(key))?;
        Some(Pair {
            certificate: certificate.clone(),
            key,
        })
    })
}
