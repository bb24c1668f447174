//! Soon.

pub mod dangling;
