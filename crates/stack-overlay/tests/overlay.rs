//! Overlays: what is read, what they make of a stack, and what is said where they are wrong.

use insta::assert_snapshot;
use stack_model::{PodSecurity, PullPolicy, SecretSource, Stack, Storage};
use stack_overlay::emit::{CheckedEnvironment, emit};
use stack_overlay::{Overlay, profile};
use stack_source::{FileTree, TreePath};

const STACK: &str = include_str!("../../../examples/llm-stack/stack.yaml");
const OVERLAYS: [(&str, &str); 3] = [
    ("dev", include_str!("../../../examples/llm-stack/overlays/dev.yaml")),
    ("staging", include_str!("../../../examples/llm-stack/overlays/staging.yaml")),
    ("prod", include_str!("../../../examples/llm-stack/overlays/prod.yaml")),
];

/// What the shipped stack names; what stands in it does not count here.
const FILES: [&str; 6] = [
    "litellm/config.yaml",
    "litellm/Dockerfile",
    "openwebui/Dockerfile",
    "qdrant/Dockerfile",
    "r2r/Dockerfile",
    "react-client/Dockerfile",
];

fn path(text: &str) -> TreePath {
    TreePath::new(text).expect("a path of the test")
}

/// The shipped stack, beside an overlay with this text.
fn package(overlay: &str) -> (FileTree, Stack) {
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), STACK);
    files.insert(path("overlay.yaml"), overlay);
    for file in FILES {
        files.insert(path(file), "");
    }
    let stack = stack_model::parse(&files, &path("stack.yaml"));
    (files, stack.expect("the shipped stack is right"))
}

/// The shipped stack in the environment of an overlay with this text, or what is said of it.
fn applied(overlay: &str) -> Result<Stack, String> {
    let (files, stack) = package(overlay);
    let overlay = stack_overlay::parse(&files, &path("overlay.yaml"), &stack);
    overlay.and_then(|overlay| overlay.apply(&stack)).map_err(|report| report.render(&files, false))
}

#[test]
fn the_shipped_overlays_apply() {
    for (name, text) in OVERLAYS {
        let stack = applied(text).unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(stack.environment.name.as_ref().map(AsRef::as_ref), Some(name));
        let files = package(text).0;
        let checked = stack.check_in(&files).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
        assert!(checked.warnings().is_empty());
    }
}

#[test]
fn profiles_decide() {
    let dev = profile::named("dev").unwrap();
    assert_eq!(dev.prefix.unwrap().value, "dev-");
    assert_eq!(dev.pull.built, Some(PullPolicy::Never));
    assert_eq!(dev.storage, Some(Storage::Ephemeral));
    let prod = profile::named("prod").unwrap();
    assert_eq!(prod.prefix.unwrap().value, "");
    assert_eq!(prod.pod_security, Some(PodSecurity::Restricted));
    assert_eq!(prod.images.exact, Some(true));
    assert_eq!(profile::named("staging").unwrap().replicated, Some(false));
}

#[test]
fn what_an_overlay_says_wins_over_its_profile_in_any_order() {
    let stack = package("").1;
    let own = Overlay::new("dev").storage(Storage::Claims).prefix("mine-");
    let stack = own.extends(profile::dev()).apply(&stack).unwrap();
    assert_eq!(stack.environment.storage, Storage::Claims);
    assert_eq!(stack.environment.prefix, "mine-");
    assert_eq!(stack.environment.pull.built, PullPolicy::Never);
}

#[test]
fn an_overlay_is_the_same_in_rust() {
    use stack_model::component::{LiteLlm, Redis};
    use stack_model::{Cluster, Declared, Scale};

    let text = "\
overlay: prod
extends: prod
namespace: chat
cluster: {ingress: traefik}
images: {registry: registry.example.com, tag: 1.10, exact: false}
secrets: {from: external-secret/vault, postgres: existing}
services:
  redis: {auth: password}
  litellm: {scale: {replicas: 2..6, cpu: 70%}}
forward: [qdrant.http]
";
    let (files, stack) = package(text);
    let read = stack_overlay::parse(&files, &path("overlay.yaml"), &stack).unwrap();
    let redis = Declared::of(Redis::default()).password();
    let litellm = Declared::of(LiteLlm::default()).scale(Scale::between(2, 6).cpu(70));
    let written = Overlay::new("prod")
        .extends(profile::prod())
        .namespace("chat")
        .cluster(&Cluster { ingress: Some("traefik".to_owned()), ..Cluster::default() })
        .registry("registry.example.com")
        .tag("1.10")
        .exact_images(false)
        .secrets(SecretSource::ExternalStore("vault".to_owned()))
        .secret("postgres", SecretSource::Existing)
        .service("redis", redis)
        .service("litellm", litellm)
        .forward("qdrant.http");
    assert_eq!(read.apply(&stack).unwrap(), written.apply(&stack).unwrap());
}

/// What is said of an overlay of the shipped stack.
#[track_caller]
fn said(overlay: &str) -> String {
    match applied(overlay) {
        Ok(_) => panic!("nothing is wrong with it"),
        Err(report) => report,
    }
}

#[test]
fn a_profile_that_nobody_knows() {
    assert_snapshot!(said("overlay: prod\nextends: production\n"), @"
    error[unknown-profile]: `production` is no profile
     --> overlay.yaml:2:10
      |
    2 | extends: production
      |          ^^^^^^^^^^
      |
      = help: there is `dev`, `staging`, `prod`
    ");
}

#[test]
fn a_change_of_a_service_that_is_not_there() {
    assert_snapshot!(said("overlay: dev\nservices: {postgress: {replicas: 2}}\n"), @"
    error[unknown-service]: the overlay changes `postgress`, which this stack does not have
     --> overlay.yaml:2:12
      |
    2 | services: {postgress: {replicas: 2}}
      |            ^^^^^^^^^
      |
      = help: did you mean `postgres`?
    ");
}

#[test]
fn a_change_by_a_key_of_another_component() {
    assert_snapshot!(said("overlay: dev\nservices: {r2r: {auth: password}}\n"), @"
    error[unknown-key]: `auth` is no key of a service
     --> overlay.yaml:2:18
      |
    2 | services: {r2r: {auth: password}}
      |                  ^^^^
      |
      = help: a service has it whose component is `redis`, `openwebui`
    ");
}

#[test]
fn a_fault_of_what_an_overlay_says_leads_to_the_overlay() {
    let overlay =
        "overlay: prod\nservices:\n  qdrant:\n    replicas: 2\n  postgres:\n    scale: {replicas: 1..3, cpu: 70%}\n";
    let (files, _) = package(overlay);
    let report = applied(overlay).unwrap().check_in(&files).unwrap_err().render(&files, false);
    for place in ["overlay.yaml:6:5", "overlay.yaml:4:5"] {
        assert!(report.contains(place), "{place}: {report}");
    }
}

#[test]
fn a_component_cannot_change() {
    assert_snapshot!(said("overlay: dev\nservices: {redis: {component: redis}}\n"), @"
    error[unknown-key]: `component` is no key of a service
     --> overlay.yaml:2:20
      |
    2 | services: {redis: {component: redis}}
      |                    ^^^^^^^^^
      |
      = help: the keys of a service are `affinity`, `after`, `args`, `auth`, `build`, `chart`, `command`, `config-map`, `controls`, `data`, `env`, `expose`, `files`, `gpu`, `grace`, `headless`, `image`, `init`, `installed-by`, `labels`, `names`, `owned`, `peers`, `persistence`, `ports`, `probes`, `provides`, `replicas`, `resources`, `scale`, `schedule`, `secret`, `secrets`, `selector`, `singleton`, `spread`, `storage`, `update`, `user`, `uses`, `volumes`, `when`, `workload`, `writable`
    ");
}

#[test]
fn a_literal_where_none_may_be() {
    assert_snapshot!(said("overlay: prod\nextends: prod\nsecrets: {postgres: {password: hunter2}}\n"), @"
    error[literal-secret]: `password` of Secret `postgres` stands here in plain text, which prod refuses
     --> overlay.yaml:3:32
      |
    3 | secrets: {postgres: {password: hunter2}}
      |                                ^^^^^^^
      |
      = help: write `postgres: existing` for a Secret that somebody makes, or `postgres: external-secret/STORE`; `literals: allowed` is for development
    ");
}

#[test]
fn a_secret_that_is_not_there() {
    assert_snapshot!(said("overlay: prod\nsecrets: {litellm: existing}\n"), @"
    error[unknown-secret]: the overlay gives Secret `litellm` values, and this stack has no such Secret
     --> overlay.yaml:2:11
      |
    2 | secrets: {litellm: existing}
      |           ^^^^^^^
      |
      = help: there is `postgres`, `litellm-secret`, `openwebui`
    ");
}

#[test]
fn a_key_that_the_secret_does_not_have() {
    assert_snapshot!(said("overlay: dev\nextends: dev\nsecrets: {litellm-secret: {openai-key: sk-test}}\n"), @"
    error[unknown-secret]: Secret `litellm-secret` has no key `openai-key`
     --> overlay.yaml:3:40
      |
    3 | secrets: {litellm-secret: {openai-key: sk-test}}
      |                                        ^^^^^^^
      |
      = help: did you mean `openai-api-key`?
    ");
}

#[test]
fn an_owner_that_nobody_knows() {
    assert_snapshot!(said("overlay: prod\nsecrets: external-secrets/vault\n"), @"
    error[unknown-word]: `external-secrets/vault` is no owner of a Secret
     --> overlay.yaml:2:10
      |
    2 | secrets: external-secrets/vault
      |          ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `existing`, `external-secret/STORE`, or a map of keys and their values
    ");
}

#[test]
fn a_digest_of_an_image_that_is_not_built() {
    assert_snapshot!(said("overlay: prod\nimages: {digests: {redis: sha256:0, r2d2: sha256:0}}\n"), @"
    error[image-not-built]: a digest is given for `redis`, whose image is not built here
     --> overlay.yaml:2:27
      |
    2 | images: {digests: {redis: sha256:0, r2d2: sha256:0}}
      |                           ^^^^^^^^
      |
      = help: write `services: {redis: {image: NAME@sha256:0}}`

    error[unknown-service]: a digest is given for `r2d2`, which this stack does not have
     --> overlay.yaml:2:43
      |
    2 | images: {digests: {redis: sha256:0, r2d2: sha256:0}}
      |                                           ^^^^^^^^
      |
      = help: there is `postgres`, `redis`, `qdrant`, `litellm`, `r2r`, `openwebui`, `react-client`
    ");
}

#[test]
fn a_forward_to_nothing() {
    assert_snapshot!(said("overlay: dev\nforward: [qdrant.rest, postgras, {redis: 70000}]\n"), @"
    error[invalid-port]: `70000` is no port
     --> overlay.yaml:2:42
      |
    2 | forward: [qdrant.rest, postgras, {redis: 70000}]
      |                                          ^^^^^
      |
      = help: ports are 1 to 65535; write `8080`, or `80:8080` for another one outside
    ");
    assert_snapshot!(said("overlay: dev\nforward: [qdrant.rest, postgras]\n"), @"
    error[unknown-port]: `qdrant` has no port `rest` to forward
     --> overlay.yaml:2:11
      |
    2 | forward: [qdrant.rest, postgras]
      |           ^^^^^^^^^^^
      |
      = help: there is `http`, `grpc`

    error[unknown-service]: `postgras` is forwarded, and this stack does not have it
     --> overlay.yaml:2:24
      |
    2 | forward: [qdrant.rest, postgras]
      |                        ^^^^^^^^
      |
      = help: did you mean `postgres`?
    ");
}

#[test]
fn names_that_kubernetes_refuses() {
    let text =
        "overlay: Prod\nprefix: 1st_\nsuffix: '-'\nnamespace: my.space\nlabels: {team/: a, owner: 'two words'}\n";
    assert_snapshot!(said(text), @"
    error[invalid-name]: `Prod` is no DNS label (RFC 1123): 1 to 63 of `a-z`, `0-9` and `-`, with a letter or digit at both ends
     --> overlay.yaml:1:10
      |
    1 | overlay: Prod
      |          ^^^^
      |
      = help: write `prod`

    error[invalid-name]: `1st_` is no prefix: every name would break
     --> overlay.yaml:2:9
      |
    2 | prefix: 1st_
      |         ^^^^
      |
      = help: use `a-z`, `0-9` and `-`, and start with a letter: `dev-`

    error[invalid-name]: `-` is no suffix: every name would break
     --> overlay.yaml:3:9
      |
    3 | suffix: '-'
      |         ^^^
      |
      = help: use `a-z`, `0-9` and `-`, and end with a letter or digit: `-blue`

    error[invalid-name]: `my.space` is no DNS label (RFC 1123): 1 to 63 of `a-z`, `0-9` and `-`, with a letter or digit at both ends
     --> overlay.yaml:4:12
      |
    4 | namespace: my.space
      |            ^^^^^^^^
      |
      = help: write `my-space`

    error[invalid-name]: `team/` is no key of a label: at most 63 letters, digits, `_`, `-` and `.`, perhaps behind a domain and `/`
     --> overlay.yaml:5:17
      |
    5 | labels: {team/: a, owner: 'two words'}
      |                 ^
      |
      = help: write `name`, or `example.com/name`

    error[invalid-name]: `two words` is no label value: at most 63 letters, digits, `_`, `-` and `.`, with a letter or digit at both ends
     --> overlay.yaml:5:27
      |
    5 | labels: {team/: a, owner: 'two words'}
      |                           ^^^^^^^^^^^
      |
      = help: write `two-words`
    ");
}

#[test]
fn a_patch_with_a_fault() {
    let text = "\
overlay: dev
patches:
  - target: {kind: Deployment, name: r2r}
    patch: [{op: ad, path: /spec}, {op: replace, value: 1}]
  - target: {kind: Deployment}
    patch: 3
";
    assert_snapshot!(said(text), @"
    error[invalid-operation]: this is no operation
     --> overlay.yaml:4:13
      |
    4 |     patch: [{op: ad, path: /spec}, {op: replace, value: 1}]
      |             ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `op: …`, one of `add`, `remove`, `replace`, `move`, `copy`, `test`

    error[invalid-operation]: `replace` has no `path`
     --> overlay.yaml:4:36
      |
    4 |     patch: [{op: ad, path: /spec}, {op: replace, value: 1}]
      |                                    ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add `path: …`

    error[missing-key]: a target has no `name`
     --> overlay.yaml:5:13
      |
    5 |   - target: {kind: Deployment}
      |             ^^^^^^^^^^^^^^^^^^
      |
      = help: add `name: …`

    error[wrong-kind]: a number stands here, and a part of the object, or a list of JSON 6902 operations belongs here
     --> overlay.yaml:6:12
      |
    6 |     patch: 3
      |            ^
      |
      = help: write a part of the object, or a list of JSON 6902 operations
    ");
}

#[test]
fn patches_have_both_of_kustomizes_forms() {
    use stack_overlay::PatchBody;

    let text = "\
overlay: dev
patches:
  - target: {kind: Deployment, name: r2r}
    patch: {spec: {minReadySeconds: 5}}
  - target: {kind: Service, name: r2r}
    patch: [{op: remove, path: /spec/ports/0/appProtocol}]
";
    let (files, stack) = package(text);
    let overlay = stack_overlay::parse(&files, &path("overlay.yaml"), &stack).unwrap();
    assert!(matches!(overlay.patches[0].body, PatchBody::StrategicMerge(_)));
    assert!(matches!(&overlay.patches[1].body, PatchBody::Json6902(operations) if operations.len() == 1));
}

#[test]
fn an_overlay_file_that_says_nothing() {
    assert_snapshot!(said(""), @"
    error[not-one-document]: the file is empty
     --> overlay.yaml:1:1
      |
    1 |
      | ^
      |
      = help: `stack: NAME` and `services:` make a stack, `overlay: NAME` an overlay
    ");
}

/// What is said when an environment with this overlay is emitted.
#[track_caller]
fn said_when_emitted(overlay: &str) -> String {
    let (files, stack) = package(overlay);
    let overlay = stack_overlay::parse(&files, &path("overlay.yaml"), &stack).expect("the overlay is read");
    let base = stack.check_in(&files).expect("the shipped stack is right");
    let stack = overlay.apply(&stack).expect("the overlay applies").check_in(&files).expect("the environment is right");
    let environment = CheckedEnvironment { stack, patches: overlay.patches, local_secrets: Vec::new() };
    emit(&base, &[environment], ".").expect_err("a patch is wrong").render(&files, false)
}

#[test]
fn a_patch_that_matches_nothing() {
    let text = "\
overlay: dev
extends: dev
patches:
  - target: {kind: Deployment, name: r2rr}
    patch: {spec: {minReadySeconds: 5}}
";
    assert_snapshot!(said_when_emitted(text), @"
    error[patch-without-target]: the patch of Deployment `r2rr` matches no object of this environment
     --> overlay.yaml:4:5
      |
    4 |   - target: {kind: Deployment, name: r2rr}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `Deployment/r2r`?
    ");
}

#[test]
fn a_patch_that_fails() {
    let text = "\
overlay: dev
extends: dev
patches:
  - target: {kind: Deployment, name: r2r}
    patch: [{op: remove, path: /spec/nothing}]
";
    assert_snapshot!(said_when_emitted(text), @"
    error[patch-not-applicable]: the patch of Deployment `r2r` cannot be applied: the operation `remove` does not apply: the object has no `/spec/nothing`
     --> overlay.yaml:4:5
      |
    4 |   - target: {kind: Deployment, name: r2r}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}
