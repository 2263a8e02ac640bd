//! A table of people: uploaded, looked at and imported, as an administrator does it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::house::House;

/// What the plan promises for 10,000 rows, from the upload to the last person who is there.
const TARGET: Duration = Duration::from_secs(30);

pub(crate) async fn measure(house: &House, rows: usize) {
    let browser = house.administrator();
    let page = browser.get("/admin/accounts/imports").await;
    let form = page.form("form[enctype='multipart/form-data']");
    let table = table(rows);
    println!("import of {rows} rows, {} KiB", table.len() / 1024);
    let begun = Instant::now();
    let file = ("people.csv", table.into_bytes());
    let page = browser.submit_file(form, "file", file).await;
    println!("  uploaded       {:>8.2?}", begun.elapsed());
    let looked = Instant::now();
    let page = browser.submit(page.form("form[action$='/check']")).await;
    println!("  looked at      {:>8.2?}", looked.elapsed());
    let started = Instant::now();
    let page = browser.submit(page.form("form[action$='/run']")).await;
    let path = page.path();
    let ended = testkit::until("the import ends", async || {
        let page = browser.get(&path).await;
        (!page.has("progress")).then_some(page)
    });
    ended.await;
    println!("  imported       {:>8.2?}", started.elapsed());
    let whole = begun.elapsed();
    let verdict = if whole <= TARGET {
        "within"
    } else {
        "MORE THAN"
    };
    println!("  in all         {whole:>8.2?}  {verdict} {TARGET:?}");
    let added = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS people FROM people WHERE email LIKE 'new.%@example.org'";
    let row = platform_pg::GenericClient::query_one(&added, sql, &[]);
    let added: i64 = row.await.unwrap().try_get("people").unwrap();
    assert_eq!(usize::try_from(added), Ok(rows), "everybody came in");
}

/// Every row has a name, a department and two groups; half say their user name.
fn table(rows: usize) -> String {
    let mut table = "email;first name;last name;department;groups;user name\n".to_owned();
    for row in 0..rows {
        let name = if row % 2 == 0 {
            String::new()
        } else {
            format!("new{row}")
        };
        let groups = format!("\"group 0.{}; Group 0.{}\"", row % 100, row * 7 % 100 + 100);
        writeln!(
            table,
            "new.{row}@example.org;First {row};Last {row};Department {};{groups};{name}",
            row % 20
        )
        .unwrap();
    }
    table
}
