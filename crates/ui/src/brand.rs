//! The name of the installation, as pages show it.

use std::sync::Arc;

/// The name of an installation whose operator chose none.
const UNNAMED: &str = "Cloud";

/// Knows the name as it is at the moment: operators change it while everything runs.
pub(crate) struct Brand(Arc<dyn Fn() -> String + Send + Sync>);

impl Brand {
    /// Asks `name` for each page.
    pub(crate) fn live(name: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(name))
    }

    /// The name now.
    pub(crate) fn name(&self) -> String {
        let name = (self.0)();
        if name.trim().is_empty() {
            UNNAMED.to_owned()
        } else {
            name
        }
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self::live(String::new)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[test]
    fn the_name_is_the_one_of_the_moment_and_never_blank() {
        let setting = Arc::new(Mutex::new(String::new()));
        let read = Arc::clone(&setting);
        let brand =
            Brand::live(move || read.lock().unwrap_or_else(PoisonError::into_inner).clone());
        for (set, shown) in [
            ("", "Cloud"),
            ("Analytical Engines", "Analytical Engines"),
            (" ", "Cloud"),
        ] {
            set.clone_into(&mut setting.lock().unwrap_or_else(PoisonError::into_inner));
            assert_eq!(brand.name(), shown);
        }
    }
}
