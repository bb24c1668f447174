//! `cargo xtask bench`: how fast, and beside kubectl. All figures come from one run on one machine.

pub(crate) mod child;
mod engine;
mod large;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::shell;

/// How often each is run; the median counts, so that one disturbed run does not.
const RUNS: usize = 25;

/// Builds what is measured with optimization, and measures it.
pub(crate) fn run() -> ExitCode {
    let result = if cfg!(debug_assertions) { in_release() } else { measure() };
    match result {
        Ok(good) => good,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

/// An unoptimized program says nothing about speed: the optimized twin of this one is built, and goes on.
fn in_release() -> Result<ExitCode, String> {
    shell::watch(shell::command(env!("CARGO")).args(["build", "--quiet", "--release", "--package", "kstack"]))?;
    let bench = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench"];
    shell::watch(shell::command(env!("CARGO")).args(bench))?;
    Ok(ExitCode::SUCCESS)
}

fn measure() -> Result<ExitCode, String> {
    let kstack = kstack()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let package = shell::repository().join("examples/llm-stack");
    let (package, tree) = (package.to_string_lossy().into_owned(), folder.path().join("tree"));
    let tree_text = tree.to_string_lossy().into_owned();
    let overlay = tree.join("k8s/overlays/dev").to_string_lossy().into_owned();

    println!("{RUNS} runs each, whole processes, medians\n");
    let emit = ["emit", "dev", "--package", &package, "--out", &tree_text];
    let first = timed(RUNS, || {
        let _ = std::fs::remove_dir_all(&tree);
        process(&kstack, &emit)
    })?;
    let again = timed(RUNS, || process(&kstack, &emit))?;
    let render = timed(RUNS, || process(&kstack, &["render", "dev", "--package", &package]))?;
    let build = timed(RUNS, || process(&kstack, &["build", &overlay]))?;
    let kubectl = timed(RUNS, || process(Path::new("kubectl"), &["kustomize", &overlay]));

    let row = |what: &str, time: Duration, note: String| println!("{what:<44} {:>9}  {note}", milliseconds(time));
    if let Ok(theirs) = &kubectl {
        row("kubectl kustomize k8s/overlays/dev", *theirs, String::new());
        row("kstack build k8s/overlays/dev", build, ratio(*theirs, build));
        row("kstack render dev, from the model", render, ratio(*theirs, render));
    } else {
        println!("no kubectl on this machine: nothing to compare with");
        row("kstack build k8s/overlays/dev", build, String::new());
        row("kstack render dev, from the model", render, String::new());
    }
    row("kstack emit dev, all files new", first, "goal: 50 ms".to_owned());
    row("kstack emit dev, nothing changed", again, "goal: 50 ms".to_owned());
    println!("\nin process, {} services, {} relations\n", large::SERVICES, large::relations());
    for (what, time, note) in large::measure(RUNS)? {
        row(what, time, note);
    }
    engine::print(&kstack)?;
    Ok(ExitCode::SUCCESS)
}

fn kstack() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = own.with_file_name(format!("kstack{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() { Ok(path) } else { Err(format!("`{}` is not built", path.display())) }
}

fn process(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{} {}` failed ({status})", program.display(), arguments.join(" "))),
        Err(error) => Err(format!("cannot start `{}`: {error}", program.display())),
    }
}

/// The median time of `runs` runs, after one that warms caches up.
fn timed(runs: usize, mut work: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    work()?;
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[runs / 2])
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn ratio(theirs: Duration, ours: Duration) -> String {
    format!("{:.0} times faster", theirs.as_secs_f64() / ours.as_secs_f64())
}
