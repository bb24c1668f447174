//! Commands from outside: arguments in, text, files and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use kstack::{Console, Exit, Surroundings};

struct Said {
    out: String,
    err: String,
    exit: Exit,
}

fn kstack(folder: &Path, arguments: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings::in_folder(folder);
    let exit = kstack::run(arguments, &surroundings, &mut Console::new(&mut out, &mut err));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { out: text(out), err: text(err), exit }
}

fn good(folder: &Path, arguments: &[&str]) -> String {
    let said = kstack(folder, arguments);
    assert_eq!(said.exit, Exit::Good, "{arguments:?}: {}", said.err);
    assert_eq!(said.err, "", "{arguments:?}");
    said.out
}

/// The shipped package, without what was emitted.
fn llm_stack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/llm-stack");
    copy(&shipped, folder.path());
    for emitted in ["k8s", "skaffold.yaml", "litellm/kustomization.yaml"].map(|path| folder.path().join(path)) {
        if emitted.is_dir() {
            fs::remove_dir_all(emitted).unwrap();
        } else if emitted.exists() {
            fs::remove_file(emitted).unwrap();
        }
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if ["node_modules", "dist"].iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files, with their bytes and the time of their last change.
fn files(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            files.insert(path.clone(), (fs::read(&path).unwrap(), changed));
        }
    }
    files
}

#[test]
fn emit_writes_base_dev_and_skaffold_and_says_what_is_next() {
    let package = llm_stack();
    let said = good(package.path(), &["emit", "dev"]);
    assert!(said.starts_with("llm-stack  7 services · 6 relations · 2 waves\nwrote   k8s/base"), "{said}");
    assert!(said.ends_with("next    skaffold dev --port-forward\n"), "{said}");
    for path in ["k8s/base/kustomization.yaml", "k8s/overlays/dev/kustomization.yaml", "skaffold.yaml"] {
        assert!(package.path().join(path).is_file(), "{path}");
    }
    assert!(!package.path().join("k8s/overlays/prod").exists());
}

#[test]
fn emit_says_for_which_cluster_and_what_its_load_balancers_need() {
    let folder = tempfile::tempdir().unwrap();
    let web = "image: nginxinc/nginx-unprivileged:1.29.3-alpine, ports: {http: 8080}, user: 101";
    let stack = format!("stack: shop\nservices:\n  web: {{{web}, expose: {{load-balancer: true}}}}\n");
    fs::write(folder.path().join("stack.yaml"), stack).unwrap();
    fs::create_dir(folder.path().join("overlays")).unwrap();
    let dev = "overlay: dev\nextends: dev\ncluster: {profile: minikube, load-balancer: minikube-tunnel}\n";
    fs::write(folder.path().join("overlays/dev.yaml"), dev).unwrap();
    let said = good(folder.path(), &["emit"]);
    assert!(said.contains("for minikube · dev- prefix"), "{said}");
    assert!(said.contains("load balancers answer while `minikube tunnel` runs"), "{said}");
}

#[test]
fn emitted_twice_nothing_is_written_again() {
    let package = llm_stack();
    good(package.path(), &["emit"]);
    let before = files(package.path());
    let said = good(package.path(), &["emit"]);
    assert_eq!(files(package.path()), before);
    assert!(!said.contains("wrote"), "{said}");
}

#[test]
fn environments_that_are_there_stay_up_to_date() {
    let package = llm_stack();
    good(package.path(), &["emit", "prod"]);
    let stack = package.path().join("stack.yaml");
    let text = fs::read_to_string(&stack).unwrap().replace("storage: 20Gi", "storage: 30Gi");
    fs::write(&stack, text).unwrap();
    good(package.path(), &["emit", "dev"]);
    good(package.path(), &["emit", "--check"]);
    assert!(package.path().join("k8s/overlays/prod").exists());
    assert!(!package.path().join("k8s/overlays/staging").exists());
}

#[test]
fn two_packages_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    good(folder.path(), &["new", "shop"]);
    good(folder.path(), &["new", "chat"]);
    good(folder.path(), &["emit", "--package", "shop", "--out", "deploy"]);
    let before = files(&folder.path().join("deploy"));
    let said = kstack(folder.path(), &["emit", "--package", "chat", "--out", "deploy"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("of the stack `shop`") && said.err.contains("`# stack chat`"), "{}", said.err);
    assert_eq!(files(&folder.path().join("deploy")), before);
}

#[test]
fn every_file_that_is_removed_is_named() {
    let package = llm_stack();
    good(package.path(), &["emit", "dev", "prod"]);
    fs::remove_file(package.path().join("overlays/prod.yaml")).unwrap();
    let before = files(package.path());
    let said = good(package.path(), &["emit"]);
    let after = files(package.path());
    let gone: Vec<&PathBuf> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert!(gone.len() > 1, "{gone:?}");
    for path in gone {
        let path = path.strip_prefix(package.path()).unwrap().to_str().unwrap();
        assert!(said.contains(&format!(" {path}\n")), "{path}: {said}");
    }
    assert!(said.contains("removed k8s/overlays/prod/"), "{said}");
}

#[test]
fn check_says_what_differs_and_writes_nothing() {
    let package = llm_stack();
    good(package.path(), &["emit", "dev"]);
    assert!(good(package.path(), &["emit", "--check"]).ends_with("is as emitted\n"));
    let redis = package.path().join("k8s/base/redis.yaml");
    let edited = format!("{}# mine\n", fs::read_to_string(&redis).unwrap());
    fs::write(&redis, &edited).unwrap();
    let said = kstack(package.path(), &["emit", "--check"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.out.contains("differs      k8s/base/redis.yaml") && said.out.contains("+# mine"), "{}", said.out);
    assert_eq!(fs::read_to_string(&redis).unwrap(), edited);
    assert!(said.err.contains("1 is edited by hand") && said.err.contains("--force"), "{}", said.err);

    good(package.path(), &["emit", "dev", "--force"]);
    fs::write(package.path().join(".env.dev"), "litellm-secret.openai-api-key=sk-own-key\n").unwrap();
    let said = kstack(package.path(), &["emit", "--check"]);
    assert!(said.out.contains("missing      k8s/local/dev/litellm-secret.env"), "{}", said.out);
    assert!(said.err.contains("brings them up to date"), "{}", said.err);
}

#[test]
fn a_tree_is_not_written_among_the_package_s_own_folders() {
    let package = llm_stack();
    for out in ["overlays", "overlays/x", "k8s", "./k8s/base"] {
        let before = files(package.path());
        let said = kstack(package.path(), &["emit", "--out", out]);
        assert_eq!(said.exit, Exit::Misused, "{out}");
        assert!(said.err.contains("name a folder of its own"), "{}", said.err);
        assert_eq!(files(package.path()), before);
    }
}

#[test]
fn an_edited_file_is_kept_unless_forced() {
    let package = llm_stack();
    good(package.path(), &["emit", "dev"]);
    let redis = package.path().join("k8s/base/redis.yaml");
    let emitted = fs::read_to_string(&redis).unwrap();
    fs::write(&redis, emitted.replace("memory: 512Mi", "memory: 777Mi")).unwrap();
    let said = kstack(package.path(), &["emit", "dev"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("memory: 777Mi") && said.err.contains("nothing written"), "{}", said.err);
    assert!(said.err.contains("in stack.yaml: `services: {NAME: {resources:"), "{}", said.err);
    good(package.path(), &["emit", "dev", "--force"]);
    assert_eq!(fs::read_to_string(&redis).unwrap(), emitted);
}

#[test]
fn render_is_the_build_of_what_is_emitted() {
    let package = llm_stack();
    let out = tempfile::tempdir().unwrap();
    let to = out.path().to_str().unwrap();
    good(package.path(), &["emit", "--out", to]);
    for environment in ["dev", "staging", "prod"] {
        let rendered = good(package.path(), &["render", environment]);
        let built = kstack(&out.path().join("k8s/overlays").join(environment), &["build"]);
        assert_eq!(built.exit, Exit::Good, "{}", built.err);
        assert!(rendered == built.out, "{environment}: render and build differ");
    }
    assert_eq!(good(package.path(), &["render", "base"]), kstack(out.path(), &["build", "k8s/base"]).out);
}

#[test]
fn build_writes_a_file_and_proposes_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("base")).unwrap();
    fs::create_dir(folder.path().join("dev")).unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    write("base/kustomization.yaml", "resources: [web.yaml]\n");
    write("base/web.yaml", "{apiVersion: v1, kind: Service, metadata: {name: web}}\n");
    write("dev/kustomization.yaml", "namePrefix: dev-\nresources: [../base]\n");
    good(folder.path(), &["build", "dev", "-o", "out.yaml"]);
    assert!(fs::read_to_string(folder.path().join("out.yaml")).unwrap().contains("name: dev-web"));
    let said = kstack(folder.path(), &["build", "dev", "-o", "base/web.yaml"]);
    assert!(said.err.contains("`base/web.yaml` is an input of this build"), "{}", said.err);
    assert!(fs::read_to_string(folder.path().join("base/web.yaml")).unwrap().starts_with("{apiVersion"));
    write("base/kustomization.yaml", "resources: [wbe.yaml]\n");
    let said = kstack(folder.path(), &["build", "dev"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("base/kustomization.yaml:1:13") && said.err.contains("`web.yaml`"), "{}", said.err);
}

/// kubectl: `security; file '…' is not in or below '…'`.
#[cfg(unix)]
#[test]
fn build_follows_no_link_out_of_its_folder() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config_map = "configMapGenerator: [{name: web, files: [a.txt]}]\n";
    write("outside/a.txt", "not-for-you\n");
    write("outside/web.yaml", "{apiVersion: v1, kind: Service, metadata: {name: not-for-you}}\n");
    write("outside/kustomization.yaml", "namePrefix: not-for-you-\n");
    write("files/kustomization.yaml", config_map);
    symlink("../outside/a.txt", folder.path().join("files/a.txt")).unwrap();
    write("resource/kustomization.yaml", "resources: [web.yaml]\n");
    symlink("../outside/web.yaml", folder.path().join("resource/web.yaml")).unwrap();
    write("itself/web.yaml", "");
    symlink("../outside/kustomization.yaml", folder.path().join("itself/kustomization.yaml")).unwrap();
    write("through/kustomization.yaml", &config_map.replace("a.txt", "on/a.txt"));
    symlink("../outside", folder.path().join("through/on")).unwrap();
    for name in ["files", "resource", "itself", "through"] {
        let said = kstack(folder.path(), &["build", name]);
        assert_eq!(said.exit, Exit::Faulty, "{name}");
        assert!(said.err.starts_with("error[outside-root]: `"), "{name}: {}", said.err);
        assert!(said.err.contains("` is a link that leads out of the folder, to `"), "{name}: {}", said.err);
        assert!(!format!("{}{}", said.out, said.err).contains("not-for-you"), "{name}: {}", said.err);
    }
    let anywhere = ["--load-restrictor", "LoadRestrictionsNone"];
    assert!(good(folder.path(), &["build", "files", anywhere[0], anywhere[1]]).contains("not-for-you"));

    write("inside/kustomization.yaml", config_map);
    write("inside/texts/a.txt", "for you\n");
    symlink("texts/a.txt", folder.path().join("inside/a.txt")).unwrap();
    assert!(good(folder.path(), &["build", "inside"]).contains("for you"));
}

#[test]
fn own_keys_reach_skaffold_and_no_tracked_file() {
    let package = llm_stack();
    good(package.path(), &["emit", "dev"]);
    let tracked = files(package.path());
    let keys = package.path().join(".env.dev");
    fs::write(&keys, "# mine\nlitellm-secret.openai-api-key='sk-own-key'\n").unwrap();
    let said = good(package.path(), &["emit", "dev"]);
    assert!(!said.contains("sk-own-key"), "{said}");
    let with: Vec<PathBuf> = files(package.path())
        .into_iter()
        .filter(|(_, (bytes, _))| String::from_utf8_lossy(bytes).contains("sk-own-key"))
        .map(|(path, _)| path.strip_prefix(package.path()).unwrap().to_owned())
        .collect();
    assert_eq!(with, [Path::new(".env.dev"), Path::new("k8s/local/dev/litellm-secret.env")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = package.path().join("k8s/local/dev/litellm-secret.env");
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::read_to_string(package.path().join("skaffold.env")).unwrap(), "KSTACK_LOCAL=dev\n");
    let built = good(package.path(), &["build", "k8s/local/dev"]);
    assert!(built.contains("openai-api-key: c2stb3duLWtleQ=="), "the overlay's literal is replaced");
    good(package.path(), &["emit", "--check"]);

    fs::remove_file(keys).unwrap();
    good(package.path(), &["emit", "dev"]);
    assert_eq!(files(package.path()), tracked);
}

#[test]
fn own_keys_that_git_has_are_told() {
    let package = llm_stack();
    let git = |arguments: &[&str]| {
        let git = std::process::Command::new("git").arg("-C").arg(package.path()).args(arguments).output();
        git.is_ok_and(|output| output.status.success())
    };
    let overlay = package.path().join("overlays/dev.yaml");
    let text = fs::read_to_string(&overlay).unwrap();
    assert!(text.contains("local: .env.dev"));
    fs::write(&overlay, text.replace("local: .env.dev", "local: keys/dev.env")).unwrap();
    fs::create_dir(package.path().join("keys")).unwrap();
    fs::write(package.path().join("keys/dev.env"), "litellm-secret.openai-api-key=sk-own-key\n").unwrap();
    let said = good(package.path(), &["emit", "dev"]);
    assert!(said.contains("own keys · Skaffold") && !said.contains("not tracked"), "nobody knows: {said}");
    if !git(&["init", "-q"]) {
        return; // no git here
    }
    fs::write(package.path().join(".gitignore"), "keys/*\n!keys/dev.env\n").unwrap();
    let said = kstack(package.path(), &["emit", "dev"]);
    assert!(said.err.contains("git would take in `keys/dev.env`"), "{}", said.err);
    fs::write(package.path().join(".gitignore"), "keys/\n").unwrap();
    assert!(good(package.path(), &["emit", "dev"]).contains("own keys · not tracked · Skaffold"));
    assert!(git(&["add", "-f", "keys/dev.env", "k8s/local"]));
    let said = kstack(package.path(), &["emit", "dev"]);
    assert!(said.err.contains("git tracks `keys/dev.env`"), "{}", said.err);
    assert!(said.err.contains("`git rm --cached keys/dev.env`"), "{}", said.err);
    assert!(said.out.contains("`git rm -r --cached k8s/local/dev`"), "{}", said.out);
}

#[test]
fn values_of_an_overlays_secrets_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    good(folder.path(), &["new", "hello"]);
    let package = folder.path().join("hello");
    let stack = fs::read_to_string(package.join("stack.yaml")).unwrap();
    fs::write(package.join("stack.yaml"), format!("{stack}secrets: {{api: [key, token]}}\n")).unwrap();
    let overlay = "overlay: prod\nextends: prod\nsecrets: {api: {key: sk-first, token: sk-second, tokn: sk-third}, apy: {key: sk-fourth}}\n";
    fs::write(package.join("overlays/prod.yaml"), overlay).unwrap();
    let said = kstack(&package, &["emit"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("[literal-secret]") && said.err.contains("[unknown-secret]"), "{}", said.err);
    assert!(!said.err.contains("sk-"), "{}", said.err);
    assert!(said.err.contains("{key: …, token: …, tokn: …}, apy: {key: …}}"), "{}", said.err);
    let said = kstack(&package, &["check", "--json"]);
    assert!(!said.out.contains("sk-"), "{}", said.out);
}

#[test]
fn a_file_that_holds_no_own_keys_is_one_fault() {
    let package = llm_stack();
    let keys = package.path().join(".env.dev");
    for (bytes, message) in [
        (&b"one\ntwo\nthree\nfour\n"[..], "4 of 4 lines are no"),
        (b"# mine\nlitellm-secret.openai-api-key=a\0b\n", "line 2 of `.env.dev` is no UTF-8 text"),
        (b"litellm-secret.openai-api-key=\xff\n", "line 1 of `.env.dev` is no UTF-8 text"),
    ] {
        fs::write(&keys, bytes).unwrap();
        let said = kstack(package.path(), &["emit", "dev"]);
        assert_eq!(said.exit, Exit::Faulty, "{message}");
        assert!(said.err.contains(message) && said.err.contains("\n1 fault,"), "{}", said.err);
    }
    fs::remove_file(&keys).unwrap();
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("a"), "").unwrap();
    assert!(kstack(package.path(), &["emit", "dev"]).err.contains("`.env.dev` is a folder"));
    let overlay = package.path().join("overlays/dev.yaml");
    let text = fs::read_to_string(&overlay).unwrap().replace("local: .env.dev", "local: ../x.env");
    fs::write(&overlay, text).unwrap();
    let said = kstack(package.path(), &["emit", "dev"]);
    assert!(said.err.contains("overlays/dev.yaml:4:10"), "{}", said.err);
}

#[test]
fn an_edited_file_of_own_keys_is_not_shown() {
    let package = llm_stack();
    fs::write(package.path().join(".env.dev"), "litellm-secret.openai-api-key=sk-own-key\n").unwrap();
    good(package.path(), &["emit", "dev"]);
    fs::write(package.path().join("k8s/local/dev/litellm-secret.env"), "openai-api-key=sk-other-key\n").unwrap();
    let said = kstack(package.path(), &["emit", "dev"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(!said.err.contains("sk-own-key") && !said.err.contains("sk-other-key"), "{}", said.err);
    assert!(said.err.contains("`secrets: {local: …}` of overlays/dev.yaml names"), "{}", said.err);
    assert!(!said.err.contains("stack.yaml"), "{}", said.err);
}

#[test]
fn an_environment_file_of_ones_own_is_left_alone() {
    let package = llm_stack();
    let own = package.path().join("skaffold.env");
    fs::write(&own, "SKAFFOLD_NAMESPACE=mine\n").unwrap();
    fs::write(package.path().join(".env.dev"), "litellm-secret.openai-api-key=sk-own-key\n").unwrap();
    let said = good(package.path(), &["emit", "dev"]);
    assert!(said.contains("is yours: add the line KSTACK_LOCAL=dev"), "{said}");
    assert_eq!(fs::read_to_string(own).unwrap(), "SKAFFOLD_NAMESPACE=mine\n");
}

#[test]
fn a_new_package_emits_and_does_so_once() {
    let folder = tempfile::tempdir().unwrap();
    good(folder.path(), &["new", "hello"]);
    let package = folder.path().join("hello");
    assert!(fs::read_to_string(package.join(".gitignore")).unwrap().lines().any(|line| line == ".kstack/"));
    good(&package, &["check"]);
    good(&package, &["emit"]);
    let said = kstack(folder.path(), &["new", "hello"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("not empty; nothing written"), "{}", said.err);
    assert_eq!(kstack(folder.path(), &["new", "Hello World"]).exit, Exit::Misused);
    // What is left of one that was killed is no package.
    fs::create_dir_all(folder.path().join("killed/.kstack")).unwrap();
    fs::write(folder.path().join("killed/.kstack/new-0"), "stack: kil").unwrap();
    good(folder.path(), &["new", "killed"]);
    assert!(!folder.path().join("killed/.kstack").exists());
    for name in ["null", "true", "no", "1e3", "0x1f", "42"] {
        good(folder.path(), &["new", name]);
        good(&folder.path().join(name), &["emit"]);
    }
}

#[test]
fn programs_read_json() {
    let package = llm_stack();
    let reported = &["good", "errors", "warnings", "diagnostics"][..];
    let emitted = &["stack", "out", "environments", "created", "updated", "removed", "unchanged", "local"][..];
    // What is answered once, or of each of several things.
    for (arguments, keys) in [
        (&["check"][..], reported),
        (&["emit", "dev"], emitted),
        (&["emit", "--check"], &["same", "unfinished", "differences"]),
        (&["check", "--tree", "k8s/base"], &["tree", "good", "errors", "warnings", "diagnostics"]),
        (&["show", "services"], &["name", "workload", "image", "built", "replicas", "mostReplicas", "ports"]),
        (&["show", "endpoints", "dev"], &["service", "port", "address", "protocol", "exposure"]),
        (&["show", "matrix", "prod"], &["from", "to", "protocol", "port", "purpose", "waits", "env", "via"]),
        (&["show", "waves"], &["number", "services"]),
        (&["show", "totals"], &["environment", "pods", "total", "withoutCpuLimit", "withoutMemoryLimit", "services"]),
    ] {
        let said = kstack(package.path(), &[arguments, &["--json"]].concat());
        let answer: serde_json::Value =
            serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        let answers = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
        assert!(!answers.is_empty(), "{arguments:?}");
        let wanted: BTreeSet<&str> = keys.iter().copied().collect();
        for answer in answers {
            let found: BTreeSet<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(found, wanted, "{arguments:?}");
        }
    }
    let folder = package.path().join("k8s/base/redis.yaml");
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    let answer = |arguments: &[&str]| -> serde_json::Value {
        let said = kstack(package.path(), arguments);
        assert_eq!(said.exit, Exit::Faulty, "{arguments:?}");
        serde_json::from_str(&said.out).unwrap()
    };
    let differences = answer(&["emit", "--check", "--json"]);
    assert_eq!(
        differences["differences"],
        serde_json::json!([{"path": "k8s/base/redis.yaml", "what": "inTheWay", "diff": null}])
    );
    let refused = answer(&["emit", "--json"]);
    assert_eq!(refused, serde_json::json!({"good": false, "inTheWay": ["k8s/base/redis.yaml"]}));
    fs::write(package.path().join("overlays/dev.yaml"), "overlay: dev\nextends: devel\n").unwrap();
    let said = kstack(package.path(), &["check", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said.exit, Exit::Faulty);
    let first = &value["diagnostics"][0];
    assert_eq!(first["rule"], "unknown-profile");
    assert_eq!((first["file"].as_str(), first["line"].as_u64()), (Some("overlays/dev.yaml"), Some(2)));
}

#[test]
fn the_waves_of_llm_stack() {
    let said = good(llm_stack().path(), &["show", "waves"]);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("wave 1   postgres  redis  qdrant  litellm  react-client "), "{said}");
    assert!(lines[1].starts_with("wave 2   r2r (postgres, qdrant)  openwebui (litellm) "), "{said}");
}

#[test]
fn wrong_usage_is_told_apart_from_faults() {
    let package = llm_stack();
    let said = kstack(package.path(), &["emit", "dve"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("there is no environment `dve`: did you mean `dev`?"), "{}", said.err);
    let empty = tempfile::tempdir().unwrap();
    for arguments in [&["emit"][..], &["check"], &["emit", "--package", "x"], &["build"], &["check", "--tree", "."]] {
        assert_eq!(kstack(empty.path(), arguments).exit, Exit::Faulty, "{arguments:?}");
    }
    for arguments in [&["emit", "--nonsense"][..], &["new", ""], &["new", " "], &[]] {
        assert_eq!(kstack(empty.path(), arguments).exit, Exit::Misused, "{arguments:?}");
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    assert!(good(folder.path(), &["--help"]).contains("Exit codes:"));
    for command in ["emit", "render", "build", "check", "show", "new", "completions", "man"] {
        let help = good(folder.path(), &[command, "--help"]);
        assert!(help.contains("Examples:\n  kstack "), "{command}: {help}");
    }
    assert!(good(folder.path(), &["completions", "bash"]).contains("kstack"));
    assert!(good(folder.path(), &["man"]).contains(".TH kstack"));
}

#[test]
fn faults_of_the_stack_and_of_its_overlays_are_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("overlays")).unwrap();
    fs::write(
        folder.path().join("stack.yaml"),
        "stack: shop\nservices: {web: {image: nginx:1.29, port: {http: 80}}}\n",
    )
    .unwrap();
    let overlay = "overlay: dev\nextends: prd\nstorage: ephemral\nservices: {web: {auth: false}}\n";
    fs::write(folder.path().join("overlays/dev.yaml"), overlay).unwrap();
    let said = kstack(folder.path(), &["check"]);
    assert_eq!(said.exit, Exit::Faulty);
    for rule in ["unknown-key", "unknown-profile", "unknown-word"] {
        assert_eq!(said.err.matches(&format!("error[{rule}]")).count(), 1, "{rule}: {}", said.err);
    }
}

#[cfg(unix)]
#[test]
fn what_else_lies_in_a_package_is_passed_over_and_an_overlay_is_not() {
    let package = llm_stack();
    fs::create_dir_all(package.path().join("r2r/.venv/bin")).unwrap();
    std::os::unix::fs::symlink("/usr/bin/env", package.path().join("r2r/.venv/bin/python")).unwrap();
    fs::File::create(package.path().join("weights.gguf")).unwrap().set_len(3 << 30).unwrap();
    good(package.path(), &["check"]);
    std::os::unix::fs::symlink("/usr/bin/env", package.path().join("overlays/qa.yaml")).unwrap();
    let said = kstack(package.path(), &["check"]);
    assert_eq!(said.exit, Exit::Faulty);
    assert!(said.err.contains("qa.yaml` is a link that leads out"), "{}", said.err);
}

#[test]
fn a_program_gets_json_when_something_is_wrong_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stack.yaml"), "stack: shop\nservices: {web: {imag: nginx:1.29}}\n").unwrap();
    for arguments in [&["check", "--json"][..], &["emit", "--json"], &["show", "waves", "--json"]] {
        let said = kstack(folder.path(), arguments);
        assert_eq!(said.exit, Exit::Faulty, "{arguments:?}");
        let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(answer["diagnostics"][0]["rule"], "unknown-key", "{arguments:?}: {answer}");
    }
    let said = kstack(folder.path(), &["check", "--json", "--package", "nowhere"]);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(answer["error"].as_str().is_some_and(|error| error.contains("nowhere")), "{answer}");
}

#[test]
fn an_emission_for_production_says_what_its_cluster_must_have() {
    let package = llm_stack();
    let said = good(package.path(), &["emit", "prod"]);
    for needed in [
        "needs   image registry.example.com/llm-stack/qdrant:",
        "ClusterSecretStore llm-stack, key llm-stack/postgres",
        "External Secrets operator",
        "IngressClass traefik",
        "ClusterIssuer letsencrypt",
        "metrics-server",
    ] {
        assert!(said.contains(needed), "{needed}: {said}");
    }
    assert!(!good(package.path(), &["emit", "dev"]).contains("needs"), "Skaffold builds and brings all of it");
}
