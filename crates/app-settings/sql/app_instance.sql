SELECT instance, instance_started_at FROM apps WHERE app = $1
