use std::cell::OnceCell;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use elsa::FrozenBTreeMap;
use stack_krm::yaml::Limits;
use stack_source::{FileKind, Files, Obstacle, TreePath};

use super::below;
use crate::failure::Failure;
use crate::surroundings::plain;

/// The files below a folder of the disk, each read when a build asks for it, and kept.
///
/// Folders and regular files are all that is there: a pipe or a device may keep its reader waiting, or never end. The first thing
/// that may not be read stands in the way of the whole build, also where that makes nothing of its absence.
pub(super) struct DiskFiles<'a> {
    root: &'a Path,
    read: FrozenBTreeMap<TreePath, Box<RegularFile>>,
    /// Where folders lie after links are followed.
    folders: FrozenBTreeMap<TreePath, Box<Path>>,
    refusal: OnceCell<(PathBuf, Obstacle)>,
}

/// A file that was read.
pub(super) struct RegularFile {
    pub(super) bytes: Vec<u8>,
    /// Where it lies after links are followed.
    pub(super) place: PathBuf,
}

impl<'a> DiskFiles<'a> {
    pub(super) fn below(root: &'a Path) -> Self {
        Self { root, read: FrozenBTreeMap::new(), folders: FrozenBTreeMap::new(), refusal: OnceCell::new() }
    }

    /// What was read, and the first thing that was asked for and could not be.
    pub(super) fn into_read(self) -> (impl Iterator<Item = (TreePath, RegularFile)>, Option<Failure>) {
        let refusal = self.refusal.into_inner();
        let refusal = refusal.map(|(path, why)| Failure::System(format!("`{}` {why}", path.display())));
        (self.read.into_map().into_iter().map(|(path, file)| (path, *file)), refusal)
    }

    fn read(&self, path: &TreePath, within: Option<&TreePath>) -> Result<Option<&RegularFile>, Obstacle> {
        if let Some(known) = self.read.get(path) {
            self.stays_within(&known.place, within)?;
            return Ok(Some(known));
        }
        let Some((place, size)) = self.look(path, within)? else { return Ok(None) };
        let bytes = read(&place, size).map_err(|error| obstacle(&error))?;
        let bytes = bytes.ok_or(Obstacle::TooLarge(Limits::default().text))?;
        Ok(Some(self.read.insert(path.clone(), Box::new(RegularFile { bytes, place }))))
    }

    /// Where a file lies and how long it is, if it may be read.
    fn look(&self, path: &TreePath, within: Option<&TreePath>) -> Result<Option<(PathBuf, u64)>, Obstacle> {
        let Some((place, metadata)) = self.find(path)? else { return Ok(None) };
        self.stays_within(&place, within)?;
        if metadata.is_dir() {
            return Ok(None);
        }
        if !metadata.is_file() {
            return Err(Obstacle::Special);
        }
        if metadata.len() > Limits::default().text as u64 {
            return Err(Obstacle::TooLarge(Limits::default().text));
        }
        Ok(Some((place, metadata.len())))
    }

    /// Where something lies after links are followed, and what it is.
    fn find(&self, path: &TreePath) -> Result<Option<(PathBuf, Metadata)>, Obstacle> {
        let (Some(folder), Some(name)) = (path.parent(), path.name()) else { return Ok(None) };
        let Some(folder) = self.place_of_folder(&folder)? else { return Ok(None) };
        let place = folder.join(name);
        let found = fs::symlink_metadata(&place).and_then(|metadata| {
            if !metadata.is_symlink() {
                return Ok((place, metadata));
            }
            let place = place.canonicalize()?;
            fs::metadata(&place).map(|metadata| (place, metadata))
        });
        self.there(path, found)
    }

    /// The link on the way to something that leads nowhere.
    fn lost_link(&self, path: &TreePath) -> Option<Obstacle> {
        let mut path = path.clone();
        loop {
            let place = self.shown(&path);
            match fs::read_link(&place) {
                Ok(target) if !place.exists() => return Some(Obstacle::LeadsNowhere(target.display().to_string())),
                _ if place.exists() => return None,
                _ => path = path.parent()?,
            }
        }
    }

    fn place_of_folder(&self, path: &TreePath) -> Result<Option<&Path>, Obstacle> {
        if let Some(known) = self.folders.get(path) {
            return Ok(Some(known));
        }
        let place = self.shown(path).canonicalize();
        let found = place.and_then(|place| fs::metadata(&place).map(|metadata| (place, metadata)));
        let found = self.there(path, found)?.filter(|(_, metadata)| metadata.is_dir());
        Ok(found.map(|(place, _)| self.folders.insert(path.clone(), place.into_boxed_path())))
    }

    /// What was found; none where nothing is there, or nothing can be under such a name.
    fn there<T>(&self, path: &TreePath, found: io::Result<T>) -> Result<Option<T>, Obstacle> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(match obstacle(&error) {
                Obstacle::Unreadable(_) if self.shown(path).is_symlink() => Obstacle::Circle,
                obstacle => obstacle,
            }),
        }
    }

    /// Refuses a link that leads out of a kustomization's folder, as kustomize does.
    fn stays_within(&self, place: &Path, folder: Option<&TreePath>) -> Result<(), Obstacle> {
        let Some(folder) = folder else { return Ok(()) };
        let Some(folder) = self.place_of_folder(folder)? else { return Ok(()) };
        if place.starts_with(folder) { Ok(()) } else { Err(Obstacle::LeadsOut(place.display().to_string())) }
    }

    fn shown(&self, path: &TreePath) -> PathBuf {
        self.root.join(path.parts().collect::<PathBuf>())
    }

    /// Keeps the reason why something is taken to be absent.
    fn kept<T>(&self, path: &TreePath, result: Result<Option<T>, Obstacle>) -> Option<T> {
        result.unwrap_or_else(|obstacle| {
            self.refusal.get_or_init(|| (self.shown(path), obstacle));
            None
        })
    }
}

impl Files for DiskFiles<'_> {
    fn bytes(&self, path: &TreePath, within: Option<&TreePath>) -> Option<&[u8]> {
        self.kept(path, self.read(path, within)).map(|file| file.bytes.as_slice())
    }

    fn obstacle(&self, path: &TreePath, within: Option<&TreePath>) -> Option<Obstacle> {
        match self.look(path, within) {
            Err(obstacle) => Some(obstacle),
            Ok(Some((place, _))) => File::open(place).err().map(|error| obstacle(&error)),
            Ok(None) => self.lost_link(path),
        }
    }

    fn kind(&self, path: &TreePath) -> Option<FileKind> {
        match fs::metadata(self.shown(path)) {
            Ok(metadata) => Some(if metadata.is_dir() { FileKind::Folder } else { FileKind::File }),
            Err(error) if is_absence(&error) => None,
            // What stands in the way is told when it is read.
            Err(_) => Some(FileKind::File),
        }
    }

    fn absolute(&self, path: &str) -> Option<TreePath> {
        let path = Some(Path::new(path)).filter(|path| path.is_absolute()).map(plain)?;
        below(self.root, &path.canonicalize().unwrap_or(path))
    }

    fn folder(&self, path: &TreePath) -> Option<TreePath> {
        let place = self.kept(path, self.place_of_folder(path))?;
        // A link may lead to where no path of the tree does; then it is its own place.
        Some(below(self.root, place).unwrap_or_else(|| path.clone()))
    }

    fn names(&self, folder: &TreePath) -> Vec<String> {
        /// Of more, in whatever order the disk gives them, none is proposed.
        const MOST: usize = 10_000;
        let entries = fs::read_dir(self.shown(folder)).into_iter().flatten().flatten().take(MOST + 1);
        let can_be_named = |kind: fs::FileType| kind.is_file() || kind.is_dir() || kind.is_symlink();
        let mut names: Vec<String> = entries
            .filter(|entry| entry.file_type().is_ok_and(can_be_named))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        if names.len() > MOST {
            return Vec::new();
        }
        names.sort_unstable();
        names
    }
}

fn obstacle(error: &io::Error) -> Obstacle {
    match error.kind() {
        ErrorKind::PermissionDenied => Obstacle::Denied,
        _ => Obstacle::Unreadable(error.to_string()),
    }
}

/// Whether nothing is there, or nothing can be under such a name.
fn is_absence(error: &io::Error) -> bool {
    use ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidFilename | InvalidInput)
}

/// The bytes of a file; none where they are more than a text may have. A file may have more than its metadata say, as those of the
/// system do.
fn read(place: &Path, size: u64) -> io::Result<Option<Vec<u8>>> {
    let most = Limits::default().text as u64;
    if size > most {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    File::open(place)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}
