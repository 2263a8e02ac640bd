//! `cloud api`: any operation of the platform's APIs, with a key. What they can do stands in `/api/<app>/openapi.json`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bytes::Bytes;
use clap::Args;
use http::Method;
use serde_json::Value;

use crate::error::Error;
use crate::installation::Installation;
use crate::login::{At, signed_in, whereabouts};
use crate::output::say;
use crate::remote::{Call, Remote};

/// Longest text that can be a key.
const LONGEST_KEY: u64 = 1024;
/// Largest body.
const LARGEST_BODY: u64 = 16 * 1024 * 1024;
/// Most pages that are followed.
const MOST_PAGES: usize = 10_000;

/// One request.
#[derive(Args)]
pub(crate) struct ApiOptions {
    /// Path with its query, as in /api/accounts/people?role=guest
    path: String,
    /// Method [default: GET, or POST with --data]
    #[arg(short = 'X', long, value_name = "METHOD", value_parser = ["GET", "POST", "PUT", "PATCH", "DELETE"])]
    method: Option<String>,
    /// JSON to send: itself, @FILE, or - for the standard input
    #[arg(short, long, value_name = "JSON")]
    data: Option<String>,
    /// Change only this version: the ETag of what was read, as in "7"
    #[arg(long, value_name = "ETAG")]
    if_match: Option<String>,
    /// Makes sending a creation twice harmless
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Reads all pages of a list: one JSON text a line
    #[arg(long, conflicts_with_all = ["data", "method"])]
    all: bool,
    /// File with the key to use [default: the key in CLOUD_KEY, else that of the sign-in]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

/// Runs the command.
pub(crate) async fn run(
    installation: &Installation,
    options: ApiOptions,
) -> Result<ExitCode, Error> {
    if !options.path.starts_with("/api/") || options.path.contains(char::is_whitespace) {
        return Err(Error::Usage(format!(
            "{:?} is no path of an API; write it as in /api/accounts/people",
            options.path
        )));
    }
    let remote = remote(installation, &options)?;
    let body = options.data.as_deref().map(data).transpose()?;
    let usual = if body.is_some() { "POST" } else { "GET" };
    let method = options.method.as_deref().unwrap_or(usual);
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Error::Usage(format!("{method:?} is no method")))?;
    let mut call = Call {
        method,
        path: options.path.clone(),
        body,
        if_match: options.if_match,
        idempotency_key: options.idempotency_key,
    };
    for _ in 0..MOST_PAGES {
        let (status, answer) = remote.call(&call).await?;
        if !answer.is_empty() {
            say(String::from_utf8_lossy(&answer).trim_end());
        }
        if !status.is_success() {
            return Err(remote.refusal(status, &answer));
        }
        match next(&answer).filter(|_| options.all) {
            Some(next) => call.path = page(&options.path, &next),
            None => break,
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn remote(installation: &Installation, options: &ApiOptions) -> Result<Remote, Error> {
    let key = match &options.key_file {
        Some(path) => Some(read(path, LONGEST_KEY)?),
        None => installation.variable("CLOUD_KEY").map(str::to_owned),
    };
    match key {
        None => signed_in(installation, &options.at),
        Some(key) => {
            let address = whereabouts(installation, &options.at)?;
            Ok(Remote::new(&address).with_key(key.trim()))
        }
    }
}

/// What `--data` means.
fn data(argument: &str) -> Result<Bytes, Error> {
    let text = match argument.strip_prefix('@') {
        Some(path) => read(Path::new(path), LARGEST_BODY)?,
        None if argument == "-" => {
            let mut text = String::new();
            let read = std::io::stdin()
                .take(LARGEST_BODY)
                .read_to_string(&mut text);
            read.map_err(Error::io("read", Path::new("the standard input")))?;
            text
        }
        None => argument.to_owned(),
    };
    Ok(Bytes::from(text))
}

fn read(path: &Path, most: u64) -> Result<String, Error> {
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let mut text = String::new();
    file.take(most)
        .read_to_string(&mut text)
        .map_err(Error::io("read", path))?;
    Ok(text)
}

/// Where the next page begins, if the answer names it.
fn next(answer: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    Some(answer.get("next")?.as_str()?.to_owned())
}

/// The path of the page after that cursor.
fn page(path: &str, after: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.filter(|(name, _)| name != "after");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs).append_pair("after", after);
    format!("{path}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_next_page_keeps_what_was_asked() {
        assert_eq!(page("/api/x", "a=b"), "/api/x?after=a%3Db");
        assert_eq!(page("/api/x?q=1&after=old", "new"), "/api/x?q=1&after=new");
        assert_eq!(next(br#"{"next":"c"}"#).as_deref(), Some("c"));
        assert_eq!(next(br#"{"next":null}"#), None);
        assert_eq!(next(b"no json"), None);
    }

    #[test]
    fn data_is_itself_or_a_file() {
        assert_eq!(data("{}").unwrap(), "{}");
        let missing = data("@/nowhere/at/all").unwrap_err().to_string();
        assert!(missing.contains("/nowhere/at/all"), "{missing}");
    }
}
