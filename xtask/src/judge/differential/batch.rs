//! kustomize's own code in a process that builds many trees.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::random::{self, tree::Tree};
use crate::judge::{Failure, tools};
use crate::shell;

/// What a builder says about a tree.
pub(super) enum Answer {
    Output(String),
    Error(String),
}

/// How the error of a tree begins on which kustomize panics.
pub(super) const PANIC: &str = "panic: ";

/// What is said of a tree on which kustomize ends its process without a word, as its `log.Fatal` does.
const ENDED: &str = "kustomize ends";

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
        if let Some(answer) = self.answer()? {
            return Ok(answer);
        }
        *self = Self::start()?;
        Ok(Answer::Error(ENDED.to_owned()))
    }

    /// Asks about the trees of many seeds and hands on each with its answer, until `take` has enough.
    pub(super) fn ask_all(seeds: &[u64], mut take: impl FnMut(u64, Tree, Answer) -> bool) -> Result<(), Failure> {
        let mut rest = seeds;
        while !rest.is_empty() {
            let asked = Self::start()?.ask_until_it_ends(rest, &mut take)?;
            rest = &rest[asked..];
        }
        Ok(())
    }

    /// How many seeds need not be asked about any more; the process is of no use then.
    fn ask_until_it_ends(
        mut self,
        seeds: &[u64],
        take: &mut impl FnMut(u64, Tree, Answer) -> bool,
    ) -> Result<usize, Failure> {
        let Some(mut input) = self.input.take() else { return Ok(seeds.len()) };
        let (sender, receiver) = std::sync::mpsc::sync_channel(64);
        thread::scope(|scope| {
            scope.spawn(move || {
                for tree in seeds.iter().map(|seed| random::tree(*seed)) {
                    // Both fail only where the reader has enough, or has told its failure.
                    if send(&mut input, &tree).is_err() || sender.send(tree).is_err() {
                        break;
                    }
                }
            });
            let mut asked = 0;
            for (seed, tree) in seeds.iter().zip(receiver) {
                asked += 1;
                let answer = self.answer()?;
                let has_ended = answer.is_none();
                if !take(*seed, tree, answer.unwrap_or_else(|| Answer::Error(ENDED.to_owned()))) {
                    asked = seeds.len();
                    break;
                }
                if has_ended {
                    break;
                }
            }
            // Where the sender waits for a process that waits for its reader, only the end of the process frees it.
            let _ = self.child.kill();
            Ok(asked)
        })
    }

    /// The next answer; nothing where the process has ended.
    fn answer(&mut self) -> Result<Option<Answer>, Failure> {
        let mut line = String::new();
        if self.output.read_line(&mut line).map_err(lost)? == 0 {
            return Ok(None);
        }
        let answer: Value = serde_json::from_str(&line).map_err(lost)?;
        match (answer["output"].as_str(), answer["error"].as_str()) {
            (Some(output), _) => Ok(Some(Answer::Output(output.to_owned()))),
            (_, Some(error)) => Ok(Some(Answer::Error(error.to_owned()))),
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
