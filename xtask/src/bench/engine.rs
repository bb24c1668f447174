//! The engine beside `kubectl kustomize`, on the same trees, as whole processes; and beside the floor: reading and printing the same
//! bytes with the YAML layer alone.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use stack_krm::yaml::{Limits, PrintOptions, print as print_yaml, read};
use stack_kustomize::{BuildOptions, build};
use stack_source::FileTree;

use super::child::{self, Taken};

use self::tree::{Patches, path, tree};

mod goals;
#[path = "../../../crates/stack-kustomize/benches/tree/mod.rs"]
mod tree;

/// A tree that is built, and how often by whom: kubectl takes minutes where ours takes a blink.
struct Size {
    resources: usize,
    patches: Patches,
    ours: usize,
    theirs: usize,
}

const fn size(resources: usize, patches: Patches, ours: usize, theirs: usize) -> Size {
    Size { resources, patches, ours, theirs }
}

const SIZES: [Size; 11] = [
    size(102, Patches::Named, 25, 5),
    size(501, Patches::Named, 25, 3),
    size(2001, Patches::Named, 15, 1),
    size(5001, Patches::Named, 9, 1),
    size(10_002, Patches::Named, 9, 0),
    size(99_999, Patches::Named, 9, 0),
    size(2001, Patches::None, 15, 1),
    size(252, Patches::Targeted, 25, 3),
    size(501, Patches::Targeted, 25, 1),
    size(10_002, Patches::Targeted, 9, 0),
    size(99_999, Patches::Targeted, 9, 0),
];

/// From here kubectl is waited for so long that one should see it.
const LONG: usize = 2000;

/// What was measured of a tree.
struct Row {
    size: &'static Size,
    ours: Taken,
    theirs: Option<Taken>,
    inside: Duration,
    floor: Duration,
}

/// Prints the table, then each goal with what was reached.
pub(super) fn print(kstack: &Path) -> Result<(), String> {
    println!(
        "\nkstack build beside kubectl kustomize: whole processes, medians of time and of peaks of memory ({} to {} runs, few of \
         kubectl); in process beside the floor, the fastest\n",
        SIZES.iter().map(|size| size.ours).min().unwrap_or_default(),
        SIZES.iter().map(|size| size.ours).max().unwrap_or_default(),
    );
    line(
        ["resources", "patches", "kubectl", "kstack", "ratio", "kubectl", "kstack", "in process", "floor", "ratio"]
            .map(str::to_owned),
    );
    let mut rows = Vec::new();
    for size in &SIZES {
        let row = measure(size, kstack)?;
        let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        line([
            size.resources.to_string(),
            name(size.patches).to_owned(),
            shown(row.theirs.map(|theirs| super::milliseconds(theirs.time))),
            super::milliseconds(row.ours.time),
            shown(row.theirs.map(|theirs| format!("{:.0}", goals::times(theirs.time, row.ours.time)))),
            shown(row.theirs.map(|theirs| mebibytes(theirs.memory))),
            mebibytes(row.ours.memory),
            super::milliseconds(row.inside),
            super::milliseconds(row.floor),
            format!("{:.2}", goals::times(row.inside, row.floor)),
        ]);
        rows.push(row);
    }
    goals::print(&rows);
    Ok(())
}

fn line([resources, patches, theirs, ours, ratio, memory, our_memory, inside, floor, of_floor]: [String; 10]) {
    println!(
        "{resources:>9} {patches:<9} {theirs:>13} {ours:>11} {ratio:>6} {memory:>9} {our_memory:>9} {inside:>11} {floor:>11} \
         {of_floor:>6}"
    );
}

fn measure(size: &'static Size, kstack: &Path) -> Result<Row, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let files = tree(size.resources, size.patches);
    write(&files, folder.path())?;
    let overlay = folder.path().join("overlay").to_string_lossy().into_owned();
    let ours = median(size.ours, || child::run(kstack, &["build", &overlay]))?;
    let theirs = || median(size.theirs, || child::run(Path::new("kubectl"), &["kustomize", &overlay])).ok();
    let theirs = if size.resources > LONG && size.theirs > 0 { waiting(size.resources, theirs) } else { theirs() };
    let (inside, floor) = in_process(&files, size.ours)?;
    Ok(Row { size, ours, theirs, inside, floor })
}

/// Shows on the way that something takes long.
fn waiting<T>(resources: usize, work: impl FnOnce() -> T) -> T {
    const STEP: Duration = Duration::from_secs(15);
    eprintln!("kubectl builds {resources} resources: this takes seconds to minutes");
    let start = Instant::now();
    let (done, is_done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while is_done.recv_timeout(STEP) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("  … {} s", start.elapsed().as_secs());
            }
        });
        let result = work();
        drop(done);
        result
    })
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

/// The medians of some runs, and the least work: a build does the same each time, and a disturbed run only adds to it.
fn median(runs: usize, run: impl Fn() -> Result<Taken, String>) -> Result<Taken, String> {
    let taken = (0..runs).map(|_| run()).collect::<Result<Vec<_>, _>>()?;
    let time = middle(taken.iter().map(|taken| taken.time));
    let worked = taken.iter().map(|taken| taken.worked).min();
    let memory = middle(taken.iter().map(|taken| taken.memory));
    let median = time.zip(worked).zip(memory).map(|((time, worked), memory)| Taken { time, worked, memory });
    median.ok_or_else(|| "it was not run".to_owned())
}

fn middle<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    values.into_iter().nth(middle)
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// A build, and the floor: the YAML layer alone reads all that the build reads, patches inside of kustomizations too, and prints all
/// that it prints. They take turns, so that both see the same machine.
fn in_process(files: &FileTree, runs: usize) -> Result<(Duration, Duration), String> {
    let built = || build(files, &path("overlay"), &BuildOptions::default()).map_err(|error| error.to_string());
    let output = built()?.resources;
    let mut texts: Vec<&str> = files.iter().filter_map(|(path, _)| files.text(path)).collect();
    let patches = patches(files)?;
    texts.extend(patches.iter().map(String::as_str));
    let (mut whole, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..runs {
        let start = Instant::now();
        drop(black_box(built()?.to_yaml().map_err(|error| error.to_string())?));
        whole = whole.min(start.elapsed());
        let start = Instant::now();
        for text in &texts {
            drop(black_box(read(text, &Limits::default()).map_err(|error| error.to_string())?));
        }
        let mut text = String::new();
        for resource in &output {
            print_yaml(resource.node(), &PrintOptions::KUSTOMIZE, &mut text).map_err(|error| error.to_string())?;
        }
        drop(black_box(text));
        floor = floor.min(start.elapsed());
    }
    Ok((whole, floor))
}

/// The patches that stand as texts in the kustomization.
fn patches(files: &FileTree) -> Result<Vec<String>, String> {
    let text = files.text(&path("overlay/kustomization.yaml")).unwrap_or_default();
    let documents = read(text, &Limits::default()).map_err(|error| error.to_string())?;
    let entries = documents.first().and_then(|document| document.root.get("patches")?.as_sequence());
    let patches = entries.unwrap_or_default().iter().filter_map(|entry| entry.get("patch")?.as_str());
    Ok(patches.map(str::to_owned).collect())
}
