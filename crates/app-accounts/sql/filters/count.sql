SELECT count(*) AS filters FROM people_filters WHERE owner_id = $1
