//! kustomize's own code in a process that builds many trees.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::random::tree::Tree;
use crate::judge::{Failure, tools};
use crate::shell;

/// What a builder says about a tree.
pub(super) enum Answer {
    Output(String),
    Error(String),
}

/// How the error of a tree begins on which kustomize panics.
pub(super) const PANIC: &str = "panic: ";

/// The process: see tests/judges/kustomize-batch.
pub(super) struct Batch {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
}

impl Batch {
    pub(super) fn start() -> Result<Self, Failure> {
        let program = tools::binary(tools::KUSTOMIZE_BATCH, "kustomize")?;
        let mut command = shell::command(program);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| Failure::Wrong(format!("cannot start the batch: {error}")))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                Ok(Self { child, input: Some(BufWriter::new(input)), output: BufReader::new(output) })
            }
            _ => Err(Failure::Wrong("the batch has no input or no output".to_owned())),
        }
    }

    /// Asks about one tree.
    pub(super) fn ask(&mut self, tree: &Tree) -> Result<Answer, Failure> {
        if let Some(input) = &mut self.input {
            send(input, tree).map_err(lost)?;
        }
        self.answer()
    }

    /// Asks about many trees and hands on each with its answer, until `take` has enough; the process is of no use then.
    pub(super) fn ask_all(
        &mut self,
        trees: impl Iterator<Item = Tree> + Send,
        seeds: impl Iterator<Item = u64>,
        mut take: impl FnMut(u64, Tree, Answer) -> bool,
    ) -> Result<(), Failure> {
        let Some(mut input) = self.input.take() else { return Ok(()) };
        let (sender, receiver) = std::sync::mpsc::sync_channel(64);
        thread::scope(|scope| {
            scope.spawn(move || {
                for tree in trees {
                    // Both fail only where the reader has enough, or has told its failure.
                    if send(&mut input, &tree).is_err() || sender.send(tree).is_err() {
                        break;
                    }
                }
            });
            for (seed, tree) in seeds.zip(receiver) {
                let answer = self.answer()?;
                if !take(seed, tree, answer) {
                    break;
                }
            }
            // Where the sender waits for a process that waits for its reader, only the end of the process frees it.
            let _ = self.child.kill();
            Ok(())
        })
    }

    fn answer(&mut self) -> Result<Answer, Failure> {
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(lost)?;
        let answer: Value = serde_json::from_str(&line).map_err(lost)?;
        match (answer["output"].as_str(), answer["error"].as_str()) {
            (Some(output), _) => Ok(Answer::Output(output.to_owned())),
            (_, Some(error)) => Ok(Answer::Error(error.to_owned())),
            _ => Err(Failure::Wrong(format!("the batch answers `{}`", line.trim()))),
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(input: &mut impl Write, tree: &Tree) -> std::io::Result<()> {
    let files: Map<String, Value> =
        tree.files.iter().map(|(path, bytes)| (path.clone(), STANDARD.encode(bytes).into())).collect();
    writeln!(input, "{}", json!({"files": files, "root": tree.root}))?;
    input.flush()
}

fn lost(error: impl std::fmt::Display) -> Failure {
    Failure::Wrong(format!("the batch is lost: {error}"))
}
