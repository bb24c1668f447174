//! The engine beside `kubectl kustomize`, on the same trees, as whole processes; and beside the floor: reading and printing the same
//! bytes with the YAML layer alone.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use stack_krm::yaml::{Limits, PrintOptions, print as print_yaml, read};
use stack_kustomize::{BuildOptions, build};
use stack_source::FileTree;

use super::child::{self, Taken};

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

/// Prints the table.
#[expect(clippy::cast_precision_loss, reason = "numbers of resources and bytes are small")]
pub(super) fn print(kstack: &Path) -> Result<(), String> {
    println!(
        "\nkstack build beside kubectl kustomize: whole processes, the fastest of {RUNS} runs (of few for kubectl), and the least of \
         their peaks of memory; in process beside the floor\n"
    );
    println!(
        "{:>9} {:<9} {:>11} {:>11} {:>6} {:>9} {:>9} {:>5} {:>10} {:>10} {:>6}",
        "resources",
        "patches",
        "kubectl",
        "kstack",
        "ratio",
        "kubectl",
        "kstack",
        "ratio",
        "in process",
        "floor",
        "ratio"
    );
    let mut growth: Vec<(usize, Patches, f64)> = Vec::new();
    for size in &SIZES {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let files = tree(size.resources, size.patches);
        write(&files, folder.path())?;
        let overlay = folder.path().join("overlay").to_string_lossy().into_owned();
        let ours = best(RUNS, kstack, &["build", &overlay])?;
        let theirs = best(size.theirs, Path::new("kubectl"), &["kustomize", &overlay]).ok();
        let (inside, floor) = in_process(&files)?;
        let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        println!(
            "{:>9} {:<9} {:>11} {:>11} {:>6} {:>9} {:>9} {:>5} {:>10} {:>10} {:>6.2}",
            size.resources,
            name(size.patches),
            shown(theirs.map(|theirs| super::milliseconds(theirs.time))),
            super::milliseconds(ours.time),
            shown(theirs.map(|theirs| format!("{:.0}", theirs.time.as_secs_f64() / ours.time.as_secs_f64()))),
            shown(theirs.map(|theirs| mebibytes(theirs.memory))),
            mebibytes(ours.memory),
            shown(theirs.map(|theirs| format!("{:.1}", theirs.memory as f64 / ours.memory as f64))),
            super::milliseconds(inside),
            super::milliseconds(floor),
            inside.as_secs_f64() / floor.as_secs_f64(),
        );
        growth.push((size.resources, size.patches, ours.time.as_secs_f64()));
    }
    for patches in [Patches::Named, Patches::Targeted] {
        let last: Vec<_> = growth.iter().rev().filter(|(_, of, _)| *of == patches).take(2).collect();
        if let [(large, _, slow), (small, _, quick)] = last.as_slice() {
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

/// The shortest time and the lowest peak of some runs.
fn best(runs: usize, program: &Path, arguments: &[&str]) -> Result<Taken, String> {
    let taken = (0..runs).map(|_| child::run(program, arguments)).collect::<Result<Vec<_>, _>>()?;
    let both = taken.into_iter().reduce(|a, b| Taken { time: a.time.min(b.time), memory: a.memory.min(b.memory) });
    both.ok_or_else(|| "it was not run".to_owned())
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

fn fastest(runs: usize, mut work: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut best = Duration::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    if runs > 0 { Ok(best) } else { Err("it was not run".to_owned()) }
}

/// A build, and the floor: the YAML layer alone reads all that the build reads, and prints all that it prints.
fn in_process(files: &FileTree) -> Result<(Duration, Duration), String> {
    let built = || build(files, &path("overlay"), &BuildOptions::default()).map_err(|error| error.to_string());
    let whole = fastest(RUNS, || {
        let text = built()?.resources.to_yaml().map_err(|error| error.to_string())?;
        drop(black_box(text));
        Ok(())
    })?;
    let output = built()?.resources;
    let floor = fastest(RUNS, || {
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
