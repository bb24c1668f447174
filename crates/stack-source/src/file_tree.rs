use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A path inside a [`FileTree`]: relative, `/` between its parts, no `.` or `..`, no empty part. The root is the empty path.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Arc<str>);

/// The text is not a path inside a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTreePath {
    path: String,
    why: &'static str,
}

impl fmt::Display for InvalidTreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a path inside the tree: {}", self.path, self.why)
    }
}

impl std::error::Error for InvalidTreePath {}

impl TreePath {
    /// The path that `text` names, after `.` and `..` are resolved; an error where it is absolute or leaves the root.
    pub fn new(text: &str) -> Result<Self, InvalidTreePath> {
        Self::default().join(text)
    }

    /// The path that `relative` names when read from the folder `self`.
    ///
    /// ```
    /// use stack_source::TreePath;
    ///
    /// let overlay = TreePath::new("k8s/overlays/dev").unwrap();
    /// assert_eq!(overlay.join("../../base").unwrap().as_str(), "k8s/base");
    /// assert!(overlay.join("../../../../etc").is_err());
    /// assert!(overlay.join("/etc").is_err());
    /// ```
    pub fn join(&self, relative: &str) -> Result<Self, InvalidTreePath> {
        let refuse = |why| InvalidTreePath { path: relative.to_owned(), why };
        if relative.starts_with('/') {
            return Err(refuse("it is absolute"));
        }
        if relative.contains(['\\', '\0']) {
            return Err(refuse("parts are divided by `/`"));
        }
        let mut parts: Vec<&str> = self.parts().collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or_else(|| refuse("it leaves the root"))?;
                }
                name => parts.push(name),
            }
        }
        Ok(Self(parts.join("/").into()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its parts, outermost first.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The last part; none for the root.
    pub fn name(&self) -> Option<&str> {
        self.parts().next_back()
    }

    /// The folder that holds it; none for the root.
    pub fn parent(&self) -> Option<Self> {
        let (folder, _) = match self.0.rsplit_once('/') {
            Some(split) => split,
            None if self.0.is_empty() => return None,
            None => ("", ""),
        };
        Some(Self(folder.into()))
    }

    /// Whether the path is `folder` or lies in it.
    pub fn is_in(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0.strip_prefix(&*folder.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The relative path that leads from the folder `self` to `target`, as a kustomization or skaffold.yaml writes it.
    ///
    /// ```
    /// use stack_source::TreePath;
    ///
    /// let path = |text| TreePath::new(text).unwrap();
    /// assert_eq!(path("k8s/overlays/dev").to(&path("k8s/base")), "../../base");
    /// assert_eq!(path("k8s").to(&path("k8s")), ".");
    /// ```
    pub fn to(&self, target: &Self) -> String {
        let from: Vec<&str> = self.parts().collect();
        let to: Vec<&str> = target.parts().collect();
        let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let up = from[shared..].iter().map(|_| "..");
        let down = to[shared..].iter().copied();
        let relative: Vec<&str> = up.chain(down).collect();
        if relative.is_empty() { ".".to_owned() } else { relative.join("/") }
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder held in memory: paths and their bytes, in the order of the paths.
///
/// ```
/// use stack_source::{FileTree, TreePath};
///
/// let mut files = FileTree::new();
/// files.insert(TreePath::new("k8s/base/kustomization.yaml").unwrap(), "resources: []\n");
/// assert!(files.has_folder(&TreePath::new("k8s").unwrap()));
/// assert_eq!(files.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<TreePath, Arc<[u8]>>,
}

impl FileTree {
    /// A tree without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file there, in place of the one that was.
    pub fn insert(&mut self, path: TreePath, bytes: impl AsRef<[u8]>) {
        self.files.insert(path, bytes.as_ref().into());
    }

    /// The bytes of a file.
    pub fn get(&self, path: &TreePath) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| &**bytes)
    }

    /// The text of a file; none where there is no such file or it is not UTF-8.
    pub fn text(&self, path: &TreePath) -> Option<&str> {
        std::str::from_utf8(self.get(path)?).ok()
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &TreePath) -> Option<Arc<[u8]>> {
        self.files.remove(path)
    }

    /// Whether a file lies in this folder, at any depth.
    pub fn has_folder(&self, folder: &TreePath) -> bool {
        self.in_folder(folder).any(|(path, _)| path != folder)
    }

    /// All files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&TreePath, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path, &**bytes))
    }

    /// The files of a folder, at any depth.
    pub fn in_folder<'a>(&'a self, folder: &'a TreePath) -> impl Iterator<Item = (&'a TreePath, &'a [u8])> {
        self.files
            .range(folder.clone()..)
            .take_while(|(path, _)| path.as_str().starts_with(folder.as_str()))
            .filter(|(path, _)| path.is_in(folder))
            .map(|(path, bytes)| (path, &**bytes))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Extend<(TreePath, Arc<[u8]>)> for FileTree {
    fn extend<I: IntoIterator<Item = (TreePath, Arc<[u8]>)>>(&mut self, files: I) {
        self.files.extend(files);
    }
}

impl IntoIterator for FileTree {
    type Item = (TreePath, Arc<[u8]>);
    type IntoIter = std::collections::btree_map::IntoIter<TreePath, Arc<[u8]>>;

    fn into_iter(self) -> Self::IntoIter {
        self.files.into_iter()
    }
}
