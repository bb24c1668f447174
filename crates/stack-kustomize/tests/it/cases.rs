//! Cases on disk: `input/…`, `root`, and `expected.yaml` or `expected.err`, made by the real binary; beside `expected.err` may stand
//! `expected.rule`, the name of the rule that we give as the first reason.

use std::fs;
use std::io;
use std::path::Path;

use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, TreePath};

/// What became of a case: nothing to say, or the first difference.
pub(crate) type Outcome = Result<(), String>;

/// Runs every case of a folder, in the order of their names.
pub(crate) fn run_all(folder: &Path) -> io::Result<Vec<(String, Outcome)>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().join("root").exists() {
            cases.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    cases.sort();
    cases.into_iter().map(|(name, path)| Ok((name, run(&path)?))).collect()
}

/// Runs one case.
pub(crate) fn run(case: &Path) -> io::Result<Outcome> {
    let mut files = FileTree::new();
    let input = case.join("input");
    if input.exists() {
        load(&input, &TreePath::default(), &mut files)?;
    }
    let root = fs::read_to_string(case.join("root"))?;
    let Ok(root) = TreePath::new(root.trim()) else { return Ok(Err("`root` is no path".to_owned())) };
    let expected = fs::read_to_string(case.join("expected.yaml")).ok();
    let arguments = fs::read_to_string(case.join("meta.json")).unwrap_or_default();
    let options = BuildOptions {
        load_anywhere: arguments.contains("LoadRestrictionsNone"),
        managed_by_label: arguments.contains("--enable-managedby-label"),
        ..BuildOptions::default()
    };
    let refusal = fs::read_to_string(case.join("expected.err")).ok();
    let built = build(&files, &root, &options).and_then(|built| built.to_yaml()).map_err(|error| {
        let rule = error.report().iter().next().map(|diagnostic| diagnostic.rule.name);
        (rule, error.render(&files, false))
    });
    Ok(match (built, expected, refusal) {
        (_, None, None) => Err("there is neither `expected.yaml` nor `expected.err`".to_owned()),
        (Ok(text), Some(expected), _) if text == expected => Ok(()),
        (Ok(text), Some(expected), _) => Err(first_difference(&expected, &text)),
        (Ok(_), None, Some(reason)) => Err(format!("expected an error: {reason}")),
        (Err((_, error)), Some(_), _) => Err(format!("unexpected error: {error}")),
        (Err((rule, error)), None, Some(_)) => match expected_rule(case) {
            Some(expected) if rule != Some(expected.as_str()) => Err(format!("expected `{expected}`: {error}")),
            _ => Ok(()),
        },
    })
}

/// The rule that a case says is broken; a corpus of the real program's own cases says nothing of our rules.
pub(crate) fn expected_rule(case: &Path) -> Option<String> {
    fs::read_to_string(case.join("expected.rule")).ok().map(|rule| rule.trim().to_owned())
}

fn load(folder: &Path, at: &TreePath, files: &mut FileTree) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(path) = at.join(&entry.file_name().to_string_lossy()) else { continue };
        if fs::metadata(entry.path())?.is_dir() {
            load(&entry.path(), &path, files)?;
        } else {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn first_difference(expected: &str, actual: &str) -> String {
    let expected_lines: Vec<&str> = expected.lines().collect();
    let actual_lines: Vec<&str> = actual.lines().collect();
    let same = expected_lines.iter().zip(&actual_lines).take_while(|(a, b)| a == b).count();
    let context = expected_lines[same.saturating_sub(6)..same].iter().map(|line| format!("    {line}\n"));
    let context: String = context.collect();
    let line = |lines: &[&str]| lines.get(same..(same + 4).min(lines.len())).unwrap_or_default().join("\n      ");
    format!(
        "  line {}:\n{context}  expected:\n      {}\n  found:\n      {}",
        same + 1,
        line(&expected_lines),
        line(&actual_lines)
    )
}
