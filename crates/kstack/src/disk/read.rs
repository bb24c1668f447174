use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stack_source::{FileTree, TreePath};
use walkdir::{DirEntry, WalkDir};

use super::{DiskError, STAGING, ground};

/// Folders that are never read, at any depth: they hold what other tools made.
pub const SKIPPED: [&str; 5] = [".git", "node_modules", "target", "dist", STAGING];

/// How much [`read_within`] takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most files; more are refused.
    pub files: usize,
    /// The most bytes, of all files together; more are refused.
    pub bytes: u64,
    /// The most bytes of one file; a larger one is passed over.
    pub file: u64,
}

impl Default for Limits {
    /// 10,000 files, 64 MiB, and 4 MiB each. A ConfigMap holds 1 MiB in all; what is larger than that is read so that a check can
    /// tell who mounts it.
    fn default() -> Self {
        Self { files: 10_000, bytes: 64 << 20, file: 4 << 20 }
    }
}

/// A folder as it was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its files.
    pub tree: FileTree,
    /// What was passed over, each with the reason: a folder of a person holds other things than a package's files, as a Python
    /// environment with links to the system, weights of a model, the data of a container.
    pub passed_over: Vec<(PathBuf, DiskError)>,
}

/// The files of a folder, [`SKIPPED`] folders aside, within the default [`Limits`].
///
/// A link stands for what it leads to, as in a kustomize build; one that leads nowhere is as good as absent. Passed over are links
/// that lead out of the folder or to a folder that holds them, what may not be read, names that are not UTF-8, and large files.
///
/// ```
/// use stack_source::TreePath;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// std::fs::create_dir_all(folder.join("target")).unwrap();
/// std::fs::write(folder.join("target/big.bin"), "…").unwrap();
/// std::fs::write(folder.join("stack.yaml"), "name: shop\n").unwrap();
/// let tree = kstack::disk::read(folder)?.tree;
/// assert_eq!(tree.len(), 1);
/// assert_eq!(tree.text(&TreePath::new("stack.yaml").unwrap()), Some("name: shop\n"));
/// # Ok::<(), kstack::disk::DiskError>(())
/// ```
pub fn read(folder: impl AsRef<Path>) -> Result<Reading, DiskError> {
    read_within(folder, Limits::default())
}

/// [`read`], with limits of one's own.
pub fn read_within(folder: impl AsRef<Path>, limits: Limits) -> Result<Reading, DiskError> {
    let root = ground::here_if_empty(folder.as_ref()).to_owned();
    let real_root = root.canonicalize().map_err(DiskError::io("read", &root))?;
    let mut reading = Reading::default();
    let mut bytes_left = limits.bytes;
    let mut largest = (TreePath::default(), 0);
    let mut entries = WalkDir::new(&root).min_depth(1).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) if is_skipped(&entry) => {
                entries.skip_current_dir();
                continue;
            }
            Ok(entry) => entry,
            Err(error) if is_gone(&error) => continue,
            Err(error) => {
                let path = error.path().unwrap_or(&root).to_owned();
                reading.passed_over.push((path, walk_error(&root, error)));
                continue;
            }
        };
        let place = entry.path();
        match one(&root, &real_root, &entry, &limits) {
            Ok(None) => {}
            Ok(Some((path, bytes))) => {
                let size = bytes.len() as u64;
                if size > largest.1 {
                    largest = (path.clone(), size);
                }
                if reading.tree.len() == limits.files {
                    return Err(DiskError::TooMany { folder: root, most: limits.files });
                }
                bytes_left = bytes_left.checked_sub(size).ok_or_else(|| DiskError::TooLarge {
                    folder: root.clone(),
                    most: limits.bytes,
                    largest: largest.0.clone(),
                    bytes: largest.1,
                })?;
                reading.tree.insert(path, bytes);
            }
            Err(error) => {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                reading.passed_over.push((place.to_owned(), error));
            }
        }
    }
    Ok(reading)
}

/// A file, with its path in the folder; none where the entry is a folder, or went away.
fn one(
    root: &Path,
    real_root: &Path,
    entry: &DirEntry,
    limits: &Limits,
) -> Result<Option<(TreePath, Vec<u8>)>, DiskError> {
    if entry.path_is_symlink() {
        check_link(real_root, entry.path())?;
    }
    let path = tree_path(root, entry.path())?;
    if !entry.file_type().is_file() {
        return Ok(None);
    }
    match entry.metadata() {
        Ok(known) if known.len() > limits.file => {
            return Err(DiskError::LargeFile { path: entry.path().to_owned(), most: limits.file });
        }
        Ok(_) => {}
        Err(error) if is_gone(&error) => return Ok(None),
        Err(error) => return Err(walk_error(root, error)),
    }
    match fs::read(entry.path()) {
        Ok(bytes) => Ok(Some((path, bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DiskError::io("read", entry.path())(error)),
    }
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && SKIPPED.iter().any(|name| entry.file_name() == *name)
}

/// Whether the file went away while the folder was read, or is a link that leads nowhere.
fn is_gone(error: &walkdir::Error) -> bool {
    error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn walk_error(root: &Path, error: walkdir::Error) -> DiskError {
    let path = error.path().unwrap_or(root).to_owned();
    match error.loop_ancestor() {
        Some(folder) => DiskError::Circle { link: path, folder: folder.to_owned() },
        None => DiskError::Io { doing: "read", path, source: error.into() },
    }
}

fn check_link(root: &Path, link: &Path) -> Result<(), DiskError> {
    let target = link.canonicalize().map_err(DiskError::io("read", link))?;
    if target.starts_with(root) { Ok(()) } else { Err(DiskError::LeadsOut { link: link.to_owned(), target }) }
}

fn tree_path(root: &Path, place: &Path) -> Result<TreePath, DiskError> {
    let not_text = || DiskError::NotText { path: place.to_owned() };
    let relative = place.strip_prefix(root).map_err(|_| not_text())?;
    let parts = relative.iter().map(|part| part.to_str()).collect::<Option<Vec<&str>>>().ok_or_else(not_text)?;
    TreePath::new(&parts.join("/")).map_err(|_| DiskError::Backslash { path: place.to_owned() })
}
