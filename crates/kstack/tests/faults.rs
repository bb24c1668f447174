//! Every rule has a case in `tests/faults` of the repository, with what is said, where, and the exit code; nothing is written.
//!
//! A case is a package, `faults/<rule>`, and `expected.txt`. The rules of `check --tree` have `faults/tree/<rule>`: the edit that
//! spoils a good tree in one place, and `expected.txt`. With `UPDATE=1`, what is said now is taken as expected.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kstack::{Console, Exit, Surroundings};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/faults")
}

fn rules() -> BTreeSet<&'static str> {
    let tables =
        [stack_model::rule::RULES, stack_model::parse::rule::RULES, stack_overlay::rule::RULES, kstack::rule::RULES];
    tables.into_iter().flatten().map(|rule| rule.name).collect()
}

/// Runs a command in a folder; what it prints, what it says, and how it ends.
fn run(folder: &Path, arguments: &[&str]) -> (String, Exit) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings::in_folder(folder);
    let exit = kstack::run(arguments, &surroundings, &mut Console::new(&mut out, &mut err));
    (format!("{}{}", String::from_utf8_lossy(&err), String::from_utf8_lossy(&out)), exit)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn no_two_rules_have_one_name() {
    let tables = [
        stack_model::rule::RULES,
        stack_model::parse::rule::RULES,
        stack_overlay::rule::RULES,
        stack_overlay::dangling::RULES,
        kstack::rule::RULES,
    ];
    let mut names = BTreeSet::new();
    let twice: Vec<&str> =
        tables.into_iter().flatten().map(|rule| rule.name).filter(|name| !names.insert(*name)).collect();
    assert!(twice.is_empty(), "names of several rules: {twice:?}");
}

#[test]
fn every_rule_has_a_case() {
    let there: BTreeSet<String> = fs::read_dir(cases())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| cases().join(name).join("stack.yaml").exists())
        .collect();
    let missing: Vec<&str> = rules().into_iter().filter(|rule| !there.contains(*rule)).collect();
    assert!(missing.is_empty(), "rules without a case in tests/faults: {missing:?}");
    let unknown: Vec<&String> = there.iter().filter(|name| !rules().contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "cases of rules that do not exist: {unknown:?}");
}

// In YAML, a key that stands twice is found before anyone asks what it means.
#[test]
fn a_service_that_a_program_adds_twice_is_reported_with_the_program_s_line() {
    use stack_model::{Service, Stack};

    let web = || Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101);
    let mut stack = Stack::new("shop");
    stack.add("web", web());
    let line = line!() + 1;
    stack.add("web", web());
    let report = stack.check().unwrap_err().render(&stack_source::FileTree::new(), false);
    assert!(report.contains("error[duplicate-name]: `web` is added twice"), "{report}");
    assert!(report.contains(&format!("faults.rs:{line}:")), "{report}");
}

#[test]
fn an_external_that_a_program_names_twice_is_reported_with_both_lines() {
    use stack_model::{ExternalKind, Stack};

    let mut stack = Stack::new("shop");
    let first = line!() + 1;
    stack.external("browser", ExternalKind::Person);
    stack.external_url("browser", "https://example.com");
    let report = stack.check().unwrap_err().render(&stack_source::FileTree::new(), false);
    assert!(report.contains("error[duplicate-name]: `browser` is added twice"), "{report}");
    for line in [first, first + 1] {
        assert!(report.contains(&format!("faults.rs:{line}:")), "{report}");
    }
    assert_eq!(stack.externals["browser"].kind, ExternalKind::Person);
}

/// What is said and what the case expects, where they differ.
fn difference(case: &Path, said: &str, exit: Exit) -> Option<String> {
    let text = format!("exit {}\n\n{said}", exit.code());
    let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
    if text == expected.replace("\r\n", "\n") {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(case.join("expected.txt"), &text).unwrap();
        return None;
    }
    Some(format!("{}: expected\n{expected}\nfound\n{text}", case.display()))
}

#[test]
fn each_case_says_what_is_expected() {
    let mut differences = Vec::new();
    for rule in rules() {
        let case = cases().join(rule);
        if !case.exists() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("shop");
        copy(&case, &package);
        fs::remove_file(package.join("expected.txt")).unwrap_or_default();
        if rule == "tracked-local-secret" {
            fs::create_dir(package.join(".git")).unwrap();
        }
        if rule == "too-large" {
            fs::write(package.join("words.txt"), "word\n".repeat(1 << 18)).unwrap();
        }
        let (said, exit) = run(folder.path(), &["check", "--package", "shop"]);
        assert!(said.contains(&format!("[{rule}]")), "{rule} is not reported:\n{said}");
        assert!(!said.contains("not-shown"), "{rule} shows an own key:\n{said}");
        differences.extend(difference(&case, &said, exit));
        if exit == Exit::Faulty {
            let (said, exit) = run(folder.path(), &["emit", "--package", "shop", "--out", "out"]);
            assert_eq!(exit, Exit::Faulty, "{rule}: {said}");
            assert!(said.ends_with(", nothing written\n"), "{rule}: {said}");
            assert!(!folder.path().join("out").exists(), "{rule} has written something");
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn each_fault_of_a_tree_is_said_with_its_place_and_exit_code() {
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack-overlay/tests/dangling");
    let mut differences = Vec::new();
    for rule in stack_overlay::dangling::RULES {
        let case = cases().join("tree").join(rule.name);
        let edit = fs::read_to_string(case.join("edit.txt")).unwrap_or_else(|_| panic!("no case for {}", rule.name));
        let line = |sign: &str| edit.lines().find_map(|line| line.strip_prefix(sign)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("k8s/overlays/dev");
        fs::create_dir_all(&home).unwrap();
        for (file, to) in
            [("tree.yaml", home.join("tree.yaml")), ("skaffold.yaml", folder.path().join("skaffold.yaml"))]
        {
            let text = fs::read_to_string(good.join(file)).unwrap();
            fs::write(to, text.replacen(line("- "), line("+ "), 1)).unwrap();
        }
        fs::write(home.join("kustomization.yaml"), "resources: [tree.yaml]\n").unwrap();
        let (said, exit) = run(folder.path(), &["check", "--tree", "."]);
        assert!(said.contains(&format!("[{}]", rule.name)), "{} is not reported:\n{said}", rule.name);
        differences.extend(difference(&case, &said, exit));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}
