//! Shows the link that makes the first administrator, for as long as there is none.
//!
//! Auth keeps the link in a file that only its owner can read. It is shown on the terminal, not in
//! logs: who keeps a service's output would keep the link, too.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use platform::{Lifecycle, Mode};

use crate::error::Error;
use crate::output::say;

/// How often to look for a new link.
const EVERY: Duration = Duration::from_millis(250);

/// Forgets the link of a platform that was killed; auth makes a new one if it is needed.
pub(crate) fn clear(file: &Path) -> Result<(), Error> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", file)(error))
        }
        _ => Ok(()),
    }
}

/// Prints each new link until told to stop.
pub(crate) fn show(file: PathBuf, mode: Mode, lifecycle: &Lifecycle) {
    let to_terminal = std::io::stdout().is_terminal() || mode == Mode::Dev;
    let stop = lifecycle.soft().clone();
    lifecycle.spawn("set-up link", async move {
        let mut shown = None;
        loop {
            let link = tokio::fs::read_to_string(&file).await.ok().map(|text| text.trim().to_owned());
            if let Some(link) = link.filter(|link| !link.is_empty() && shown.as_ref() != Some(link)) {
                if to_terminal {
                    say(&format!("\n  There is no administrator yet. This link makes one; it works once, for 30 minutes:\n\n    {link}\n"));
                } else if shown.is_none() {
                    say(&format!("\n  There is no administrator yet. The link that makes one is in {}\n", file.display()));
                }
                shown = Some(link);
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    });
}
