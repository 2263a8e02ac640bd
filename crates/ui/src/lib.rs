//! The browser interface: page shell, components, message catalogues, assets and form support
