DELETE FROM sponsorships WHERE guest_id = $1
