//! What git would take in, as far as `.gitignore` files say it.

use std::fs;
use std::path::Path;

/// Whether a file lies in a git repository whose `.gitignore` files do not name it.
///
/// Only patterns without folders are understood, which is how such a file is named; where in doubt, it is tracked.
pub(super) fn would_track(folder: &Path, name: &str) -> bool {
    let mut ignored = false;
    for folder in folder.ancestors() {
        let patterns = fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
        let rows = patterns.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with(['#', '!']));
        ignored |= rows.map(|row| row.trim_start_matches("**/").trim_start_matches('/')).any(|row| fits(row, name));
        if folder.join(".git").exists() {
            return !ignored;
        }
    }
    false
}

/// A pattern with `*` for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name
            .strip_prefix(start)
            .is_some_and(|name| (0..=name.len()).any(|at| name.get(at..).is_some_and(|end| fits(rest, end)))),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_as_git_reads_them() {
        let name = ".env.dev";
        for pattern in [".env.dev", ".env.*", ".env*", "*.dev", "*"] {
            assert!(fits(pattern, name), "{pattern}");
        }
        for pattern in [".env", "env.dev", "*.prod", ".env.*x"] {
            assert!(!fits(pattern, name), "{pattern}");
        }
    }
}
