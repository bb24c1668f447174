//! Random trees of kustomizations, built by kustomize's own code and by ours.

use std::fs;
use std::path::Path;
use std::thread;

use stack_kustomize::BuildOptions;
use stack_source::TreePath;

use self::batch::{Answer, Batch};
use self::random::tree::Tree;
use super::{Failure, Verdict, count};
use crate::shell;

mod batch;
#[path = "../../../crates/stack-kustomize/tests/random/mod.rs"]
mod random;
mod shrink;
mod texts;

/// What CI builds: enough to see a fault that is new, in seconds.
const TREES: u64 = 1000;
const FIRST: u64 = 1;
/// After so many differences nobody reads on.
const ENOUGH: usize = 6;

/// Builds trees of fixed seeds.
pub(super) fn ask() -> Verdict {
    let texts = texts::ask()?;
    run(TREES, FIRST).map(|trees| format!("{texts} texts read as stored; {trees}"))
}

/// Builds the trees of `count` seeds from `first` on.
pub(super) fn run(trees: u64, first: u64) -> Verdict {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let outcomes: Vec<Result<Outcome, Failure>> = thread::scope(|scope| {
        let work = |worker| {
            let seeds: Vec<u64> = (first..first + trees).skip(worker).step_by(workers).collect();
            move || compare(&seeds)
        };
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a worker panicked".to_owned().into())))
            .collect()
    });
    let mut all = Outcome::default();
    for outcome in outcomes {
        let outcome = outcome?;
        all.built += outcome.built;
        all.refused += outcome.refused;
        all.panicked += outcome.panicked;
        all.undecided += outcome.undecided;
        all.differences.extend(outcome.differences);
    }
    if all.differences.is_empty() {
        let Outcome { built, refused, panicked, undecided, .. } = all;
        let built = count(built, "tree");
        return Ok(format!(
            "{built} built to the same bytes, {refused} refused by both; kustomize panics on {panicked}, and says two \
             things of {undecided}"
        ));
    }
    Err(Failure::Wrong(all.differences.join("\n")))
}

#[derive(Default)]
struct Outcome {
    built: usize,
    refused: usize,
    /// Where kustomize panics there is no right answer.
    panicked: usize,
    /// What it says may hang on the order of Go's maps, which is another each time.
    undecided: usize,
    differences: Vec<String>,
}

fn compare(seeds: &[u64]) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    let mut found = Vec::new();
    Batch::ask_all(seeds, |seed, tree, theirs| {
        match (ours(&tree), theirs) {
            (Answer::Output(ours), Answer::Output(theirs)) if ours == theirs => outcome.built += 1,
            (_, Answer::Error(theirs)) if theirs.starts_with(batch::PANIC) => outcome.panicked += 1,
            (Answer::Error(_), Answer::Error(_)) => outcome.refused += 1,
            _ => found.push((seed, tree)),
        }
        found.len() < ENOUGH
    })?;
    let mut batch = Batch::start()?;
    for (seed, tree) in found {
        if agrees_at_last(&tree, &mut batch)? {
            outcome.undecided += 1;
            continue;
        }
        let small = shrink::smallest(tree, &mut batch)?;
        let folder = format!("target/differential/{seed}");
        let said = keep(&shell::repository().join(&folder), &small, &batch.ask(&small)?);
        said.map_err(|error| Failure::Wrong(format!("{folder}: {error}")))?;
        outcome.differences.push(format!("seed {seed}: {folder}\n{}", difference(&ours(&small), &batch.ask(&small)?)));
    }
    Ok(outcome)
}

/// Whether kustomize says what we say when it is asked again.
fn agrees_at_last(tree: &Tree, batch: &mut Batch) -> Result<bool, Failure> {
    const TIMES: usize = 8;
    let ours = ours(tree);
    for _ in 0..TIMES {
        match (&ours, batch.ask(tree)?) {
            (Answer::Output(ours), Answer::Output(theirs)) if *ours == theirs => return Ok(true),
            (Answer::Error(_), Answer::Error(_)) => return Ok(true),
            _ => {}
        }
    }
    Ok(false)
}

/// What our engine says.
fn ours(tree: &Tree) -> Answer {
    let files = tree.to_files();
    let Ok(root) = TreePath::new(&tree.root) else { return Answer::Error("the root is no path".to_owned()) };
    match stack_kustomize::build(&files, &root, &BuildOptions::default()) {
        Ok(built) => built.to_yaml().map_or_else(|error| Answer::Error(error.render(&files, false)), Answer::Output),
        Err(error) => Answer::Error(error.render(&files, false)),
    }
}

/// Writes a tree as a case of the conformance tests.
fn keep(folder: &Path, tree: &Tree, theirs: &Answer) -> std::io::Result<()> {
    let _ = fs::remove_dir_all(folder);
    for (path, bytes) in &tree.files {
        let file = folder.join("input").join(path);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, bytes)?;
    }
    fs::write(folder.join("root"), format!("{}\n", tree.root))?;
    match theirs {
        Answer::Output(text) => fs::write(folder.join("expected.yaml"), text),
        Answer::Error(text) => fs::write(folder.join("expected.err"), text),
    }
}

fn difference(ours: &Answer, theirs: &Answer) -> String {
    match (ours, theirs) {
        (Answer::Output(ours), Answer::Output(theirs)) => {
            super::kustomize::first_difference(theirs.as_bytes(), ours.as_bytes())
        }
        (Answer::Error(ours), _) => format!("ours refuses it:\n{ours}"),
        (_, Answer::Error(theirs)) => format!("kustomize refuses it:\n{theirs}"),
    }
}
