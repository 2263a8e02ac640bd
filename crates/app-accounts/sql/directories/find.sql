SELECT d.id, d.name, d.preset, d.host, d.port, d.security, d.authority, d.bind_dn, d.bind_password, d.people_base, d.people_filter,
       d.groups_base, d.groups_filter, d.mapping, d.every_minutes, d.version, d.sign_in,
       d.write_back, d.web_port
FROM directories d
WHERE d.id = $1
