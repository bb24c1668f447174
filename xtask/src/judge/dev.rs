//! `skaffold dev --port-forward` on the emitted tree, on a real Kubernetes.

use super::Verdict;
use super::dev_loop::DevLoop;
use super::node::{Node, until};
use super::package::{JUDGE_ANSWERS, Package};
use super::stack::Stack;
use super::yaml::text;
use crate::shell;

const NAMESPACE: &str = "dev";

/// A sentence of the client's start page, and what the judge makes of it.
const SENTENCE: (&str, &str) = ("src/chat/welcome.tsx", "What can I do for you?");
const OTHER_SENTENCE: &str = "This sentence was typed while the page was served.";

pub(super) fn ask(node: &Node) -> Verdict {
    let stack = Stack::new(node, NAMESPACE, "dev-");
    stack.create_namespace(&[])?;
    let package = Package::llm_stack(node, "dev")?;
    let mut dev = DevLoop::start(node, &package, NAMESPACE)?;
    stack.ready()?;
    stack.started_in_order()?;
    stack.started_at_once()?;
    node.passed("dev: everything is ready, and started in the order of its waits");
    stack.answers(|_, port| Ok(format!("127.0.0.1:{port}")))?;
    node.passed("dev: seven forwards answer");
    stack.r2r_has_its_tables()?;
    stack.r2r_reaches_its_neighbours()?;
    node.passed("dev: r2r uses PostgreSQL, Redis and Qdrant");
    node.probe("chat.py", &["http://127.0.0.1:8080", "demo"])?;
    page_chats(node)?;
    node.passed("dev: a chat in the page");
    client_edit(node, &stack, &package, &mut dev)?;
    node.passed("dev: an edit of the client is in the page");
    models_edit(node, &stack, &package, &mut dev)?;
    node.passed("dev: an edit of the models is in LiteLLM");
    node.probe("retrieval.py", &["http://127.0.0.1:7272", "zeppelin"])?;
    node.passed("dev: R2R finds a document");
    dev.stop()?;
    // Skaffold removes what it deployed last; the README says how to remove what an edit has replaced.
    stack.kubectl(&["delete", "configmap", "--selector", "app.kubernetes.io/part-of=llm-stack"])?;
    stack.nothing_is_left()?;
    node.passed("dev: nothing is left");
    Ok("everything starts, in the order of its waits; seven forwards answer; a chat in the page, R2R's search, Redis and \
        both ports of Qdrant; edits of the client and of the models arrive; stop leaves nothing"
        .to_owned())
}

/// A chat in a real browser, from the page to LiteLLM and back.
fn page_chats(node: &Node) -> Result<(), String> {
    shell::output(shell::command("npm").args(["--prefix", "tests/client", "ci", "--no-audit", "--no-fund"]))?;
    let script = shell::repository().join("tests/client/live.mjs");
    shell::output(node.command("node").arg(script).arg("http://127.0.0.1:3000")).map(drop)
}

/// An edit of the client's source appears in the page, and no image is built for it.
fn client_edit(node: &Node, stack: &Stack<'_>, package: &Package, dev: &mut DevLoop) -> Result<(), String> {
    let image = |pod| text(&pod, "/spec/containers/0/image").to_owned();
    let before = stack.pod("react-client")?;
    let (file, sentence) = SENTENCE;
    package.edit(&format!("react-client/{file}"), sentence, OTHER_SENTENCE)?;
    let said = dev.follows(120)?;
    if !said.contains("Syncing") {
        return Err(format!("Skaffold did not copy {file}:\n{said}"));
    }
    until("the edited page", 120, || node.probe("page.py", &["http://127.0.0.1:3000", OTHER_SENTENCE]).map(Some))?;
    let after = stack.pod("react-client")?;
    if text(&before, "/metadata/uid") != text(&after, "/metadata/uid") {
        return Err(format!("the pod of {} was replaced by one of {}", image(before), image(after)));
    }
    Ok(())
}

/// An edit of LiteLLM's models reaches LiteLLM.
fn models_edit(node: &Node, stack: &Stack<'_>, package: &Package, dev: &mut DevLoop) -> Result<(), String> {
    package.give_models()?;
    dev.follows(300)?;
    stack.service_ready("litellm")?;
    let answer = until("Open WebUI to know the new model", 60, || {
        node.probe("chat.py", &["http://127.0.0.1:8080", "judge"]).map(Some)
    })?;
    if answer == JUDGE_ANSWERS { Ok(()) } else { Err(format!("the new model answers {answer:?}")) }
}
