//! Overlays: what is read, what they make of a stack, and what is said where they are wrong.

use stack_model::{PodSecurity, PullPolicy, SecretSource, Stack, Storage};
use stack_overlay::{Overlay, profile};
use stack_source::{FileTree, TreePath};

const STACK: &str = include_str!("../../../examples/llm-stack/stack.yaml");
const OVERLAYS: [(&str, &str); 3] = [
    ("dev", include_str!("../../../examples/llm-stack/overlays/dev.yaml")),
    ("staging", include_str!("../../../examples/llm-stack/overlays/staging.yaml")),
    ("prod", include_str!("../../../examples/llm-stack/overlays/prod.yaml")),
];

fn path(text: &str) -> TreePath {
    TreePath::new(text).expect("a path of the test")
}

/// The shipped stack, beside an overlay with this text.
fn package(overlay: &str) -> (FileTree, Stack) {
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), STACK);
    files.insert(path("overlay.yaml"), overlay);
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
images: {registry: registry.example.com, tag: 1.10}
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
        .secrets(SecretSource::ExternalStore("vault".to_owned()))
        .secret("postgres", SecretSource::Existing)
        .service("redis", redis)
        .service("litellm", litellm)
        .forward("qdrant.http");
    assert_eq!(read.apply(&stack).unwrap(), written.apply(&stack).unwrap());
}
