use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::hands::Hands;
use super::{DiskError, ground};

/// The right to write into a folder. The system takes it back when the process ends, however it ends, so what a killed
/// process leaves behind is only a file.
#[derive(Debug)]
pub(super) struct Lock {
    /// Held open: the lock goes with it.
    #[cfg_attr(windows, expect(dead_code, reason = "closing it is all that Windows needs"))]
    file: File,
    #[cfg_attr(windows, expect(dead_code, reason = "Windows removes the file by itself"))]
    path: PathBuf,
}

impl Lock {
    /// Takes the lock that is the file `path`; none where the file was removed meanwhile and it has to be tried again.
    pub(super) fn take(path: &Path, folder: &Path) -> Result<Option<Self>, DiskError> {
        if ground::kind(path)?.is_some_and(|kind| !kind.is_file()) {
            return Err(DiskError::NotStaging { path: path.to_owned() });
        }
        match open(path) {
            Ok(Some(file)) => Ok(Some(Self { file, path: path.to_owned() })),
            Ok(None) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Err(DiskError::Locked { folder: folder.to_owned(), by: owner(path) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DiskError::io("lock", path)(error)),
        }
    }

    /// Gives the right back, and leaves no file.
    #[cfg_attr(windows, expect(unused_variables, reason = "Windows removes the file by itself"))]
    pub(super) fn release(self, hands: &Hands) {
        #[cfg(not(windows))]
        let _ = hands.remove_file(&self.path);
    }
}

/// A program that was started meanwhile by another thread may still have the file open: the lock is given back, not only closed.
#[cfg(not(windows))]
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

fn owner(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
}

/// Unix: an advisory lock on the file. Whoever ends removes the file, so another may hold the lock of a file that has no
/// name any more; hence each writes a word of its own, and has the right only where the name leads to that word.
#[cfg(not(windows))]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::fs::TryLockError;
    use std::io::Write as _;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::SystemTime;

    static TAKEN: AtomicU64 = AtomicU64::new(0);
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
        // A file system without locks: two writers at once stay possible there, one writer stays safe.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let word = format!("{} {since} {}\n", std::process::id(), TAKEN.fetch_add(1, Ordering::Relaxed));
    file.set_len(0)?;
    file.write_all(word.as_bytes())?;
    let ours = fs::read_to_string(path).is_ok_and(|there| there == word);
    Ok(ours.then_some(file))
}

/// Windows: nobody else may open the file while it is open, and it goes away when it is closed.
#[cfg(windows)]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt as _;

    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    let opened = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(0)
        .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
        .open(path);
    match opened {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Err(io::ErrorKind::WouldBlock.into()),
        Err(error) => Err(error),
    }
}
