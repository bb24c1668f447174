use std::fs;
use std::process::Command;

use super::super::{DiskError, Emission, Why, write};
use super::{Folder, paths, tree};

const FILES: [(&str, &str); 2] = [("k8s/base/a.yaml", "1\n"), ("skaffold.yaml", "1\n")];

#[test]
fn the_record_has_the_form_of_sha256sum() {
    let folder = Folder::new();
    folder.write(&FILES);
    let one = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865";
    assert_eq!(folder.text("k8s/.emitted"), format!("{one}  k8s/base/a.yaml\n{one}  skaffold.yaml\n"));

    let Ok(output) = Command::new("sha256sum").args(["-c", "k8s/.emitted"]).current_dir(folder.path()).output() else {
        return; // not on Windows
    };
    assert_eq!(String::from_utf8_lossy(&output.stdout), "k8s/base/a.yaml: OK\nskaffold.yaml: OK\n");
}

#[test]
fn the_record_names_its_stack_and_another_stack_is_refused() {
    let folder = Folder::new();
    let (files, none) = (tree(&FILES), tree(&[("k8s/b.yaml", "1\n")]));
    folder.write(&FILES);
    write(folder.path(), &Emission::of(&files).owner("shop")).unwrap();
    assert!(folder.text("k8s/.emitted").starts_with("# stack shop\n"), "a record without a stack is taken over");
    if let Ok(output) =
        Command::new("sha256sum").args(["--strict", "--warn", "-c", "k8s/.emitted"]).current_dir(folder.path()).output()
    {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }

    let before = folder.all();
    for emission in [Emission::of(&none).owner("chat"), Emission::of(&none).owner("chat").force()] {
        let error = write(folder.path(), &emission).unwrap_err().to_string();
        assert!(error.contains("is that of the stack `shop`, and this is `chat`"), "{error}");
        assert_eq!(folder.all(), before);
    }
    folder.put("k8s/.emitted", &folder.text("k8s/.emitted").replace("# stack shop", "# stack chat"));
    let written = write(folder.path(), &Emission::of(&none).owner("chat")).unwrap();
    assert_eq!(written.removed, paths(&["k8s/base/a.yaml", "skaffold.yaml"]));
}

#[test]
fn a_missing_record_comes_back() {
    let folder = Folder::new();
    folder.write(&FILES);
    let record = folder.text("k8s/.emitted");
    fs::remove_file(folder.at("k8s/.emitted")).unwrap();
    let written = folder.write(&FILES);
    assert_eq!(written.unchanged, paths(&["k8s/base/a.yaml", "skaffold.yaml"]));
    assert_eq!(folder.text("k8s/.emitted"), record);
}

#[test]
fn without_a_record_a_different_file_is_a_persons_own() {
    let folder = Folder::new();
    folder.write(&FILES);
    fs::remove_file(folder.at("k8s/.emitted")).unwrap();
    let tree = tree(&[("skaffold.yaml", "2\n")]);
    let error = write(folder.path(), &Emission::of(&tree)).unwrap_err();
    let DiskError::InTheWay(files) = error else { panic!("{error}") };
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].why, Why::NotOurs);
    assert!(folder.at("k8s/base/a.yaml").exists());
}

#[test]
fn a_line_for_a_file_that_is_gone_is_dropped() {
    let folder = Folder::new();
    folder.write(&FILES);
    fs::remove_file(folder.at("skaffold.yaml")).unwrap();
    assert!(folder.write(&FILES[..1]).removed.is_empty());
    assert_eq!(folder.text("k8s/.emitted").lines().count(), 1);
}

#[test]
fn a_merge_conflict_is_named_and_force_resolves_it() {
    let folder = Folder::new();
    folder.write(&[("k8s/a.yaml", "ours\n"), ("k8s/old.yaml", "1\n")]);
    let ours = folder.text("k8s/.emitted");
    let sum = |line: &str| line.replace("ours", "");
    let theirs = ours.replace(ours.split(' ').next().unwrap(), &"0".repeat(64));
    folder.put("k8s/.emitted", &sum(&format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n")));
    folder.put("k8s/a.yaml", "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> theirs\n");

    let both = tree(&[("k8s/a.yaml", "both\n")]);
    let error = write(folder.path(), &Emission::of(&both)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1 of `k8s/.emitted` begins a merge conflict: resolve the stack's own files, then emit with `--force`, which \
         writes all anew"
    );

    let written = write(folder.path(), &Emission::of(&both).force()).unwrap();
    assert_eq!(written.updated, paths(&["k8s/a.yaml"]));
    assert_eq!(written.removed, paths(&["k8s/old.yaml"]), "what either side had emitted is known");
    assert_eq!(folder.text("k8s/.emitted").lines().count(), 1);
}

#[test]
fn a_record_names_only_files_of_the_tree() {
    let outside = Folder::new();
    outside.put("a", "1\n");
    let one = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865";
    for name in [
        "../a",
        "/etc/passwd",
        "k8s/../../a",
        "./k8s/a",
        ".git/config",
        "k8s\\a",
        "C:\\a",
        "k8s/.emitted",
        outside.at("a").to_str().unwrap(),
    ] {
        let folder = Folder::new();
        folder.put("k8s/.emitted", &format!("{one}  {name}\n"));
        let error = write(folder.path(), &Emission::of(&tree(&FILES))).unwrap_err();
        assert!(matches!(error, DiskError::BadRecord { line: 1, .. }), "{name}: {error}");
        write(folder.path(), &Emission::of(&tree(&FILES)).force()).unwrap();
    }
    assert_eq!(outside.text("a"), "1\n");
}

/// Sums of files that the tool never wrote, in a record that anyone may edit.
#[test]
fn a_record_leads_to_the_removal_of_nothing_that_an_author_wrote() {
    let one = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865";
    for name in ["stack.yaml", "overlays/dev.yaml", "kustomization.yaml", "web/kustomization.yaml", "web/app.py"] {
        let folder = Folder::new();
        folder.put(name, "1\n");
        folder.put("k8s/.emitted", &format!("{one}  skaffold.yaml\n{one}  {name}\n"));
        let tree = tree(&FILES);
        let error = write(folder.path(), &Emission::of(&tree)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "line 2 of `k8s/.emitted` names `{name}`, which no emission writes and which is not removed; delete the line"
            )
        );
        assert!(write(folder.path(), &Emission::of(&tree).copies()).is_err(), "{name}");
        assert!(!folder.at("skaffold.yaml").exists());

        write(folder.path(), &Emission::of(&tree).force()).unwrap();
        assert_eq!(folder.text(name), "1\n");
        assert!(!folder.text("k8s/.emitted").contains(name));
    }
}

#[test]
fn a_folder_of_originals_goes_with_its_kustomization() {
    let made = "# Written by kstack. Change stack.yaml\n";
    let files = [FILES[0], ("web/kustomization.yaml", made), ("web/app.py", "1\n")];
    let folder = Folder::new();
    write(folder.path(), &Emission::of(&tree(&files)).copies()).unwrap();
    let written = write(folder.path(), &Emission::of(&tree(&FILES[..1])).copies()).unwrap();
    assert_eq!(written.removed, paths(&["web/app.py", "web/kustomization.yaml"]));

    // In the package, the originals are the author's.
    write(folder.path(), &Emission::of(&tree(&files)).copies()).unwrap();
    let error = write(folder.path(), &Emission::of(&tree(&FILES[..1]))).unwrap_err();
    assert!(matches!(error, DiskError::NotEmitted { line: 2, .. }), "{error}");
}
