//! Sizes: 500 lines a file outside tests, 80 lines a function, 5 parameters. Over budget means a
//! missing noun. Ignored tests are refused too, unless another test starts them: a test that is not run proves nothing.

use std::path::Path;

use anyhow::{Context, Result};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::workspace;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 80;
const PARAMETERS: usize = 5;

/// Checks all Rust, template, TypeScript and style sources.
pub(super) fn check() -> Result<Vec<String>> {
    let wanted = |path: &Path| {
        ["rs", "ts", "html", "css"]
            .iter()
            .any(|kind| workspace::has_extension(path, kind))
    };
    let files = workspace::files(&workspace::root().join("crates"), &wanted)?;
    let mut findings = Vec::new();
    if files.is_empty() {
        findings.push("crates: no source file found".to_owned());
    }
    for path in files {
        let text = std::fs::read_to_string(&path)?;
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        let shown = workspace::shown(&path);
        if !workspace::has_extension(&path, "rs") {
            findings.extend(too_long(&shown, text.lines().count()));
            continue;
        }
        let file = syn::parse_file(&text).with_context(|| format!("cannot parse {shown}"))?;
        let mut budget = Budget {
            shown: &shown,
            is_test,
            findings: &mut findings,
            test_lines: 0,
        };
        budget.visit_file(&file);
        let lines = text.lines().count().saturating_sub(budget.test_lines);
        if !is_test {
            findings.extend(too_long(&shown, lines));
        }
    }
    Ok(findings)
}

fn too_long(shown: &str, lines: usize) -> Option<String> {
    (lines > FILE_LINES).then(|| format!("{shown}: {lines} lines, at most {FILE_LINES}"))
}

/// Walks one file, leaving out modules that exist for tests only.
struct Budget<'a> {
    shown: &'a str,
    is_test: bool,
    findings: &'a mut Vec<String>,
    test_lines: usize,
}

impl Budget<'_> {
    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        if self.is_test {
            return;
        }
        let name = &signature.ident;
        let lines = lines(body);
        if lines > FUNCTION_LINES {
            self.findings.push(format!(
                "{}: {name} has {lines} lines, at most {FUNCTION_LINES}",
                self.shown
            ));
        }
        let parameters = signature
            .inputs
            .iter()
            .filter(|input| matches!(input, syn::FnArg::Typed(_)))
            .count();
        if parameters > PARAMETERS {
            self.findings.push(format!(
                "{}: {name} has {parameters} parameters, at most {PARAMETERS}",
                self.shown
            ));
        }
    }

    fn attributes(&mut self, attributes: &[syn::Attribute]) {
        let ignored = |attribute: &syn::Attribute| {
            attribute.path().is_ident("ignore") && !is_started_by_another(attribute)
        };
        if attributes.iter().any(ignored) {
            self.findings
                .push(format!("{}: has an ignored test", self.shown));
        }
    }
}

impl<'ast> Visit<'ast> for Budget<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let for_tests = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("test"))
        });
        if for_tests {
            self.test_lines += lines(item);
            let was = std::mem::replace(&mut self.is_test, true);
            visit::visit_item_mod(self, item);
            self.is_test = was;
        } else {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.attributes(&item.attrs);
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

/// `#[ignore = "started by .."]`: no test, but a process that a test starts to kill it.
fn is_started_by_another(attribute: &syn::Attribute) -> bool {
    let syn::Meta::NameValue(pair) = &attribute.meta else {
        return false;
    };
    let syn::Expr::Lit(literal) = &pair.value else {
        return false;
    };
    matches!(&literal.lit, syn::Lit::Str(reason) if reason.value().starts_with("started by "))
}

fn lines(item: &impl Spanned) -> usize {
    let span = item.span();
    span.end().line.saturating_sub(span.start().line) + 1
}

#[cfg(test)]
mod tests {
    use super::{Budget, Visit};

    fn findings(source: &str) -> Vec<String> {
        let mut findings = Vec::new();
        let file = syn::parse_file(source).unwrap();
        Budget {
            shown: "f.rs",
            is_test: false,
            findings: &mut findings,
            test_lines: 0,
        }
        .visit_file(&file);
        findings
    }

    #[test]
    fn long_functions_and_argument_avalanches_are_found() {
        let long = format!("fn long() {{\n{}}}", "    step();\n".repeat(90));
        assert_eq!(findings(&long), ["f.rs: long has 92 lines, at most 80"]);
        let wide = "fn wide(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}";
        assert_eq!(findings(wide), ["f.rs: wide has 6 parameters, at most 5"]);
    }

    #[test]
    fn tests_may_be_long_but_not_ignored() {
        let long = format!(
            "#[cfg(test)]\nmod tests {{ fn long() {{\n{}}} }}",
            "    step();\n".repeat(90)
        );
        assert!(findings(&long).is_empty());
        assert_eq!(
            findings("#[cfg(test)] mod tests { #[ignore] fn t() {} }"),
            ["f.rs: has an ignored test"]
        );
        assert!(findings("#[ignore = \"started by a test\"] fn t() {}").is_empty());
    }
}
