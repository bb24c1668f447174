//! Another crate takes a stack's objects as `kube`'s types, which any `kube` client can apply.

use kube_core::DynamicObject;
use stack_model::{CheckedStack, Service, Stack};

/// The objects of a stack, in the order in which a cluster should get them.
fn objects(stack: &CheckedStack) -> Result<Vec<DynamicObject>, serde_json::Error> {
    let objects = stack.lower();
    objects.iter().map(|object| serde_json::from_value(serde_json::to_value(object.node())?)).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut stack = Stack::new("hello");
    stack.add("web", Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101));
    let objects = objects(&stack.check()?)?;
    let kinds: Vec<&str> = objects.iter().filter_map(|object| Some(object.types.as_ref()?.kind.as_str())).collect();
    assert_eq!(kinds, ["ServiceAccount", "Deployment", "Service", "NetworkPolicy"]);
    Ok(())
}
