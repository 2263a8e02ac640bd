//! Packing what services told into one file, with words that say what is in it and what is missing; and deleting
//! archives that are over.

use std::fmt;
use std::time::Duration;

use jiff::{Timestamp, Unit};
use platform::Clock;
use platform_pg::jobs::enqueue;
use platform_pg::{Database, Enqueue, Failed, Job, Worker};
use ui::Language;

use super::notices::TELL;
use super::words_of;
use crate::domain::archive::{Archive, ArchiveId, ArchiveState, File, KEPT, Part, files, packed};
use crate::domain::person::Person;
use crate::service::mailer::Mailer;
use crate::store::archive::{archive_find, archive_finish, archive_purge, archive_records};
use crate::store::person::person_find;

/// Kind of the job.
pub(super) const PACK: &str = "accounts.pack_archive";
/// How often archives that are over are deleted.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// Packs archives.
#[derive(Clone)]
pub struct Packing {
    db: Database,
    clock: Clock,
    words: Mailer,
}

impl fmt::Debug for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packing(..)")
    }
}

impl Packing {
    /// Over the tables of this app, with its words.
    pub fn new(db: Database, clock: Clock, words: Mailer) -> Self {
        Self { db, clock, words }
    }

    /// Adds the handler of the job, and what deletes archives.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (packing, purging) = (self.clone(), self.clone());
        worker
            .on(PACK, move |job| {
                let packing = packing.clone();
                async move { packing.pack(&job).await }
            })
            .every("accounts.purge_archives", PURGE_EVERY, move |_| {
                let purging = purging.clone();
                async move {
                    let client = purging.db.client().await?;
                    archive_purge(&client, purging.clock.now()).await?;
                    Ok::<_, Failed>(())
                }
            })
    }

    async fn pack(&self, job: &Job) -> Result<(), Failed> {
        let id = ArchiveId(job.payload()?);
        let client = self.db.client().await?;
        let found = archive_find(&client, id).await?;
        let Some(archive) = found.filter(|found| found.state == ArchiveState::Collecting) else {
            return Ok(());
        };
        let Some(person) = person_find(&client, archive.person).await? else {
            return Ok(());
        };
        let told = archive_records(&client, id).await?;
        drop(client);
        let (this, at) = (self.clone(), self.clock.now());
        let packing = tokio::task::spawn_blocking(move || {
            let files = files(&told).filter(|_| archive.done() > 0)?;
            let readme = this.readme((&archive, &person), &files, at);
            packed(&readme, &files, at)
        });
        let content = packing
            .await
            .map_err(|_| Failed::transient("packing broke off"))?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        archive_finish(&tx, id, content.as_deref(), (at, at + KEPT)).await?;
        enqueue(&tx, TELL, &id.0, Enqueue::once(id.to_string())).await?;
        job.finish(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the archive says of itself, in the language of who asked.
    fn readme(&self, (archive, of): (&Archive, &Person), files: &[File], at: Timestamp) -> String {
        let language = Language::from_code(&archive.language).unwrap_or_default();
        let word = |key: &str| self.words.text(language, key);
        let at = at.round(Unit::Second).unwrap_or(at).to_string();
        let about = [
            ("name", of.display_name.as_str()),
            ("username", of.username.as_str()),
            ("at", at.as_str()),
        ];
        let mut lines = vec![
            self.words
                .text_with(language, "accounts-archive-readme", &about),
            String::new(),
        ];
        let told = |part: &Part| format!("{}/ - {}", part.service, word(words_of(&part.service)));
        lines.extend(archive.parts.iter().map(told));
        if archive.lacks_some() {
            lines.extend([String::new(), word("accounts-archive-readme-missing")]);
            lines.extend(archive.missing().map(|service| format!("{service}/")));
        }
        lines.extend([String::new(), word("accounts-archive-readme-files")]);
        lines.extend(files.iter().map(|file| {
            let count = format!("{}: {}", file.path(), file.records.len());
            if file.is_cut {
                return format!("{count} ({})", word("accounts-archive-readme-cut"));
            }
            count
        }));
        lines.join("\n") + "\n"
    }
}
