//! What llm-stack does when something that it needs is absent, killed or wrong.

use super::node::{Node, until};
use super::package::Package;
use super::stack::{Stack, restarts};
use super::yaml::{list, text};
use super::{Failure, Verdict};

pub(super) fn ask(node: &Node) -> Verdict {
    let stack = Stack::new(node, "faults", "dev-");
    stack.create_namespace(&[])?;
    let package = Package::llm_stack(node, "faults")?;
    package.give_models()?;
    let without_qdrant = "replicas: [{name: qdrant, count: 0}]\n";
    let overlay = package.on_top("dev", "faults", node.images()?, without_qdrant)?;
    node.kubectl(&["apply", "--kustomize", &overlay.to_string_lossy()])?;
    qdrant_comes_late(&stack)?;
    let r2r = Search { node, url: format!("http://{}", stack.address("r2r")?) };
    r2r.finds("compass")?;
    node.passed("faults: Qdrant comes late");
    postgres_is_killed(&stack, &r2r)?;
    node.passed("faults: PostgreSQL is killed");
    redis_restarts(&stack)?;
    node.passed("faults: Redis restarts");
    wrong_password(&stack, &r2r)?;
    node.passed("faults: a wrong password");
    Ok("without Qdrant only r2r waits, and says for whom; a killed PostgreSQL comes back with its data and R2R goes on; \
        Redis may restart; with a wrong password the new pod says so and the old one serves on; nobody else is restarted"
        .to_owned())
}

struct Search<'a> {
    node: &'a Node,
    url: String,
}

impl Search<'_> {
    /// R2R takes a document, and finds it.
    fn finds(&self, word: &str) -> Result<(), String> {
        until("R2R to take a document and find it", 90, || {
            self.node.probe("retrieval.py", &[&self.url, word]).map(Some)
        })
        .map(drop)
    }
}

/// All but r2r start; r2r waits and says for whom, and starts once Qdrant is there.
fn qdrant_comes_late(stack: &Stack<'_>) -> Result<(), Failure> {
    for service in ["postgres", "redis", "litellm", "openwebui", "react-client"] {
        stack.service_ready(service)?;
    }
    let said = stack.logs("r2r", &["--container", "wait-for-qdrant"])?;
    if !said.contains("waiting for qdrant:6333") {
        return Err(Failure::Wrong(format!("r2r does not say for whom it waits: {said:?}")));
    }
    let pod = stack.pod("r2r")?;
    let started =
        list(&pod, "/status/containerStatuses").iter().any(|container| container["state"]["waiting"].is_null());
    if started || restarts(&pod) != 0 {
        return Err(Failure::Wrong(format!("r2r started without Qdrant: {}", pod["status"])));
    }
    stack.kubectl(&["scale", &stack.workload("qdrant"), "--replicas", "1"])?;
    stack.service_ready("qdrant")?;
    stack.service_ready("r2r")?;
    stack.started_in_order()?;
    Ok(stack.started_at_once()?)
}

/// The process is killed as the kernel does it; its data are still there when it comes back.
fn postgres_is_killed(stack: &Stack<'_>, r2r: &Search<'_>) -> Result<(), Failure> {
    let pod = stack.pod("postgres")?;
    stack.kill(&pod)?;
    until("PostgreSQL to be started again", 60, || {
        let pod = stack.pod("postgres")?;
        Ok((restarts(&pod) == 1).then_some(()))
    })?;
    stack.service_ready("postgres")?;
    r2r.finds("sextant")?;
    let documents = stack.sql("select count(*) from r2r_default.documents")?;
    if documents.trim() != "2" {
        return Err(Failure::Wrong(format!("two documents were given to R2R; PostgreSQL has {documents}")));
    }
    match restarts(&stack.pod("r2r")?) {
        0 => Ok(()),
        _ => Err(Failure::Wrong("r2r was restarted since PostgreSQL was".to_owned())),
    }
}

fn redis_restarts(stack: &Stack<'_>) -> Result<(), Failure> {
    stack.kubectl(&["delete", "pod", text(&stack.pod("redis")?, "/metadata/name")])?;
    stack.service_ready("redis")?;
    until("r2r's container to reach the new Redis", 60, || stack.r2r_reaches_its_neighbours().map(Some))?;
    Ok(())
}

/// A pod with a wrong password never becomes ready and says why; the one before it serves on.
fn wrong_password(stack: &Stack<'_>, r2r: &Search<'_>) -> Result<(), Failure> {
    let before = text(&stack.pod("r2r")?, "/metadata/name").to_owned();
    let workload = stack.workload("r2r");
    stack.kubectl(&["set", "env", &workload, "--containers", "r2r", "R2R_POSTGRES_PASSWORD=wrong"])?;
    until("r2r to complain about its password", 180, || {
        let pod = stack.pod("r2r")?;
        let name = text(&pod, "/metadata/name");
        let said = stack.kubectl(&["logs", name, "--container", "r2r"])?;
        let previous = stack.kubectl(&["logs", name, "--container", "r2r", "--previous"]).unwrap_or_default();
        let complains = [said, previous].iter().any(|said| said.contains("password authentication failed"));
        Ok((name != before && complains).then_some(()))
    })?;
    r2r.finds("octant")?;
    stack.kubectl(&["rollout", "undo", &workload])?;
    stack.service_ready("r2r")?;
    let left: Vec<String> = until("the pod with the wrong password to be gone", 120, || {
        let pods = stack.pods("r2r")?;
        Ok((pods.len() == 1).then(|| pods.iter().map(|pod| text(pod, "/metadata/name").to_owned()).collect()))
    })?;
    if left == [before] { Ok(()) } else { Err(Failure::Wrong(format!("another r2r serves now: {left:?}"))) }
}
