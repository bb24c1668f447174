//! Every rule of the engine has a case in `tests/builds` of the repository, with what `kstack build` says, where, and the exit code.
//!
//! A case is a tree, `builds/<rule>`, for another situation of the same rule `builds/<rule>.<situation>`, and `expected.txt`; it is
//! built in its folder `over` where it has one. With `UPDATE=1`, what is said now is taken as expected.
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

fn names() -> BTreeSet<String> {
    fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn rule_of(case: &str) -> &str {
    case.split('.').next().unwrap()
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
    assert_eq!(names().iter().map(|case| rule_of(case).to_owned()).collect::<BTreeSet<_>>(), rules());
}

#[test]
fn each_case_says_what_is_expected() {
    let mut differences = Vec::new();
    for name in names() {
        let case = cases().join(&name);
        let rule = rule_of(&name);
        let root = if case.join("over").exists() { case.join("over") } else { case.clone() };
        let said = build(&root, &["."]);
        assert!(said.err.contains(&format!("[{rule}]")), "{name} is not reported:\n{}", said.err);
        assert_eq!(said.exit == Exit::Good, !said.out.is_empty(), "{name}");
        if said.exit == Exit::Good {
            let strict = build(&root, &[".", "--strict"]);
            assert_eq!((strict.exit, strict.out.as_str()), (Exit::Faulty, ""), "{name}");
            assert!(strict.err.ends_with("error: 1 warning is an error with `--strict`, nothing printed\n"), "{name}");
        }
        let text = format!("exit {}\n\n{}", said.exit.code(), said.err);
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        if text != expected.replace("\r\n", "\n") {
            if std::env::var_os("UPDATE").is_some() {
                fs::write(case.join("expected.txt"), &text).unwrap();
            } else {
                differences.push(format!("{name}: expected\n{expected}\nfound\n{text}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

const MAPS: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: A, namespace: N}}\n---\n\
     {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n---\n\
     {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {mode: 0644}}\n";

fn tree() -> tempfile::TempDir {
    folder(&[("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", MAPS)])
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
fn what_is_written_goes_into_a_folder_that_is_there() {
    let folder = tree();
    for (path, shown) in [("out/", "out"), ("no/such/a.yaml", "no/such")] {
        let said = build(folder.path(), &[".", "-o", path]);
        let expected = format!("error: there is no folder `{shown}` to write into: make it first; nothing written\n");
        assert_eq!((said.exit, said.err), (Exit::Faulty, expected));
        assert!(!folder.path().join(shown).exists());
    }
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
fn flags_are_taken_as_go_takes_them() {
    let folder = tree();
    let managed = |arguments: &[&str]| {
        let said = build(folder.path(), &[&["."], arguments].concat());
        assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""), "{arguments:?}");
        said.out.contains("app.kubernetes.io/managed-by")
    };
    assert!(managed(&["--enable-managedby-label"]));
    assert!(managed(&["--enable-managedby-label=true"]));
    assert!(!managed(&["--enable-managedby-label=false"]));
    // Of a flag that is given twice, the last one counts.
    assert!(!managed(&["--enable-managedby-label", "--enable-managedby-label=false"]));
    let said = build(folder.path(), &[".", "--reorder", "none", "--reorder", "legacy"]);
    assert_eq!((said.exit, said.out), (Exit::Good, build(folder.path(), &["."]).out));
}

/// Kustomize warns here too, also where both ask for the same.
#[test]
fn the_order_of_the_kustomization_comes_before_that_of_the_flag() {
    let folder = tree();
    fs::write(folder.path().join("kustomization.yaml"), "resources: [a.yaml]\nsortOptions: {order: fifo}\n").unwrap();
    let plain = build(folder.path(), &["."]);
    assert_eq!((plain.exit, plain.err.as_str()), (Exit::Good, ""));
    for order in ["legacy", "none"] {
        let said = build(folder.path(), &[".", "--reorder", order]);
        assert_eq!((said.exit, said.out.as_str()), (Exit::Good, plain.out.as_str()));
        let expected = "warning[without-effect]: `--reorder` has no effect: the kustomization says the order itself\n \
                        --> kustomization.yaml:2:1\n";
        assert!(said.err.starts_with(expected), "{}", said.err);
    }
}

const STARTING: [&[&str]; 9] = [
    &["--enable-helm"],
    &["--enable-alpha-plugins"],
    &["--enable-exec"],
    &["--enable-star"],
    &["--network"],
    &["--helm-command", "helm"],
    &["--helm-kube-version", "1.33"],
    &["--helm-api-versions", "v1"],
    &["--helm-debug"],
];

#[test]
fn flags_that_start_programs_are_refused_with_what_to_do_instead() {
    let folder = folder(&[("kustomization.yaml", "helmCharts: [{name: web, repo: https://x.io}]\n")]);
    for arguments in STARTING {
        let flag = arguments[0];
        let said = build(folder.path(), &[&["."], arguments].concat());
        assert_eq!((said.exit, said.out.as_str()), (Exit::Misused, ""), "{flag}");
        assert!(said.err.starts_with(&format!("error: `{flag}` is refused: a build runs no programs")), "{}", said.err);
        let is_of_helm = flag.contains("helm");
        assert!(
            said.err.contains(if is_of_helm { "run `helm template` once" } else { "run the program once" }),
            "{flag}"
        );
        assert!(said.err.contains(&format!("under `resources`, and leave `{flag}` out\n")), "{}", said.err);
    }
}

#[test]
fn flags_that_start_programs_are_left_out_where_nothing_needs_them() {
    let folder = tree();
    for arguments in STARTING {
        let said = build(folder.path(), &[&["."], arguments].concat());
        let expected = format!(
            "error: `{0}` is refused: a build runs no programs, so that it gives the same result everywhere; nothing in this tree \
             needs one: leave `{0}` out\n",
            arguments[0]
        );
        assert_eq!((said.exit, said.out.as_str()), (Exit::Misused, ""));
        assert!(said.err.starts_with(&expected), "{}", said.err);
    }
    for (arguments, flag, what) in [
        (&["-e", "A=1"][..], "--env", "it is for functions in containers: leave it out"),
        (&["--stack-trace"], "--stack-trace", "leave it out, errors here say where in your files"),
    ] {
        let said = build(folder.path(), &[&["."], arguments].concat());
        assert_eq!((said.exit, said.out.as_str()), (Exit::Misused, ""), "{flag}");
        assert!(said.err.starts_with(&format!("error: `{flag}` is refused: ")), "{}", said.err);
        assert!(said.err.contains(what), "{}", said.err);
    }
}

/// Fields of plugins and fields in another case name files that only the build knows of.
#[test]
fn files_are_found_whoever_names_them() {
    let plugin = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [below/a.txt]\n";
    let inline = format!("generators:\n- |-\n  {}", plugin.replace('\n', "\n  "));
    let cased = "ConfigMapGenerator: [{name: x, Files: [below/a.txt]}]\n";
    for kustomization in [&inline, cased, "generators: [plugin.yaml]\n"] {
        let folder =
            folder(&[("kustomization.yaml", kustomization), ("plugin.yaml", plugin), ("below/a.txt", "A=1\n")]);
        let said = build(folder.path(), &["."]);
        assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""), "{kustomization}");
        assert!(said.out.contains("A=1"), "{}", said.out);
    }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The folder that a person names is told as what it is, with the one that is meant.
#[test]
fn a_folder_that_cannot_be_built_leads_to_one_that_can() {
    let folder = folder(&[
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        ("base/a.yaml", MAPS),
        ("cased/Kustomization.yaml", ""),
    ]);
    for (argument, said) in [
        ("bsae", "there is no folder `bsae`: did you mean `base`?"),
        ("elsewhere", "there is no folder `elsewhere`"),
        (
            "base/kustomization.yaml",
            "`base/kustomization.yaml` is a file: name the folder of its kustomization, `base`",
        ),
        ("cased", "there is no kustomization.yaml in `cased`: call `Kustomization.yaml` `kustomization.yaml`"),
        (
            "https://github.com/a/b//c?ref=v1",
            "`https://github.com/a/b//c?ref=v1` lies on the network, and a build reads nothing from there: fetch it once, and name \
             the folder where it lies",
        ),
    ] {
        let said_now = build(folder.path(), &[argument]);
        assert_eq!((said_now.exit, said_now.err), (Exit::Faulty, format!("error: {said}\n")));
    }
}

#[test]
fn a_missing_file_is_proposed_from_a_folder_of_which_nothing_is_read() {
    let folder = folder(&[("kustomization.yaml", "resources: [far/wbe.yaml]\n"), ("far/web.yaml", MAPS)]);
    let said = build(folder.path(), &["."]);
    assert!(said.err.contains("help: did you mean `far/web.yaml`?"), "{}", said.err);
}

/// Nothing is read to propose it, so what may not be read of it is not told.
#[cfg(unix)]
#[test]
fn what_is_proposed_is_not_read() {
    let folder = folder(&[("over/kustomization.yaml", "resources: [wbe.yaml]\n"), ("web.yaml", MAPS)]);
    std::os::unix::fs::symlink("../web.yaml", folder.path().join("over/web.yaml")).unwrap();
    let said = build(folder.path(), &["over"]);
    assert!(said.err.contains("there is no `wbe.yaml` here"), "{}", said.err);
    assert!(said.err.contains("help: did you mean `web.yaml`?"), "{}", said.err);
}

/// Only files must lie below the kustomization: kustomize builds a folder that a link leads to as that folder.
#[cfg(unix)]
#[test]
fn a_link_to_a_folder_may_lead_out_of_the_kustomization() {
    use std::os::unix::fs::symlink;

    let plugin = "apiVersion: builtin\nmetadata: {name: a}\n";
    let suffix = format!("{plugin}kind: SuffixTransformer\nsuffix: -z\nfieldSpecs: [{{path: metadata/name}}]\n");
    let generator =
        format!("{plugin}kind: ConfigMapGenerator\nliterals: [a=b]\noptions: {{disableNameSuffixHash: true}}\n");
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: q-\n";
    let folder = folder(&[
        (
            "over/kustomization.yaml",
            "resources: [base]\ngenerators: [gen]\ntransformers: [on/suffix]\ncomponents: [comp]\n",
        ),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", "{apiVersion: v1, kind: Secret, metadata: {name: web}}\n"),
        ("gen/kustomization.yaml", "resources: [gen.yaml]\n"),
        ("gen/gen.yaml", &generator),
        ("suffix/kustomization.yaml", "resources: [suffix.yaml]\n"),
        ("suffix/suffix.yaml", &suffix),
        ("comp/kustomization.yaml", component),
    ]);
    for name in ["base", "gen", "comp"] {
        symlink(format!("../{name}"), folder.path().join("over").join(name)).unwrap();
    }
    symlink(folder.path(), folder.path().join("over/on")).unwrap();
    let said = build(folder.path(), &["over"]);
    assert_eq!(said.exit, Exit::Good, "{}", said.err);
    assert!(said.out.contains("name: q-web-z") && said.out.contains("name: q-a-z"), "{}", said.out);
}

/// The system says of some files that they have no bytes, and gives more of them than a machine has memory for.
#[cfg(target_os = "linux")]
#[test]
fn what_lies_outside_is_refused_before_it_is_read() {
    let folder = folder(&[("kustomization.yaml", "resources: [/proc/self/pagemap]\n")]);
    let said = build(folder.path(), &["."]);
    assert!(said.err.contains("`/proc/self/pagemap` does not lie in the folder of the kustomization"), "{}", said.err);
}

/// Also where not all lies below the current directory; what holds all of it is the shortest that can be said then.
#[test]
fn places_are_told_from_the_current_directory() {
    let folder = folder(&[
        ("app/base/kustomization.yaml", "resources: [wbe.yaml]\n"),
        ("app/over/kustomization.yaml", "resources: [../base]\n"),
    ]);
    for (current, argument, shown) in
        [("", "app/over", "app/base"), ("app", "over", "base"), ("app/over", ".", "base"), ("app/over", "../base", "")]
    {
        let said = build(&folder.path().join(current), &[argument]);
        let shown = format!("--> {}:1:13", Path::new(shown).join("kustomization.yaml").display());
        assert!(said.err.contains(&shown), "{current}: {}", said.err);
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_matters_where_it_is_named() {
    use std::os::unix::fs::symlink;

    let folder = tree();
    let write = |text: &str| fs::write(folder.path().join("kustomization.yaml"), text).unwrap();
    symlink("itself.yaml", folder.path().join("itself.yaml")).unwrap();
    assert_eq!(build(folder.path(), &["."]).exit, Exit::Good);
    for (text, column) in
        [("resources: [itself.yaml]\n", 13), ("configMapGenerator: [{name: a, envs: [itself.yaml]}]\n", 39)]
    {
        write(text);
        let said = build(folder.path(), &["."]);
        assert_eq!(said.exit, Exit::Faulty);
        let expected = format!(
            "error[missing-file]: `itself.yaml` is a link that leads in a circle\n --> kustomization.yaml:1:{column}\n"
        );
        assert!(said.err.starts_with(&expected), "{}", said.err);
    }
    write("resources: [a.yaml]\n");
    symlink("Kustomization", folder.path().join("Kustomization")).unwrap();
    let said = build(folder.path(), &["."]);
    assert!(said.err.contains("Kustomization` is a link that leads in a circle"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told_where_it_is_named() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[
        ("kustomization.yaml", "resources: [lost.yaml, base, gone, on/a.yaml]\nbases: [none.yaml]\n"),
        ("base/a.yaml", MAPS),
    ]);
    symlink("a/b.yaml", folder.path().join("lost.yaml")).unwrap();
    symlink("other.yaml", folder.path().join("base/kustomization.yaml")).unwrap();
    symlink("there", folder.path().join("gone")).unwrap();
    symlink("there", folder.path().join("on")).unwrap();
    let said = build(folder.path(), &["."]);
    assert_eq!(said.exit, Exit::Faulty);
    for (column, path, target) in [
        (13, "lost.yaml", "a/b.yaml"),
        (24, "base/kustomization.yaml", "other.yaml"),
        (30, "gone", "there"),
        (36, "on/a.yaml", "there"),
    ] {
        let expected = format!(
            "`{path}` is a link that leads nowhere: there is no `{target}`\n --> kustomization.yaml:1:{column}\n"
        );
        assert!(said.err.contains(&expected), "{}", said.err);
    }
    assert!(said.err.contains("there is no `none.yaml` here"), "{}", said.err);
    let said = build(folder.path(), &["base"]);
    let expected = "error: `base/kustomization.yaml` is a link that leads to no file: put the file in its place\n";
    assert_eq!((said.exit, said.err.as_str()), (Exit::Faulty, expected));
}

/// Who opens a pipe waits for its writer, and a device may never end.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_opened() {
    let folder =
        folder(&[("kustomization.yaml", "resources: [zero]\n"), ("piped/kustomization.yaml", "resources: [pipe]\n")]);
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("piped/pipe")).status().unwrap();
    assert!(made.success());
    let said = build(folder.path(), &["."]);
    let leads_out = "error[outside-root]: `zero` is a link that leads out of the folder, to `/dev/zero`\n";
    assert!(said.err.starts_with(leads_out), "{}", said.err);
    for (arguments, name, file) in [
        (&[".", "--load-restrictor", "LoadRestrictionsNone"][..], "zero", "kustomization.yaml"),
        (&["piped"], "pipe", "piped/kustomization.yaml"),
    ] {
        let said = build(folder.path(), arguments);
        assert_eq!(said.exit, Exit::Faulty);
        let expected = format!("error[missing-file]: `{name}` is neither a file nor a folder\n --> {file}:1:13\n");
        assert!(said.err.starts_with(&expected), "{}", said.err);
    }
}

#[test]
fn a_file_may_be_too_large_to_be_read() {
    let folder = folder(&[("kustomization.yaml", "configMapGenerator: [{name: a, files: [large.bin]}]\n")]);
    fs::File::create(folder.path().join("large.bin")).unwrap().set_len((1 << 30) + 1).unwrap();
    let said = build(folder.path(), &["."]);
    assert_eq!(said.exit, Exit::Faulty);
    let expected = "error[missing-file]: `large.bin` has more than 1024 MiB\n --> kustomization.yaml:1:40\n";
    assert!(said.err.starts_with(expected), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_folder_is_where_its_links_lead() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[
        ("common/kustomization.yaml", "resources: [nowhere.yaml]\n"),
        ("dev/kustomization.yaml", "resources: [../base]\n"),
        ("real/base/kustomization.yaml", "resources: [../common]\n"),
        ("real/common/kustomization.yaml", "resources: [a.yaml]\n"),
        ("real/common/a.yaml", MAPS),
        ("round/kustomization.yaml", "resources: [and, again]\n"),
    ]);
    symlink("real/base", folder.path().join("base")).unwrap();
    let said = build(folder.path(), &["dev"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    symlink(".", folder.path().join("round/and")).unwrap();
    symlink("../round", folder.path().join("round/again")).unwrap();
    let said = build(folder.path(), &["round"]);
    assert!(said.err.starts_with("error[kustomization-cycle]: `and` leads back to `round`"), "{}", said.err);
}

/// As kustomize v5.6.0 takes them: for files alone, where a relative path may lead to them.
#[cfg(unix)]
#[test]
fn a_file_may_be_named_by_an_absolute_path() {
    let folder = folder(&[("a.yaml", MAPS), ("over/kustomization.yaml", "resources: [..]\n")]);
    let home = folder.path().canonicalize().unwrap();
    let file = home.join("a.yaml").display().to_string();
    let generated = format!("configMapGenerator: [{{name: g, files: [{file}]}}]\n");
    let origins = "buildMetadata: [originAnnotations]\n";
    fs::write(home.join("kustomization.yaml"), format!("resources: [{file}]\n{generated}{origins}")).unwrap();
    let said = build(&home, &["."]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    assert!(said.out.contains(&format!("path: {file}\n")) && said.out.contains("  a.yaml: |"), "{}", said.out);

    fs::write(home.join("over/kustomization.yaml"), format!("{origins}resources: [{file}]\n")).unwrap();
    let said = build(&home, &["over"]);
    assert!(said.err.contains("a.yaml` does not lie in the folder of the kustomization\n"), "{}", said.err);
    assert_eq!(build(&home, &["over", "--load-restrictor", "LoadRestrictionsNone"]).exit, Exit::Good);
    std::os::unix::fs::symlink("../a.yaml", home.join("over/link.yaml")).unwrap();
    let link = home.join("over/link.yaml").display().to_string();
    fs::write(home.join("over/kustomization.yaml"), format!("resources: [{link}]\n")).unwrap();
    let said = build(&home, &["over"]);
    assert!(said.err.contains("link.yaml` does not lie in the folder of the kustomization\n"), "{}", said.err);

    fs::write(home.join("over/kustomization.yaml"), format!("resources: [{}]\n", home.display())).unwrap();
    let said = build(&home, &["over"]);
    assert!(said.err.contains("is not a path inside the tree: it is absolute\n"), "{}", said.err);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_matter_to_nobody() {
    use std::os::unix::ffi::OsStrExt as _;

    let name = std::ffi::OsStr::from_bytes(b"\xff");
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join(name).join("home");
    fs::create_dir_all(home.join("base").join(name)).unwrap();
    fs::write(home.join("base/kustomization.yaml"), "resources: [a.yaml]\n").unwrap();
    fs::write(home.join("base/a.yaml"), MAPS).unwrap();
    fs::create_dir(home.join("over")).unwrap();
    fs::write(home.join("over/kustomization.yaml"), "resources: [../base]\n").unwrap();
    let said = build(&home, &["over"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    fs::rename(home.join("base/a.yaml"), home.join("base/b.yaml")).unwrap();
    assert!(build(&home, &["over"]).err.contains("--> base/kustomization.yaml:1:13"));
}

#[cfg(unix)]
#[test]
fn an_input_is_known_behind_a_link() {
    let folder = tree();
    fs::rename(folder.path().join("a.yaml"), folder.path().join("real.yaml")).unwrap();
    std::os::unix::fs::symlink("real.yaml", folder.path().join("a.yaml")).unwrap();
    for name in ["a.yaml", "real.yaml"] {
        let said = build(folder.path(), &[".", "-o", name]);
        assert!(said.err.contains("is an input of this build"), "{}", said.err);
    }
    assert_eq!(fs::read_to_string(folder.path().join("real.yaml")).unwrap(), MAPS);
}

#[test]
fn the_label_of_the_manager_is_a_flag_too() {
    let said = build(tree().path(), &[".", "--enable-managedby-label"]);
    assert_eq!(said.out.matches("app.kubernetes.io/managed-by: kustomize-(devel)").count(), 3);
}

#[test]
fn into_a_folder_goes_nothing_that_would_lie_outside_of_it() {
    for (version, kind) in [("//tmp/x/pwned", "Foo"), ("a/../../b", "Foo"), ("v1", "Foo/../../b"), ("v1", "Foo\\b")] {
        let folder = tree();
        let text = format!("{{apiVersion: {version}, kind: '{kind}', metadata: {{name: x}}}}\n");
        fs::write(folder.path().join("a.yaml"), text).unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        let said = build(folder.path(), &[".", "-o", "out"]);
        assert_eq!(said.exit, Exit::Faulty, "{version} {kind}");
        assert!(said.err.contains("(a.yaml:1:1) has a `/` or `\\`"), "{}", said.err);
        assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 0, "{version} {kind}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "{version} {kind}");
    }
}

#[test]
fn into_a_folder_go_no_two_objects_of_one_file() {
    let role = |name: &str| {
        format!("{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: {name}}}, rules: []}}\n")
    };
    let folder = tree();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let roles = format!("{}---\n{}---\n{}", role("system:reader"), role("Admin"), role("admin"));
    fs::write(folder.path().join("a.yaml"), roles).unwrap();
    let said = build(folder.path(), &[".", "-o", "out"]);
    assert_eq!(said.exit, Exit::Faulty);
    let (one, other) = ("Role Admin` (a.yaml:3:1)", "Role admin` (a.yaml:5:1)");
    assert!(said.err.contains(one) && said.err.contains(other), "{}", said.err);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    // Each alone is what kustomize writes too, over what is there.
    fs::write(folder.path().join("a.yaml"), format!("{}---\n{}", role("system:reader"), role("admin"))).unwrap();
    let admin = out.join("rbac.authorization.k8s.io_v1_role_admin.yaml");
    fs::write(&admin, "old\n").unwrap();
    let said = build(folder.path(), &[".", "-o", "out"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    assert!(fs::read_to_string(&admin).unwrap().contains("kind: Role\n"));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn one_file_may_be_a_link_or_no_file_at_all() {
    let folder = tree();
    fs::write(folder.path().join("real.yaml"), "old\n").unwrap();
    std::os::unix::fs::symlink("real.yaml", folder.path().join("link.yaml")).unwrap();
    assert_eq!(build(folder.path(), &[".", "-o", "link.yaml"]).exit, Exit::Good);
    assert!(folder.path().join("link.yaml").is_symlink());
    assert!(fs::read_to_string(folder.path().join("real.yaml")).unwrap().contains("kind: Namespace\n"));
    assert_eq!(build(folder.path(), &[".", "-o", "/dev/null"]).exit, Exit::Good);
    assert!(!Path::new("/dev/null").is_file());
    let said = build(folder.path(), &[".", "-o", "nowhere/all.yaml"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("nowhere"), "{}", said.err);
}

/// Kustomize makes the file to which a link leads, too.
#[cfg(unix)]
#[test]
fn a_file_is_made_where_a_link_leads() {
    let folder = tree();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link("out/../new.yaml", "link.yaml");
    link("none/new.yaml", "lost.yaml");
    link("two", "one");
    link("one", "two");
    fs::create_dir(folder.path().join("out")).unwrap();
    let said = build(folder.path(), &[".", "-o", "link.yaml"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    assert!(folder.path().join("link.yaml").is_symlink());
    assert!(fs::read_to_string(folder.path().join("new.yaml")).unwrap().contains("kind: Namespace\n"));
    for (path, expected) in [
        ("lost.yaml", "there is no folder `none` to write into: make it first; nothing written"),
        ("one", "the link `one` leads back to itself: take it away; nothing written"),
        ("a.yaml/b", "`a.yaml` is a file, and no folder to write into: name another path with `-o`; nothing written"),
    ] {
        let said = build(folder.path(), &[".", "-o", path]);
        assert_eq!((said.exit, said.err), (Exit::Faulty, format!("error: {expected}\n")));
    }
}

/// Root may make new files there all the same.
#[cfg(unix)]
#[test]
fn a_file_is_written_over_in_a_folder_that_takes_no_new_ones() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tree();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("all.yaml"), "old\n").unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let said = build(folder.path(), &[".", "-o", "out/all.yaml"]);
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!((said.exit, said.err.as_str()), (Exit::Good, ""));
    assert_eq!(fs::read_to_string(out.join("all.yaml")).unwrap(), build(folder.path(), &["."]).out);
}

#[test]
fn an_empty_path_of_output_is_none() {
    let folder = tree();
    let said = build(folder.path(), &[".", "-o", ""]);
    assert_eq!((said.exit, said.out, said.err.as_str()), (Exit::Good, build(folder.path(), &["."]).out, ""));
    fs::write(folder.path().join("kustomization.yaml"), "resources: [a.yaml]\nreousrces: []\n").unwrap();
    for output in [&[][..], &["-o", ""]] {
        let said = build(folder.path(), &[&["."], output].concat());
        assert_eq!(said.exit, Exit::Faulty);
        assert!(said.err.ends_with("nothing printed\n"), "{}", said.err);
    }
}

#[test]
fn a_long_chain_of_folders_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..2_000 {
        let home = folder.path().join(number.to_string());
        fs::create_dir(&home).unwrap();
        fs::write(home.join("kustomization.yaml"), format!("resources: [../{}]\n", number + 1)).unwrap();
    }
    let said = build(folder.path(), &["0"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("error[kustomization-cycle]: folders lead from one to the next"), "{}", said.err);
    assert!(said.err.contains(" 24/kustomization.yaml:1:13"), "{}", said.err);
}
