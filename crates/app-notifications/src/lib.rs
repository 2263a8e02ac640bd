//! The inbox of each person, live in the browser
