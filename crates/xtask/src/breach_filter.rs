//! `cargo xtask breach-filter LIST`: makes the file of leaked passwords that sign-in asks.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use breach_filter::{Filter, Key};
use clap::Args;

/// Options of `cargo xtask breach-filter`.
#[derive(Args)]
pub(crate) struct Options {
    /// One password a line, or its SHA-1 in hexadecimal digits (`SHA1` or `SHA1:count`), or both mixed
    list: PathBuf,
    /// Where the filter is written
    #[arg(long, default_value = "breached.filter")]
    out: PathBuf,
    /// Take only so many lines from the front: in a list by frequency the most frequent ones
    #[arg(long, default_value_t = breach_filter::MOST)]
    most: u64,
}

/// Reads the list twice: once to learn how much room it needs.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut entries = 0;
    each(options, |_| entries += 1)?;
    ensure!(entries > 0, "{} is empty", options.list.display());
    let made_at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut filter = Filter::with_room_for(entries, i64::try_from(made_at)?)?;
    each(options, |key| filter.insert(key))?;
    write(&filter, &options.out)?;
    println!(
        "{}: {entries} passwords, {} KiB",
        options.out.display(),
        filter.header().file_length().div_ceil(1024)
    );
    Ok(())
}

/// Calls `take` for each password of the list, up to the most that are wanted.
fn each(options: &Options, mut take: impl FnMut(Key)) -> Result<()> {
    let shown = options.list.display();
    let file = File::open(&options.list).with_context(|| format!("cannot open {shown}"))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut line, mut taken) = (Vec::new(), 0);
    while taken < options.most {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        if read.with_context(|| format!("cannot read {shown}"))? == 0 {
            break;
        }
        // What is not UTF-8 cannot be typed here.
        let key = std::str::from_utf8(&line).ok().and_then(Key::of_line);
        if let Some(key) = key {
            take(key);
            taken += 1;
        }
    }
    Ok(())
}

/// Under another name first: whoever reads the file meanwhile sees the old one or the new one.
fn write(filter: &Filter, out: &Path) -> Result<()> {
    let shown = out.display();
    let mut draft = out.as_os_str().to_owned();
    draft.push(".part");
    let file = File::create(&draft).with_context(|| format!("cannot write {shown}"))?;
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    filter.write(&mut writer)?;
    writer.flush()?;
    std::fs::rename(&draft, out).with_context(|| format!("cannot write {shown}"))
}
