//! `skaffold dev`, running.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};

use super::node::{Node, until};
use super::package::Package;
use crate::shell;

/// What Skaffold says when everything is deployed, forwarded and watched.
const WATCHES: &str = "Watching for changes";

pub(super) struct DevLoop {
    child: Child,
    log: PathBuf,
    seen: usize,
}

impl DevLoop {
    /// Starts it and waits until it watches for changes.
    pub(super) fn start(node: &Node, package: &Package, namespace: &str) -> Result<Self, String> {
        let log = package.folder().with_extension("log");
        let file = File::create(&log).map_err(|error| error.to_string())?;
        let errors = file.try_clone().map_err(|error| error.to_string())?;
        let mut command = node.skaffold(package.folder());
        command.args(["dev", "--port-forward", "--namespace", namespace]).stdout(file).stderr(errors);
        let child = command.spawn().map_err(|error| format!("cannot start skaffold: {error}"))?;
        let mut this = Self { child, log, seen: 0 };
        this.next(WATCHES, 600)?;
        Ok(this)
    }

    /// All that it has said so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until it says something that it has not said before; gives all that came before.
    pub(super) fn next(&mut self, what: &str, seconds: u64) -> Result<String, String> {
        let (log, seen, child) = (&self.log, self.seen, &mut self.child);
        let found = until(&format!("skaffold dev to say {what:?}"), seconds, || {
            let said = fs::read_to_string(log).map_err(|error| error.to_string())?;
            let new = said.get(seen..).unwrap_or_default();
            if let Some(at) = new.find(what) {
                return Ok(Some(new[..at + what.len()].to_owned()));
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Ok(Some(format!("it ended ({status})")));
            }
            Ok(None)
        })
        .map_err(|why| format!("{why}\n{}", tail(&self.said())))?;
        if !found.ends_with(what) {
            return Err(format!("skaffold dev: {found}\n{}", tail(&self.said())));
        }
        self.seen += found.len();
        Ok(found)
    }

    /// Waits until it has followed an edit and watches again; gives what it said meanwhile.
    pub(super) fn follows(&mut self, seconds: u64) -> Result<String, String> {
        self.next(WATCHES, seconds)
    }

    /// Ctrl-C, and what it cleans up.
    pub(super) fn stop(mut self) -> Result<(), String> {
        self.interrupt()?;
        let status = until("skaffold dev to end", 120, || self.child.try_wait().map_err(|error| error.to_string()))?;
        if status.success() { Ok(()) } else { Err(format!("skaffold dev ended with {status}\n{}", tail(&self.said()))) }
    }

    fn interrupt(&self) -> Result<(), String> {
        shell::output(Command::new("kill").args(["-s", "INT", &self.child.id().to_string()])).map(drop)
    }
}

impl Drop for DevLoop {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let ended = self.child.kill().and_then(|()| self.child.wait());
            debug_assert!(ended.is_ok(), "a child can be ended");
        }
    }
}

fn tail(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
