//! The rules of the house that no compiler holds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A crate imports only crates of lower floors.
const FLOORS: [(&str, u32); 7] = [
    ("stack-source", 0),
    ("stack-krm", 1),
    ("stack-model", 2),
    ("stack-kustomize", 2),
    ("stack-overlay", 3),
    ("kstack", 4),
    ("xtask", 5),
];

/// The most lines of a source file, without its tests; CONTRIBUTING.md says the same.
const MOST_LINES: usize = 400;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The crates of the workspace.
fn packages() -> Vec<Value> {
    metadata(&["--no-deps"])
}

fn metadata(arguments: &[&str]) -> Vec<Value> {
    let metadata = output(env!("CARGO"), &[&["metadata", "--offline", "--format-version", "1"], arguments].concat());
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn crates_import_lower_floors_only() {
    let floors = BTreeMap::from(FLOORS);
    let mut faults = Vec::new();
    for package in packages() {
        let name = text(&package, "name");
        let Some(floor) = floors.get(name) else {
            faults.push(format!("{name} stands on no floor: give it one in {}", file!()));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let imported = text(dependency, "name");
            if floors.get(imported).is_some_and(|other| other >= floor) {
                faults.push(format!("{name}, on floor {floor}, imports {imported}, on floor {}", floors[imported]));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn dependencies_and_lints_come_from_the_workspace() {
    let mut faults = Vec::new();
    for package in packages() {
        let manifest = fs::read_to_string(text(&package, "manifest_path")).unwrap();
        let mut in_dependencies = false;
        for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') {
                in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
            } else if in_dependencies && !line.contains("workspace = true") {
                faults.push(format!("{}: `{line}` does not say `workspace = true`", text(&package, "name")));
            }
            if line.contains("dependencies.") && line.starts_with('[') {
                faults.push(format!("{}: write `{line}` as one line", text(&package, "name")));
            }
        }
        if !manifest.contains("[lints]\nworkspace = true\n") {
            faults.push(format!("{}: [lints] workspace = true is missing", text(&package, "name")));
        }
    }
    assert_none(&faults);
}

/// What the crates are built from may be used by anybody, and comes from where it can be looked at.
#[test]
fn dependencies_are_free_and_from_the_registry() {
    const FREE: [&str; 9] = [
        "MIT",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "Unlicense",
    ];
    let version = output("rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut faults = Vec::new();
    for package in metadata(&["--filter-platform", host]) {
        let name = text(&package, "name");
        // `A OR B` leaves the choice; `/` is the old way to write it.
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        let is_free = |part: &str| FREE.contains(&part.trim_matches(['(', ')', ' ']));
        let free = |choice: &str| choice.split(" AND ").all(is_free);
        if !licence.split(" OR ").any(free)
            && !licence.trim_matches(['(', ')']).split(" AND ").all(|part| part.split(" OR ").any(is_free))
        {
            faults.push(format!("{name} has the licence {licence}"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+https://github.com/rust-lang/crates.io-index")) {
            faults.push(format!("{name} comes from {source:?}"));
        }
    }
    assert_none(&faults);
}

#[test]
fn source_files_are_short() {
    let files = output("git", &["-c", "safe.directory=*", "ls-files", "*.rs"]);
    let is_test = |file: &&str| file.contains("tests/") || file.ends_with("/tests.rs");
    let mut faults = Vec::new();
    for file in files.lines().filter(|file| !is_test(file)) {
        let Ok(source) = fs::read_to_string(repository().join(file)) else { continue };
        let lines = source.lines().take_while(|line| !line.starts_with("mod tests {")).count();
        if lines > MOST_LINES {
            faults.push(format!("{file} has {lines} lines: divide it by its ideas"));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_cluster_judge_has_an_image_for_each_that_llm_stack_pulls() {
    let names = fs::read_to_string(repository().join("tests/judges/cluster/images/names")).unwrap();
    let known: Vec<&str> = names.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    let asked = output("git", &["-c", "safe.directory=*", "grep", "-hE", "^FROM |^ +image: ", "examples/llm-stack"]);
    let mut faults = Vec::new();
    for image in asked.lines().filter_map(|line| line.split_whitespace().nth(1)) {
        // Without a tag it is built here.
        if image.contains(':') && !known.contains(&image) {
            faults
                .push(format!("{image}: add it to tests/judges/cluster/images/names, with a Dockerfile that makes it"));
        }
    }
    assert!(!known.is_empty() && asked.contains("FROM "), "nothing was compared");
    assert_none(&faults);
}
