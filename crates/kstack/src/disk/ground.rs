use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stack_source::TreePath;

use super::DiskError;
use super::hands::Hands;

/// The folder that is written into; no step leads out of it.
#[derive(Debug)]
pub(super) struct Ground {
    root: PathBuf,
}

/// What stands at a path.
#[derive(Debug)]
pub(super) enum There {
    Nothing,
    File(Vec<u8>),
    Link,
    /// A folder, or a device.
    NoFile,
    /// This part of the path is a link or a file, where a folder should be.
    NoFolder(TreePath),
}

impl Ground {
    /// The folder, which is there. It may itself be a link; it keeps the name that its owner knows it by.
    pub(super) fn of(folder: &Path) -> Result<Self, DiskError> {
        let root = here_if_empty(folder).to_owned();
        fs::read_dir(&root).map_err(DiskError::io("read", &root))?;
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn at(&self, path: &TreePath) -> PathBuf {
        let mut place = self.root.clone();
        place.extend(path.parts());
        place
    }

    /// What is at `path`. No link is followed.
    pub(super) fn look(&self, path: &TreePath) -> Result<There, DiskError> {
        let mut folders: Vec<TreePath> = Vec::new();
        let mut next = path.parent();
        while let Some(folder) = next.filter(|folder| folder.parts().next().is_some()) {
            next = folder.parent();
            folders.push(folder);
        }
        for folder in folders.into_iter().rev() {
            match kind(&self.at(&folder))? {
                None => return Ok(There::Nothing),
                Some(kind) if kind.is_dir() => {}
                Some(_) => return Ok(There::NoFolder(folder)),
            }
        }
        let place = self.at(path);
        match kind(&place)? {
            None => Ok(There::Nothing),
            Some(kind) if kind.is_symlink() => Ok(There::Link),
            Some(kind) if kind.is_file() => match fs::read(&place) {
                Ok(bytes) => Ok(There::File(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
                Err(error) => Err(DiskError::io("read", &place)(error)),
            },
            Some(_) => Ok(There::NoFile),
        }
    }

    /// Makes the folders that `path` lies in.
    pub(super) fn make_parents(&self, hands: &Hands, path: &TreePath) -> Result<(), DiskError> {
        let Some(folder) = path.parent() else { return Ok(()) };
        if folder.parts().next().is_none() || self.at(&folder).is_dir() {
            return Ok(());
        }
        self.make_parents(hands, &folder)?;
        let place = self.at(&folder);
        hands.create_folder(&place).map_err(DiskError::io("make the folder", &place))
    }

    /// Removes the folders that `path` lay in, as far as nothing is left in them.
    pub(super) fn prune(&self, hands: &Hands, path: &TreePath) -> Result<(), DiskError> {
        let Some(folder) = path.parent().filter(|folder| folder.parts().next().is_some()) else { return Ok(()) };
        let place = self.at(&folder);
        let empty = fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_none());
        if empty {
            hands.remove_folder(&place).map_err(DiskError::io("remove the folder", &place))?;
        }
        if empty || !place.exists() {
            self.prune(hands, &folder)?;
        }
        Ok(())
    }
}

/// The folder in which the command was given has an empty name where a path was taken apart.
pub(super) fn here_if_empty(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// What is at a place, links not followed; none where nothing is.
pub(super) fn kind(place: &Path) -> Result<Option<fs::FileType>, DiskError> {
    match fs::symlink_metadata(place) {
        Ok(known) => Ok(Some(known.file_type())),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(DiskError::io("read", place)(error)),
    }
}
