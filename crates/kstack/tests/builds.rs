//! Every rule of the engine has a case in `tests/builds` of the repository, with what `kstack build` says, where, and the exit code.
//!
//! A case is a tree, `builds/<rule>`, and `expected.txt`; it is built in its folder `over` where it has one. With `UPDATE=1`, what is
//! said now is taken as expected.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kstack::{Console, Exit, Surroundings};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/builds")
}

fn rules() -> BTreeSet<String> {
    stack_kustomize::RULES.iter().map(|rule| rule.name.to_owned()).collect()
}

/// What a command prints, what it says, and how it ends.
struct Said {
    out: String,
    err: String,
    exit: Exit,
}

fn build(folder: &Path, arguments: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings::in_folder(folder);
    let words = ["build"].into_iter().chain(arguments.iter().copied());
    let exit = kstack::run(words, &surroundings, &mut Console::new(&mut out, &mut err));
    Said { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), exit }
}

#[test]
fn every_rule_has_a_case() {
    let there = fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    assert_eq!(there.collect::<BTreeSet<_>>(), rules());
}

#[test]
fn each_case_says_what_is_expected() {
    let mut differences = Vec::new();
    for rule in rules() {
        let case = cases().join(&rule);
        let root = if case.join("over").exists() { case.join("over") } else { case.clone() };
        let said = build(&root, &["."]);
        assert!(said.err.contains(&format!("[{rule}]")), "{rule} is not reported:\n{}", said.err);
        assert_eq!(said.exit == Exit::Good, !said.out.is_empty(), "{rule}");
        if said.exit == Exit::Good {
            let strict = build(&root, &[".", "--strict"]);
            assert_eq!((strict.exit, strict.out.as_str()), (Exit::Faulty, ""), "{rule}");
            assert!(strict.err.ends_with("error: 1 warning is an error with `--strict`, nothing printed\n"), "{rule}");
        }
        let text = format!("exit {}\n\n{}", said.exit.code(), said.err);
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        if text != expected.replace("\r\n", "\n") {
            if std::env::var_os("UPDATE").is_some() {
                fs::write(case.join("expected.txt"), &text).unwrap();
            } else {
                differences.push(format!("{rule}: expected\n{expected}\nfound\n{text}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

const MAPS: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: A, namespace: N}}\n---\n\
     {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n---\n\
     {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {mode: 0644}}\n";

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kustomization.yaml"), "resources: [a.yaml]\n").unwrap();
    fs::write(folder.path().join("a.yaml"), MAPS).unwrap();
    folder
}

/// The names are those that kustomize v5.6.0 gives.
#[test]
fn into_a_folder_goes_a_file_for_each_object() {
    let folder = tree();
    fs::create_dir(folder.path().join("out")).unwrap();
    let said = build(folder.path(), &[".", "-o", "out"]);
    assert_eq!((said.exit, said.out.as_str(), said.err.as_str()), (Exit::Good, "", ""));
    let there: BTreeSet<String> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let expected = ["default_apps_v1_deployment_b.yaml", "n_v1_configmap_a.yaml", "v1_namespace_n.yaml"];
    assert_eq!(there, expected.into_iter().map(str::to_owned).collect());
    assert_eq!(
        fs::read_to_string(folder.path().join("out/default_apps_v1_deployment_b.yaml")).unwrap(),
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: b\nspec:\n  mode: 420\n"
    );
}

#[test]
fn the_order_is_the_one_that_is_asked_for() {
    let folder = tree();
    let kinds = |order: &[&str]| -> Vec<String> {
        let said = build(folder.path(), order);
        said.out.lines().filter_map(|line| line.strip_prefix("kind: ")).map(str::to_owned).collect()
    };
    assert_eq!(kinds(&["."]), ["Namespace", "ConfigMap", "Deployment"]);
    assert_eq!(kinds(&[".", "--reorder", "legacy"]), ["Namespace", "ConfigMap", "Deployment"]);
    assert_eq!(kinds(&[".", "--reorder", "none"]), ["ConfigMap", "Namespace", "Deployment"]);
}

#[test]
fn flags_that_start_programs_are_refused_with_a_reason() {
    let folder = tree();
    for flag in ["--enable-helm", "--enable-alpha-plugins", "--enable-exec", "--enable-star", "--network"] {
        let said = build(folder.path(), &[".", flag]);
        assert_eq!((said.exit, said.out.as_str()), (Exit::Misused, ""), "{flag}");
        assert!(said.err.starts_with(&format!("error: `{flag}` is refused: a build runs no programs")), "{}", said.err);
    }
}

#[test]
fn the_label_of_the_manager_is_a_flag_too() {
    let said = build(tree().path(), &[".", "--enable-managedby-label"]);
    assert_eq!(said.out.matches("app.kubernetes.io/managed-by: kustomize-(devel)").count(), 3);
}
