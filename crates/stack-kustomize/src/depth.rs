//! How deep objects may become: as deep as the reader of YAML takes them. What walks them does so by recursion.

use stack_krm::yaml::{Limits, Node};

/// An error where a value, put so many levels below the top, would reach too deep.
pub(crate) fn check(levels: usize, value: &Node) -> Result<(), String> {
    check_levels(levels.saturating_add(value.height()))
}

/// An error where a path has too many parts.
pub(crate) fn check_levels(levels: usize) -> Result<(), String> {
    let most = Limits::default().depth;
    if levels <= most { Ok(()) } else { Err(format!("lists and maps would nest deeper than {most} levels")) }
}
