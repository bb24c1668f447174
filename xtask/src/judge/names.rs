//! llm-stack under other names: two prefixes side by side, one emitted and one edited by hand.

use super::dev_loop::DevLoop;
use super::node::Node;
use super::package::Package;
use super::stack::{PORTS, Stack};
use super::{Failure, Verdict};

pub(super) fn ask(node: &Node) -> Verdict {
    let by_hand = by_hand(node)?;
    let emitted = Stack::new(node, "lab", "lab-");
    emitted.create_namespace(&[])?;
    let package = Package::llm_stack(node, "lab")?;
    package.edit("overlays/dev.yaml", "overlay: dev\n", "overlay: dev\nprefix: lab-\n")?;
    package.emit("dev")?;
    let dev = DevLoop::start(node, &package, "lab")?;
    node.passed("names: two stacks are deployed");
    works(node, &emitted, |_, port| Ok(format!("127.0.0.1:{port}")))?;
    node.passed("names: lab- works, with its forwards");
    works(node, &by_hand, |service, _| by_hand.address(service))?;
    node.passed("names: hand- works");
    dev.stop()?;
    emitted.nothing_is_left()?;
    Ok("one node, two namespaces: the stack emitted with another prefix, with its forwards, and one whose namePrefix was \
        edited by hand, whose forwards `kstack check --tree` names; both start, and every relation is used"
        .to_owned())
}

/// `namePrefix` edited in the emitted tree: everything follows but Skaffold's forwards, which `check --tree` says.
fn by_hand(node: &Node) -> Result<Stack<'_>, Failure> {
    let package = Package::llm_stack(node, "hand")?;
    package.edit("k8s/overlays/dev/kustomization.yaml", "namePrefix: dev-", "namePrefix: hand-")?;
    let said = package.dangling("dev").unwrap_or_default();
    if let Some((service, _)) = PORTS.into_iter().find(|(service, _)| !said.contains(&format!("dev-{service}"))) {
        return Err(Failure::Wrong(format!(
            "`kstack check --tree` does not name the forward to dev-{service}:\n{said}"
        )));
    }
    let stack = Stack::new(node, "hand", "hand-");
    stack.create_namespace(&[])?;
    let overlay = package.on_top("dev", "hand", node.images()?, "")?;
    node.kubectl(&["apply", "--kustomize", &overlay.to_string_lossy()])?;
    Ok(stack)
}

/// Everything is ready, started in order, answers, and reaches whom it uses.
fn works(node: &Node, stack: &Stack<'_>, at: impl Fn(&str, u16) -> Result<String, String>) -> Result<(), String> {
    stack.ready()?;
    stack.started_in_order()?;
    stack.started_at_once()?;
    stack.answers(&at)?;
    stack.r2r_has_its_tables()?;
    stack.r2r_reaches_its_neighbours()?;
    let page = format!("http://{}", at("react-client", 3000)?);
    node.probe("chat.py", &[&page, "demo"]).map(drop)
}
