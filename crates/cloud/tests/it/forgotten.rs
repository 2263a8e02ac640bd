//! Whoever is deleted for good is forgotten by every service.

use testkit::eventually;

use crate::stored::{network, tables};
use crate::support::{Installation, PASSWORD, link_in, sign_in, text_of};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_person_who_is_deleted_for_good() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let admin = installation.first_admin().await;
    let made = installation.run(&["user", "create", "zaphod", "--email", "zaphod@example.org"]);
    let link = link_in(&text_of(&made));
    let address = installation.url();
    let visitor = installation.visitor();
    let passwords = [("password", PASSWORD), ("password_again", PASSWORD)];
    let path = link
        .strip_prefix(&address)
        .expect("a link to this installation");
    visitor.fill(path, "main form", &passwords).await;
    let refused = sign_in(&installation.visitor(), "zaphod", "not the password").await;
    assert_eq!(refused.status, 422);
    let network = network(&installation);
    assert!(tables(&network).await.contains("zaphod"));

    // The administrator may come into the directory later than the other.
    let found = admin.get("/admin/accounts/people?q=zaphod").await;
    let people = found.attributes("#people tbody a.link", "href");
    let [path] = people.as_slice() else {
        panic!("one of this name: {people:?}");
    };
    let form = |step: &str| format!("form[action='{path}/{step}']");
    // That they have come in is told meanwhile, and a change of what is out of date is refused.
    eventually("they are in the trash", async || {
        let page = admin.get(path).await;
        let is_there = page.has(&form("purge"));
        if !is_there {
            admin.submit(page.form(&form("access/trash"))).await;
        }
        is_there
    })
    .await;
    let confirmed = [("confirm_name", "zaphod")];
    admin.fill(path, &form("purge"), &confirmed).await;
    eventually("every service has confirmed", async || {
        let page = admin.get("/admin/accounts/purges").await;
        page.texts("#purges [data-tone=success]").len() == 3
    })
    .await;
    // Messages to other services are there until they were read.
    eventually("nothing is left of them", async || {
        !tables(&network).await.contains("zaphod")
    })
    .await;
}
