//! What every app is built on: declaration, configuration, lifecycle, telemetry, identity, errors, health and HTTP layers
