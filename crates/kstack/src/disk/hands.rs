use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// All that changes the disk, one step per call, so that a test can kill the tool before each of them.
#[derive(Debug, Default)]
pub(super) struct Hands {
    #[cfg(test)]
    pub(super) fault: super::tests::Fault,
}

#[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests count the steps"))]
impl Hands {
    /// Makes a file that is not there yet. It is not on the disk for good before [`sync`](Self::sync).
    pub(super) fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        self.fault.tear(path, bytes)?;
        self.step()?;
        File::create_new(path)?.write_all(bytes)
    }

    /// [`create`](Self::create) for a file that nobody else may read.
    pub(super) fn create_private(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        self.fault.tear(path, bytes)?;
        self.step()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(bytes)
    }

    /// Waits until a file is on the disk.
    pub(super) fn sync(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        wait_for_disk(|| OpenOptions::new().read(true).write(cfg!(windows)).open(path))
    }

    /// Waits until the names in a folder are on the disk. Windows writes them with the files.
    pub(super) fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        if cfg!(unix) { wait_for_disk(|| File::open(path)) } else { Ok(()) }
    }

    /// Puts `from` in the place of `to` at once.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        allow_replacing(to)?;
        fs::rename(from, to)
    }

    pub(super) fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        allow_replacing(path)?;
        fs::remove_file(path)
    }

    pub(super) fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::create_dir(path)
    }

    /// Removes a folder in which nothing is.
    pub(super) fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::remove_dir(path)
    }

    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        self.fault.step()
    }

    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, reason = "a test fails here")]
    fn step(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Tests kill the tool and not the machine: they need not wait for the disk, some hundred thousand times.
fn wait_for_disk(file: impl FnOnce() -> io::Result<File>) -> io::Result<()> {
    if cfg!(test) { Ok(()) } else { file()?.sync_all() }
}

/// Windows neither replaces nor removes a file that is marked as read-only.
#[cfg(windows)]
fn allow_replacing(path: &Path) -> io::Result<()> {
    let Ok(known) = fs::symlink_metadata(path) else { return Ok(()) };
    let mut permissions = known.permissions();
    if permissions.readonly() {
        #[expect(clippy::permissions_set_readonly_false, reason = "on Windows this is one attribute")]
        permissions.set_readonly(false);
        fs::set_permissions(path, permissions)?;
    }
    Ok(())
}

#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "the signature on Windows")]
fn allow_replacing(_: &Path) -> io::Result<()> {
    Ok(())
}
