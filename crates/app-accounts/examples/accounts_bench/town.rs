//! The people and groups of the measurement.

use uuid::Uuid;

use crate::house::House;

/// Names as people have them, so that a few letters find some and not everybody.
const PEOPLE: &str = "
    INSERT INTO people (id, username, email, display_name, given_name, family_name, title, department, role, state,
                        created_at, updated_at)
    SELECT md5('person ' || n)::uuid, 'u' || n, lower(given) || '.' || lower(family) || n || '@example.org',
           given || ' ' || family, given, family, 'Member ' || n % 50, 'Department ' || n % 200, 'user', 'active',
           now() - n * interval '1 minute', now()
    FROM generate_series(1, $1::int) AS n
    CROSS JOIN LATERAL (SELECT
        (ARRAY['Ada', 'Bela', 'Chloe', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Leon',
               'Mina', 'Nils', 'Olga', 'Paul', 'Quentin', 'Rosa', 'Samir', 'Tilda', 'Umut', 'Vera', 'Willem',
               'Xenia', 'Yusuf', 'Zoe', 'Annika', 'Bruno', 'Carla', 'Emil', 'Freya'])[1 + n % 31] AS given,
        initcap((ARRAY['ba', 'ke', 'lo', 'mu', 'ri', 'sta', 'tor', 'ven', 'wil', 'zan', 'fe'])[1 + n % 11]
            || (ARRAY['ber', 'den', 'gar', 'kis', 'lan', 'mer', 'nov', 'per', 'rin', 'son', 'tal', 'vik', 'zer'])[1 + n % 13]
            || (ARRAY['', 'a', 'berg', 'ek', 'i', 'mann', 's'])[1 + n / 7 % 7]) AS family) AS names";

const MANAGERS: &str = "
    UPDATE people SET manager_id = md5('person ' || substr(username, 2)::int / 12)::uuid
    WHERE username ~ '^u[0-9]+$' AND substr(username, 2)::int >= 12";

const GROUPS: &str = "
    INSERT INTO groups (id, name, created_at, updated_at)
    SELECT id, name, now(), now() FROM unnest($1::uuid[], $2::text[]) AS g (id, name)";

const NESTING: &str = "
    INSERT INTO group_groups (group_id, member_id, added_at, ends_at)
    SELECT upper, lower, now(), CASE WHEN turn % 10 = 0 THEN now() + interval '1 day' END
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS n (upper, lower, turn)
    ON CONFLICT DO NOTHING";

/// Everybody is in five of the first groups.
const MEMBERS: &str = "
    INSERT INTO group_people (group_id, person_id, added_at, ends_at)
    SELECT ($1::uuid[])[1 + (abs(hashtext(p.username)) + k * 31) % cardinality($1::uuid[])], p.id, now(),
           CASE WHEN k = 0 THEN now() + interval '1 day' END
    FROM people p CROSS JOIN generate_series(0, 4) AS k
    ON CONFLICT DO NOTHING";

/// Layers of groups; each has half as many as the one below.
pub(crate) const DEPTH: usize = 8;

/// A group of a layer, as it is called.
pub(crate) fn group_name(layer: usize, place: usize) -> String {
    format!("Group {layer}.{place}")
}

/// Groups of each layer, the lowest first.
fn layers(groups: usize) -> Vec<Vec<Uuid>> {
    let mut left = groups;
    (0..DEPTH)
        .map(|layer| {
            let size = if layer + 1 == DEPTH {
                left
            } else {
                left.div_ceil(2)
            };
            left -= size;
            (0..size).map(|_| Uuid::now_v7()).collect()
        })
        .collect()
}

/// Fills the directory. Each group is inside two of the next layer, so a person is in hundreds by thousands of ways,
/// which is worse than organisations are.
pub(crate) async fn fill(house: &House, people: usize, groups: usize) {
    // Not one of the app's connections: so many rows at once take longer than these may.
    let client = house.world.database.client().await;
    let sql = "SET search_path = accounts";
    client.batch_execute(sql).await.unwrap();
    let count = i32::try_from(people).unwrap();
    client.execute(PEOPLE, &[&count]).await.unwrap();
    client.execute(MANAGERS, &[]).await.unwrap();
    let layers = layers(groups);
    let (mut ids, mut names, mut uppers, mut lowers) = (vec![], vec![], vec![], vec![]);
    for (layer, groups) in layers.iter().enumerate() {
        for (place, group) in groups.iter().enumerate() {
            ids.push(*group);
            names.push(group_name(layer, place));
            let Some(above) = layers.get(layer + 1) else {
                continue;
            };
            for place in [place, place * 7 + 3] {
                uppers.push(above[place % above.len()]);
                lowers.push(*group);
            }
        }
    }
    client.execute(GROUPS, &[&ids, &names]).await.unwrap();
    client.execute(NESTING, &[&uppers, &lowers]).await.unwrap();
    client.execute(MEMBERS, &[&layers[0]]).await.unwrap();
    // As autovacuum leaves it within a minute: lists are read from indexes where the pages behind them are all visible.
    client.batch_execute("VACUUM (ANALYZE)").await.unwrap();
}
