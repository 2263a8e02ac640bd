//! Renders every page in both languages and themes and checks its references. The HTML is kept under
//! `target/pages`, where the accessibility run and people find it.

use askama::Template;
use http::StatusCode;
use registry::Role;
use ui::form::Errors;
use ui::testing::{Look, check_references, error_page, keep_page, shell};
use ui::{Language, Shell, TableQuery, Theme};

use crate::CATALOGUE;
use crate::web::{feedback, forms, overview, sharing, table};

fn looked_at(path: &str, look: &Look) -> Shell {
    let look = Look {
        path: path.to_owned(),
        ..look.clone()
    };
    shell("ui-lab", &CATALOGUE, look)
}

fn samples(look: &Look) -> Vec<(&'static str, String)> {
    let table_of = |query: &str| {
        let shell = looked_at("/app/ui-lab/table", look);
        table::TablePage::new(shell, &TableQuery::parse(query)).render()
    };
    let wrong = || {
        let shell = looked_at("/app/ui-lab/forms", look);
        let form = forms::SampleForm::default();
        let errors = forms::check(&shell, &form);
        forms::FormsPage::new(shell, form, errors).render()
    };
    let plain = Look {
        role: None,
        ..look.clone()
    };
    let forms = looked_at("/app/ui-lab/forms", look);
    let pages = [
        (
            "overview",
            overview::OverviewPage::new(looked_at("/app/ui-lab", look)).render(),
        ),
        (
            "plain",
            overview::PlainPage::new(looked_at("/app/ui-lab/plain", &plain)).render(),
        ),
        (
            "forms",
            forms::FormsPage::new(forms, forms::SampleForm::default(), Errors::none()).render(),
        ),
        ("forms-wrong", wrong()),
        ("table", table_of("")),
        ("table-found", table_of("q=a&role=user&sort=-seen&page=3")),
        ("table-nothing", table_of("q=zzz")),
        ("table-empty", table_of("state=empty")),
        ("table-loading", table_of("state=loading")),
        ("table-failed", table_of("state=failed")),
        (
            "feedback",
            feedback::FeedbackPage::new(looked_at("/app/ui-lab/feedback", look)).render(),
        ),
        (
            "sharing",
            sharing::SharingPage::new(looked_at("/app/ui-lab/sharing", look), Vec::new()).render(),
        ),
    ];
    let errors = [
        ("error-404", 404, look),
        ("error-503", 503, look),
        ("error-plain-403", 403, &plain),
    ];
    let errors = errors.map(|(name, status, look)| {
        let status = StatusCode::from_u16(status).unwrap();
        (name, error_page("ui-lab", &CATALOGUE, status, look.clone()))
    });
    pages
        .into_iter()
        .map(|(name, html)| (name, html.unwrap()))
        .chain(errors)
        .collect()
}

#[test]
fn every_page_renders_and_refers_to_what_is_there() {
    for language in Language::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let look = Look {
                language,
                theme,
                role: Some(Role::Admin),
                cookies: "cloud_flash=%7B%22tone%22%3A%22success%22%2C%22text%22%3A%22Gespeichert%22%2C%22undo%22%3A%22%2Fx%22%7D".to_owned(),
                ..Look::default()
            };
            for (name, html) in samples(&look) {
                check_references(&html);
                keep_page(
                    "ui-lab",
                    &format!("{name}.{}.{theme}", language.code()),
                    &html,
                );
            }
        }
    }
}

#[test]
fn a_guest_sees_no_administration() {
    let look = Look {
        role: Some(Role::Guest),
        ..Look::default()
    };
    for (name, html) in samples(&look) {
        assert!(!html.contains("href=\"/admin"), "{name}");
    }
}
