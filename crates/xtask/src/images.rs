//! `cargo xtask images`: which images there are. One per binary crate; tags are `cloud-<image>-v<version>`.

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace;

/// Options of `cargo xtask images`.
#[derive(Args)]
pub(crate) struct Options {
    /// A tag such as `cloud-app-auth-v1.2.0`; prints the crate and the version it stands for
    #[arg(long)]
    tag: Option<String>,
}

/// Lists the images, or takes a tag apart.
pub(crate) fn run(options: &Options) -> Result<()> {
    let images = names()?;
    match &options.tag {
        None => images.iter().for_each(|name| println!("{name}")),
        Some(tag) => {
            let (image, version) = parse_tag(tag, &images)?;
            println!("image={image}\nversion={version}");
        }
    }
    Ok(())
}

/// The crates an image is built for: the services and the all-in-one binary.
fn names() -> Result<Vec<String>> {
    let mut names: Vec<String> = workspace::packages()?
        .into_iter()
        .map(|package| package.name)
        .filter(|name| name.starts_with("app-") || ["gateway", "cloud"].contains(&name.as_str()))
        .collect();
    names.sort();
    Ok(names)
}

fn parse_tag<'a>(tag: &'a str, images: &'a [String]) -> Result<(&'a str, &'a str)> {
    let parts = tag
        .strip_prefix("cloud-")
        .and_then(|rest| rest.rsplit_once("-v"));
    let Some((image, version)) = parts else {
        bail!("{tag} is not of the form cloud-<image>-v<version>");
    };
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        bail!("{version} is not a version");
    }
    if !images.iter().any(|name| name == image) {
        bail!(
            "there is no image {image}; there are: {}",
            images.join(", ")
        );
    }
    Ok((image, version))
}

#[cfg(test)]
mod tests {
    use super::parse_tag;

    #[test]
    fn a_tag_names_an_image_and_a_version() {
        let images = ["app-auth".to_owned(), "cloud".to_owned()];
        assert_eq!(
            parse_tag("cloud-app-auth-v1.2.0", &images).ok(),
            Some(("app-auth", "1.2.0"))
        );
        assert_eq!(
            parse_tag("cloud-cloud-v2.0.0-rc.1", &images).ok(),
            Some(("cloud", "2.0.0-rc.1"))
        );
    }

    #[test]
    fn other_tags_are_refused() {
        let images = ["app-auth".to_owned()];
        for tag in [
            "v1.0.0",
            "cloud-app-auth",
            "cloud-app-auth-vnext",
            "cloud-app-mail-v1.0.0",
        ] {
            assert!(parse_tag(tag, &images).is_err(), "{tag}");
        }
    }
}
