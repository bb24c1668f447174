//! The engine beside `kubectl kustomize`, on the same trees, as whole processes; and beside the floor: reading and printing the same
//! bytes with the YAML layer alone.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use stack_krm::yaml::{Limits, PrintOptions, print as print_yaml, read};
use stack_kustomize::{BuildOptions, build};
use stack_source::FileTree;
use wait4::Wait4 as _;

use self::tree::{Patches, path, tree};

#[path = "../../../crates/stack-kustomize/benches/tree/mod.rs"]
mod tree;

/// A tree that is built, and how often kubectl builds it: it takes minutes where ours takes a blink.
struct Size {
    resources: usize,
    patches: Patches,
    theirs: usize,
}

const SIZES: [Size; 11] = [
    Size { resources: 102, patches: Patches::Named, theirs: 5 },
    Size { resources: 501, patches: Patches::Named, theirs: 3 },
    Size { resources: 2001, patches: Patches::Named, theirs: 1 },
    Size { resources: 5001, patches: Patches::Named, theirs: 1 },
    Size { resources: 10_002, patches: Patches::Named, theirs: 0 },
    Size { resources: 99_999, patches: Patches::Named, theirs: 0 },
    Size { resources: 2001, patches: Patches::None, theirs: 1 },
    Size { resources: 252, patches: Patches::Targeted, theirs: 3 },
    Size { resources: 501, patches: Patches::Targeted, theirs: 1 },
    Size { resources: 10_002, patches: Patches::Targeted, theirs: 0 },
    Size { resources: 99_999, patches: Patches::Targeted, theirs: 0 },
];

/// How often ours builds a tree; the fastest counts, for both.
const RUNS: usize = 5;

/// What a process took.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    /// The most memory that it held, in bytes.
    peak: u64,
}

/// Prints the table.
pub(super) fn print(kstack: &Path) -> Result<(), String> {
    println!(
        "\nkstack build beside kubectl kustomize: whole processes, the fastest of {RUNS} runs (of few for kubectl); in process beside \
         the floor\n"
    );
    println!(
        "{:>9} {:<9} {:>11} {:>11} {:>8} {:>9} {:>9} {:>10} {:>10} {:>6}",
        "resources", "patches", "kubectl", "kstack", "ratio", "kubectl", "kstack", "in process", "floor", "ratio"
    );
    let mut growth: Vec<(usize, Patches, f64)> = Vec::new();
    for size in &SIZES {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let files = tree(size.resources, size.patches);
        write(&files, folder.path())?;
        let overlay = folder.path().join("overlay");
        let ours = fastest(RUNS, || cost(Command::new(kstack).arg("build").arg(&overlay)))?;
        let theirs = fastest(size.theirs, || cost(Command::new("kubectl").arg("kustomize").arg(&overlay))).ok();
        let (inside, floor) = in_process(&files)?;
        let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        println!(
            "{:>9} {:<9} {:>11} {:>11} {:>8} {:>9} {:>9} {:>10} {:>10} {:>6.2}",
            size.resources,
            name(size.patches),
            shown(theirs.map(|cost| super::milliseconds(cost.time))),
            super::milliseconds(ours.time),
            shown(theirs.map(|theirs| format!("{:.0}", theirs.time.as_secs_f64() / ours.time.as_secs_f64()))),
            shown(theirs.map(|cost| mebibytes(cost.peak))),
            mebibytes(ours.peak),
            super::milliseconds(inside),
            super::milliseconds(floor),
            inside.as_secs_f64() / floor.as_secs_f64(),
        );
        growth.push((size.resources, size.patches, ours.time.as_secs_f64()));
    }
    for patches in [Patches::Named, Patches::Targeted] {
        let last: Vec<_> = growth.iter().rev().filter(|(_, of, _)| *of == patches).take(2).collect();
        if let [(large, _, slow), (small, _, quick)] = last.as_slice() {
            #[expect(clippy::cast_precision_loss, reason = "numbers of resources are small")]
            let exponent = (slow / quick).ln() / (*large as f64 / *small as f64).ln();
            println!("growth from {small} to {large} resources, {} patches: exponent {exponent:.2}", name(patches));
        }
    }
    Ok(())
}

fn name(patches: Patches) -> &'static str {
    match patches {
        Patches::Named => "named",
        Patches::Targeted => "targeted",
        Patches::None => "none",
    }
}

fn write(files: &FileTree, folder: &Path) -> Result<(), String> {
    for (path, bytes) in files.iter() {
        let file = folder.join(path.as_str());
        let made = file.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&file, bytes)).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

fn fastest(runs: usize, mut work: impl FnMut() -> Result<Cost, String>) -> Result<Cost, String> {
    let mut best: Option<Cost> = None;
    for _ in 0..runs {
        let cost = work()?;
        best = Some(best.filter(|best| best.time <= cost.time).unwrap_or(cost));
    }
    best.ok_or_else(|| "it was not run".to_owned())
}

fn cost(command: &mut Command) -> Result<Cost, String> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let end = child.wait4().map_err(|error| error.to_string())?;
    let time = start.elapsed();
    if end.status.success() { Ok(Cost { time, peak: end.rusage.maxrss }) } else { Err(format!("{command:?} failed")) }
}

/// A build, and the floor: the YAML layer alone reads all that the build reads, and prints all that it prints.
fn in_process(files: &FileTree) -> Result<(Duration, Duration), String> {
    let built = || build(files, &path("overlay"), &BuildOptions::default()).map_err(|error| error.to_string());
    let whole = fastest_time(|| {
        let text = built()?.resources.to_yaml().map_err(|error| error.to_string())?;
        drop(black_box(text));
        Ok(())
    })?;
    let output = built()?.resources;
    let floor = fastest_time(|| {
        for (path, _) in files.iter() {
            let text = files.text(path).unwrap_or_default();
            drop(black_box(read(text, &Limits::default()).map_err(|error| error.to_string())?));
        }
        let mut text = String::new();
        for resource in &output {
            print_yaml(resource.node(), &PrintOptions::KUSTOMIZE, &mut text).map_err(|error| error.to_string())?;
        }
        drop(black_box(text));
        Ok(())
    })?;
    Ok((whole, floor))
}

fn fastest_time(mut work: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn mebibytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20))
}
