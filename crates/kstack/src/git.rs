//! What git does with a file: git itself is asked, and where it cannot answer, the `.gitignore` files are read.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a file stands with git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is in the index, whatever `.gitignore` says.
    Tracked,
    /// The next `git add .` would take it in.
    Taken,
    /// It is passed over.
    Ignored,
    /// There is no repository.
    Unknown,
}

/// How the file or folder `path` in `folder`, with `/` between its parts, stands with git.
pub(crate) fn standing(folder: &Path, path: &str) -> Standing {
    match asked(folder, &["ls-files", "--error-unmatch", "--", path]) {
        Some(0) => return Standing::Tracked,
        Some(1) => {}
        _ => return read(folder, path),
    }
    match asked(folder, &["check-ignore", "-q", "--", path]) {
        Some(0) => Standing::Ignored,
        Some(1) => Standing::Taken,
        _ => read(folder, path),
    }
}

/// The exit code of git; none where there is no such program.
fn asked(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let mut git = Command::new("git");
    // A repository's own configuration must not start programs here, and a hook's variables mean another folder.
    git.args(["-c", "core.fsmonitor=false", "--literal-pathspecs", "-C"]).arg(folder).args(arguments);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(variable);
    }
    git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?.code()
}

/// What `.gitignore` files say, as far as their patterns name a file or one of its folders; where in doubt, it is taken.
fn read(folder: &Path, path: &str) -> Standing {
    let mut decided = None;
    let place = folder.join(path);
    for folder in place.ancestors().skip(1) {
        let patterns = fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
        let mut here = None;
        let rows = patterns.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#'));
        for row in rows {
            let (negated, row) = row.strip_prefix('!').map_or((false, row), |row| (true, row));
            let row = row.trim_start_matches("**/").trim_start_matches('/').trim_end_matches('/');
            if row == path || path.split('/').any(|part| fits(row, part)) {
                here = Some(!negated);
            }
        }
        // The file that is nearest wins, and in it the last row that fits.
        decided = decided.or(here);
        if folder.join(".git").exists() {
            return if decided == Some(true) { Standing::Ignored } else { Standing::Taken };
        }
    }
    Standing::Unknown
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
    use std::fs;

    use super::{Standing, fits, read};

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

    // Git itself is asked in `tests/commands.rs`: a process that is started here would hold the locks of other tests.
    #[test]
    fn files_for_git_are_read_where_it_cannot_be_asked() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(read(folder, ".env.dev"), Standing::Unknown);
        fs::create_dir(folder.join(".git")).unwrap();
        fs::create_dir(folder.join("keys")).unwrap();
        for path in [".env.dev", "keys/dev.env"] {
            fs::write(folder.join(path), "a.b=c\n").unwrap();
            for (patterns, expected) in [
                ("", Standing::Taken),
                ("*.prod\n", Standing::Taken),
                (".env.*\nkeys/\n", Standing::Ignored),
                (".env.dev\nkeys/dev.env\n", Standing::Ignored),
                (".env.*\n*.env\n!.env.dev\n!dev.env\n", Standing::Taken),
            ] {
                fs::write(folder.join(".gitignore"), patterns).unwrap();
                assert_eq!(read(folder, path), expected, "{path}: {patterns}");
            }
        }
        fs::write(folder.join(".gitignore"), "*.env\n").unwrap();
        fs::write(folder.join("keys/.gitignore"), "!dev.env\n").unwrap();
        assert_eq!(read(folder, "keys/dev.env"), Standing::Taken, "the nearest file counts");
    }
}
