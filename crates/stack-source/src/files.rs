use std::fmt;

use crate::{FileTree, TreePath};

/// Files that are asked for one by one, by who learns their names while reading.
///
/// A [`FileTree`] holds all of them; others get each from where it lies once it is asked for. What is there and may not be read is as
/// good as absent here, and an [`Obstacle`] tells why.
///
/// ```
/// use stack_source::{FileKind, FileTree, Files, TreePath};
///
/// let path = |text| TreePath::new(text).unwrap();
/// let mut tree = FileTree::new();
/// tree.insert(path("base/web.yaml"), "kind: Service\n");
/// let files: &dyn Files = &tree;
/// assert_eq!(files.bytes(&path("base/web.yaml"), None), Some(&b"kind: Service\n"[..]));
/// assert_eq!(files.bytes(&path("base"), None), None);
/// assert_eq!(files.kind(&path("base")), Some(FileKind::Folder));
/// assert_eq!(files.folder(&path("base")), Some(path("base")));
/// assert_eq!(files.names(&path("base")), ["web.yaml"]);
/// ```
pub trait Files {
    /// The bytes of a file; none where there is no such file, or where links lead to one that does not lie in the folder `within`.
    /// Asked again, the same bytes.
    fn bytes(&self, path: &TreePath, within: Option<&TreePath>) -> Option<&[u8]>;

    /// What lies at a path; none where nothing does. Where that cannot be known it is taken for a file, of which
    /// [`obstacle`](Self::obstacle) says why it gives no bytes. Nothing is read for it.
    fn kind(&self, path: &TreePath) -> Option<FileKind>;

    /// What stands in the way where [`bytes`](Self::bytes) or [`folder`](Self::folder) gives none; none where nothing is there at all.
    fn obstacle(&self, _: &TreePath, _within: Option<&TreePath>) -> Option<Obstacle> {
        None
    }

    /// What an absolute path names; none where paths are relative, as in a [`FileTree`].
    fn absolute(&self, _: &str) -> Option<TreePath> {
        None
    }

    /// Where a folder lies after links are followed; none where there is no such folder.
    fn folder(&self, path: &TreePath) -> Option<TreePath>;

    /// The names of files and folders in a folder, in order, to propose one; none where there is no such folder.
    fn names(&self, folder: &TreePath) -> Vec<String>;
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Something that is no folder; whether it may be read shows when it is.
    File,
    /// A folder.
    Folder,
}

/// Why something that has a name is not given. Its text goes on where the name ends: ``` `a.yaml` is a link that leads nowhere ```.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// It is a link to where nothing is.
    LeadsNowhere(String),
    /// It is a link that leads back to itself, perhaps by others.
    Circle,
    /// It leads out of the folder in which it must stay, to there.
    LeadsOut(String),
    /// It is a pipe or a device, which may keep its reader waiting, or never end.
    Special,
    /// It has more bytes than so many.
    TooLarge(usize),
    /// Nobody has given the right to read it.
    Denied,
    /// What else the system said.
    Unreadable(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeadsNowhere(target) => write!(f, "is a link that leads nowhere: there is no `{target}`"),
            Self::Circle => f.write_str("is a link that leads in a circle"),
            Self::LeadsOut(target) => write!(f, "is a link that leads out of the folder, to `{target}`"),
            Self::Special => f.write_str("is neither a file nor a folder"),
            Self::TooLarge(most) => write!(f, "has more than {} MiB", most >> 20),
            Self::Denied => f.write_str("may not be read"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

impl Files for FileTree {
    fn bytes(&self, path: &TreePath, _: Option<&TreePath>) -> Option<&[u8]> {
        self.get(path)
    }

    fn kind(&self, path: &TreePath) -> Option<FileKind> {
        let folder = || self.has_folder(path).then_some(FileKind::Folder);
        self.get(path).map(|_| FileKind::File).or_else(folder)
    }

    fn folder(&self, path: &TreePath) -> Option<TreePath> {
        self.has_folder(path).then(|| path.clone())
    }

    fn names(&self, folder: &TreePath) -> Vec<String> {
        let depth = folder.parts().count();
        let names = self.in_folder(folder).filter_map(|(path, _)| path.parts().nth(depth).map(str::to_owned));
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
