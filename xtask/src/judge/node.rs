//! A real Kubernetes of one node, for as long as judges need it: tests/judges/cluster/node.

mod images;
mod provider;
mod until;

use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use super::{Failure, tools};
use crate::shell;

pub(super) use images::Image;
pub(super) use until::until;

const SCRIPT: &str = "tests/judges/cluster/node";

/// A node that runs. It goes away with this value, and with this process, however it ends.
pub(super) struct Node {
    home: PathBuf,
    skaffold: PathBuf,
    work: TempDir,
    images: OnceCell<Vec<Image>>,
    started: Instant,
    /// There is one such node on a machine: whoever comes second waits.
    _lock: File,
}

/// What a program that succeeded wrote.
pub(super) struct Said {
    pub(super) output: String,
    pub(super) errors: String,
}

impl Node {
    /// Starts it, after removing what a run that was killed has left.
    pub(super) fn up() -> Result<Self, Failure> {
        let home = tools::cluster()?;
        let skaffold = tools::binary(tools::SKAFFOLD, "skaffold")?;
        if shell::text(Command::new("id").arg("-u"))?.trim() != "0" {
            return Err(Failure::Missing("a node can only be started by root".to_owned()));
        }
        let lock = File::create(home.join("lock")).map_err(|error| error.to_string())?;
        lock.lock().map_err(|error| error.to_string())?;
        let work = tempfile::tempdir().map_err(|error| error.to_string())?;
        let node = Self { home, skaffold, work, images: OnceCell::new(), started: Instant::now(), _lock: lock };
        shell::output(node.script("up").env("JUDGE_OWNER", std::process::id().to_string()))?;
        node.passed("the node is ready");
        Ok(node)
    }

    /// Tells whoever watches that a step is done.
    pub(super) fn passed(&self, step: &str) {
        eprintln!("  {:>5.1} s  {step}", self.started.elapsed().as_secs_f32());
    }

    /// A folder for what is only of use as long as the node runs.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.work.path().join(name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Ok(folder)
    }

    /// A program inside the node's network, where its API, its Services and its pods can be reached.
    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.script("run");
        command.arg(program.as_ref());
        command
    }

    /// The real Skaffold, in an environment of its own.
    pub(super) fn skaffold(&self, package: &Path) -> Command {
        let mut command = self.command(&self.skaffold);
        command.current_dir(package).env("HOME", self.work.path());
        command.envs([("SKAFFOLD_UPDATE_CHECK", "false"), ("SKAFFOLD_INTERACTIVE", "false"), ("SKAFFOLD_COLOR", "0")]);
        command
    }

    pub(super) fn kubectl(&self, arguments: &[&str]) -> Result<String, String> {
        shell::text(self.command("kubectl").args(arguments))
    }

    /// Kubectl with something to read.
    pub(super) fn kubectl_reads(&self, arguments: &[&str], input: &[u8]) -> Result<Said, String> {
        let mut command = self.command("kubectl");
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input).map_err(|error| error.to_string())?;
        }
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(shell::said(&command, &output));
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Said { output: text(&output.stdout), errors: text(&output.stderr) })
    }

    /// `kubectl get … --output json`.
    pub(super) fn get(&self, arguments: &[&str]) -> Result<Value, String> {
        let said = self.kubectl(&[&["get", "--output", "json"], arguments].concat())?;
        serde_json::from_str(&said).map_err(|error| error.to_string())
    }

    /// A script of tests/judges/cluster/probes, inside the node's network: what it said, or what it complains about.
    pub(super) fn probe(&self, script: &str, arguments: &[&str]) -> Result<String, String> {
        let path = shell::repository().join("tests/judges/cluster/probes").join(script);
        shell::text(self.command("python3").arg(path).args(arguments)).map(|said| said.trim().to_owned())
    }

    /// The images of llm-stack as the real Skaffold builds them, known to the node; built once.
    pub(super) fn images(&self) -> Result<&[Image], String> {
        if let Some(images) = self.images.get() {
            return Ok(images);
        }
        let built = images::build(self)?;
        Ok(self.images.get_or_init(|| built))
    }

    pub(super) fn kill_container(&self, id: &str) -> Result<(), String> {
        let mut command = self.command("ctr");
        command.arg("--address").arg(self.home.join("run/containerd.sock"));
        shell::output(command.args(["--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", id])).map(drop)
    }

    fn script(&self, verb: &str) -> Command {
        let mut command = shell::command(shell::repository().join(SCRIPT));
        command.arg(verb).env("JUDGE_HOME", &self.home);
        command
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Err(why) = shell::output(&mut self.script("down")) {
            eprintln!("{why}");
        }
    }
}
