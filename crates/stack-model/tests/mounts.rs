//! What a container finds at which path.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{PodSpec, Volume};
use stack_krm::yaml::from_node;
use stack_model::{CheckedStack, parse};
use stack_source::{FileTree, TreePath};

/// A service that says this, in a package with four files.
fn check(said: &str) -> Result<CheckedStack, String> {
    let path = |text: &str| TreePath::new(text).expect("a path of the test");
    let mut files = FileTree::new();
    let text = format!(
        "stack: shop\nsecrets: {{keys: [one, two]}}\nservices:\n  db: {{component: postgres, user: postgres, database: shop, storage: 1Gi}}\n  web:\n    image: \
         ghcr.io/example/web:1.4.2\n    user: 1000\n    ports: {{http: 8080}}\n    uses: [db]\n    {said}\n"
    );
    files.insert(path("stack.yaml"), text);
    files.insert(path("a/app.yaml"), "a");
    files.insert(path("b/app.yaml"), "b");
    files.insert(path("a/logo.png"), [0x89, b'P', b'N', b'G', 0xff]);
    files.insert(path("a/x=y.yaml"), "x");
    let report = |report: stack_source::Report| report.render(&files, false);
    parse(&files, &path("stack.yaml")).map_err(report)?.check_in(&files).map_err(report)
}

#[track_caller]
fn pod(said: &str) -> PodSpec {
    let objects = check(said).unwrap_or_else(|report| panic!("{report}")).lower();
    let web = objects.named("Deployment", "web").next().expect("the workload");
    let web: Deployment = from_node(web.node()).expect("a Deployment");
    web.spec.and_then(|spec| spec.template.spec).expect("a pod")
}

/// Each volume: its name, where it is mounted, and which file comes from which key of what.
fn found(said: &str) -> Vec<String> {
    let pod = pod(said);
    let mounts = pod.containers[0].volume_mounts.clone().unwrap_or_default();
    let volumes = pod.volumes.unwrap_or_default();
    let what = |name: &str| {
        let volume = volumes.iter().find(|volume| volume.name == name).expect("the volume of a mount");
        sources(volume)
    };
    mounts.iter().map(|mount| format!("{} at {}: {}", mount.name, mount.mount_path, what(&mount.name))).collect()
}

fn sources(volume: &Volume) -> String {
    let items = |items: &Option<Vec<k8s_openapi::api::core::v1::KeyToPath>>| match items {
        None => "all".to_owned(),
        Some(items) => items.iter().map(|item| format!("{}={}", item.path, item.key)).collect::<Vec<_>>().join(" "),
    };
    let plain = |name: &str| {
        name.rsplit_once('-').filter(|(_, hash)| hash.len() == 10).map_or(name, |(name, _)| name).to_owned()
    };
    if let Some(map) = &volume.config_map {
        return format!("{} {}", plain(&map.name), items(&map.items));
    }
    if let Some(secret) = &volume.secret {
        return format!("Secret {} {}", secret.secret_name.clone().unwrap_or_default(), items(&secret.items));
    }
    if let Some(projected) = &volume.projected {
        let sources = projected.sources.iter().flatten().map(|source| match (&source.config_map, &source.secret) {
            (Some(map), _) => format!("{} {}", plain(&map.name), items(&map.items)),
            (_, Some(secret)) => format!("Secret {} {}", secret.name, items(&secret.items)),
            _ => "?".to_owned(),
        });
        return sources.collect::<Vec<_>>().join(", ");
    }
    "space".to_owned()
}

#[test]
fn files_of_one_name_keep_apart() {
    let said = "files: {/etc/a/app.yaml: a/app.yaml, /etc/b/app.yaml: {text: hello}, /etc/c/app.yaml: {text: other}}";
    assert_eq!(
        found(said),
        [
            "etc-a at /etc/a: web-config all",
            "etc-b at /etc/b: web-files app.yaml=etc-b-app.yaml",
            "etc-c at /etc/c: web-files app.yaml=etc-c-app.yaml",
            "tmp at /tmp: space",
        ]
    );
    let said = "files: {/etc/a/app.yaml: a/app.yaml, /etc/b/app.yaml: b/app.yaml}";
    assert_eq!(
        found(said),
        [
            "etc-a at /etc/a: web-config all",
            "etc-b at /etc/b: web-config-2 app.yaml=etc-b-app.yaml",
            "tmp at /tmp: space",
        ]
    );
}

#[test]
fn one_folder_takes_files_of_several_sources() {
    let said = "files: {/etc/web/app.yaml: a/app.yaml, /etc/web/key.pem: <secret.keys.one>, /etc/web/other: <secret.keys.two>}";
    assert_eq!(
        found(said),
        ["etc-web at /etc/web: Secret keys key.pem=one other=two, web-config all", "tmp at /tmp: space"]
    );
}

#[test]
fn a_file_of_a_secret_is_called_as_it_was_asked_for() {
    let said = "files: {/etc/web/tls.key: <secret.keys.one>}";
    assert_eq!(found(said), ["etc-web at /etc/web: Secret keys tls.key=one", "tmp at /tmp: space"]);
}

#[test]
fn files_in_a_folder_of_the_image_leave_the_rest_of_it_there() {
    let said = "files: {/app/app.yaml: a/app.yaml, /app/tls.key: <secret.keys.one>, /etc/web/app.yaml: {text: hello}}";
    let pod = pod(said);
    let mounts = pod.containers[0].volume_mounts.iter().flatten();
    let mounts: Vec<String> =
        mounts.map(|mount| format!("{} {}", mount.mount_path, mount.sub_path.as_deref().unwrap_or("whole"))).collect();
    assert_eq!(mounts, ["/app/tls.key tls.key", "/app/app.yaml app.yaml", "/etc/web whole", "/tmp whole"]);
}

#[test]
fn volumes_whose_paths_are_spelled_alike_have_names_of_their_own() {
    let said = "volumes: {/a/b: empty, /a-b: empty, /TMP: empty, /_: empty, /data/: empty}";
    let names: Vec<String> = found(said).iter().map(|line| line.replace(": space", "")).collect();
    assert_eq!(
        names,
        ["a-b at /a/b", "a-b-2 at /a-b", "tmp-2 at /TMP", "volume at /_", "data at /data", "tmp at /tmp"]
    );
}

#[test]
fn what_is_mounted_twice_or_nowhere_is_a_fault() {
    for (said, wrong) in [
        ("volumes: {/etc/app: empty}, files: {/etc/app/app.yaml: a/app.yaml}", "mounts two things at `/etc/app`"),
        ("volumes: {/a: empty, /a/: empty}", "mounts two things at `/a`"),
        ("volumes: {/: empty}", "`/` is no absolute path below `/`"),
        ("volumes: {'/a:b': empty}", "`/a:b` is no absolute path"),
        ("volumes: {/a/./b: empty}", "write `/a/b`"),
        ("files: {/app.yaml: a/app.yaml}", "`/app.yaml` can be no file of a ConfigMap"),
        ("files: {/etc/x.yaml: a/x=y.yaml}", "call it `x-y.yaml`"),
    ] {
        let said = said.replace("}, files", "}\n    files");
        let report = check(&said).expect_err(&said);
        assert!(report.contains("invalid-path") && report.contains(wrong), "{said}: {report}");
    }
}

#[test]
fn the_job_of_a_step_has_none_of_the_claims_that_are_each_pod_s_own() {
    let said = "workload: StatefulSet\n    replicas: 2\n    volumes: {/data: 1Gi}\n    init: {prepare: {command: [./prepare], done: [./prepare, --check]}}";
    let objects = check(said).unwrap_or_else(|report| panic!("{report}")).lower();
    let job = objects.of_kind("Job").next().expect("the Job of the step");
    let job: k8s_openapi::api::batch::v1::Job = from_node(job.node()).expect("a Job");
    let pod = job.spec.and_then(|spec| spec.template.spec).expect("a pod");
    let volumes = pod.volumes.unwrap_or_default();
    assert!(volumes.iter().all(|volume| volume.persistent_volume_claim.is_none()), "{volumes:?}");
    assert!(volumes.iter().any(|volume| volume.name == "data" && volume.empty_dir.is_some()), "{volumes:?}");
}
