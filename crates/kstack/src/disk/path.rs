use std::collections::BTreeMap;

use stack_source::TreePath;

use super::{DiskError, LOCAL_RECORD, RECORD, STAGING};

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Why no write may touch a path.
pub(super) fn forbidden(path: &TreePath) -> Option<&'static str> {
    let is_of_git = |part: &str| part.eq_ignore_ascii_case(".git") || part.to_ascii_lowercase().starts_with("git~");
    let is_of_drive =
        |part: &str| part.as_bytes().get(1) == Some(&b':') && part.starts_with(|c: char| c.is_ascii_alphabetic());
    if path.parts().next().is_none() {
        Some("it has no name")
    } else if path.parts().next().is_some_and(|first| first.eq_ignore_ascii_case(STAGING)) {
        Some("the folder is the tool's own, while it writes")
    } else if path.parts().any(is_of_git) {
        Some("the folder is git's own")
    } else if path.parts().any(is_of_drive) {
        Some("Windows takes its first letter for a drive")
    } else if path.as_str().contains(char::is_control) {
        Some("it has a line break or another control character")
    } else {
        None
    }
}

/// Why a path is not one that the tool emits, on this system or another: a tree is checked in and read everywhere.
pub(super) fn unfit(path: &TreePath) -> Option<&'static str> {
    forbidden(path).or_else(|| path.parts().find_map(unfit_part))
}

/// Whether a path is where the tool keeps a record.
pub(super) fn is_record(path: &str) -> bool {
    path == RECORD || path == LOCAL_RECORD
}

fn unfit_part(part: &str) -> Option<&'static str> {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |name: &str| {
        stem.strip_prefix(name).is_some_and(|rest| rest.chars().count() == 1 && !rest.starts_with(char::is_alphabetic))
    };
    if part.contains(|c| "<>:\"|?*\\".contains(c)) {
        Some("Windows and sha256sum cannot take one of its characters")
    } else if part.ends_with(['.', ' ']) {
        Some("Windows drops a dot or a space at the end of a name")
    } else if DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt") {
        Some("Windows keeps this name for a device")
    } else {
        None
    }
}

/// Refuses a set of paths that cannot all be files: unfit ones, two that are one where case does not count, a file that
/// is also a folder, the record.
pub(super) fn check<'a>(paths: impl Iterator<Item = &'a TreePath>) -> Result<(), DiskError> {
    let refuse = |path: &TreePath, why: String| DiskError::Unfit { path: path.clone(), why };
    let mut files: BTreeMap<String, &TreePath> = BTreeMap::new();
    for path in paths {
        if let Some(why) = unfit(path) {
            return Err(refuse(path, why.to_owned()));
        }
        let folded = path.as_str().to_lowercase();
        if is_record(&folded) {
            return Err(refuse(path, "the tool keeps its record of what it emitted there".to_owned()));
        }
        if let Some(other) = files.insert(folded, path) {
            return Err(refuse(path, format!("it is the same file as `{other}` where case does not count")));
        }
    }
    for path in files.values() {
        let mut folder = path.parent();
        while let Some(parent) = folder {
            if let Some(file) = files.get(&parent.as_str().to_lowercase()) {
                return Err(refuse(path, format!("`{file}` is a file of the same tree")));
            }
            folder = parent.parent();
        }
    }
    Ok(())
}
