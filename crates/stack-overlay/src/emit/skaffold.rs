//! `skaffold.yaml`: images, overlay, port-forwards, all of them facts of the stack.
//!
//! The schema is v4beta11: every newer Skaffold reads it, and nothing newer is needed.

use stack_krm::yaml::Node;
use stack_model::CheckedStack;
use stack_model::plan::Plan;
use stack_source::FileTree;

use super::layout::texts;
use super::{CheckedEnvironment, LOCAL, OVERLAYS, file, local, put};

const SCHEMA: &str = "skaffold/v4beta11";

/// Images that are built at a time: they are gigabytes, and a developer's machine does other things too.
const CONCURRENCY: i32 = 2;

/// The environment whose images never leave the developer's machine is the one that Skaffold runs.
pub(super) fn emit(environments: &[CheckedEnvironment], package: &str, tree: &mut FileTree) {
    let runs = |environment: &&CheckedEnvironment| environment.stack.stack().environment.writes_synced_files();
    let Some(stack) = environments.iter().find(runs).map(|environment| &environment.stack) else { return };
    put(tree, "skaffold.yaml", &file::arranged(&config(stack, package)));
}

fn config(stack: &CheckedStack, package: &str) -> Node {
    let declared = stack.stack();
    let environment = &declared.environment;
    let name = environment.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let built: Vec<&Plan> = stack.plans().iter().filter(|plan| plan.build.is_some()).collect();
    let manifests = |path: String| {
        let paths = Node::mapping([("paths", Node::sequence([Node::string(path)]))]);
        Node::mapping([("kustomize", paths)])
    };
    let mut deploy = Vec::new();
    let kubectl = environment.namespace.as_ref().map(|namespace| texts([("defaultNamespace", namespace.as_str())]));
    deploy.push(("kubectl", kubectl.unwrap_or_else(|| Node::mapping::<&str>([]))));
    deploy.push(("statusCheckDeadlineSeconds", Node::int(deadline(stack))));
    deploy.push(("tolerateFailuresUntilDeadline", Node::bool(true)));
    let minikube = Node::mapping([
        ("name", Node::string("minikube")),
        ("activation", Node::sequence([texts([("kubeContext", "^minikube$")])])),
        ("deploy", texts([("kubeContext", "minikube")])),
    ]);
    let mut profiles = vec![minikube];
    if environment.secrets.local.is_some() {
        profiles.push(Node::mapping([
            ("name", Node::string("own-keys")),
            ("activation", Node::sequence([texts([("env", &*format!("{}=^{name}$", local::SWITCH))])])),
            ("manifests", manifests(format!("{LOCAL}/{name}"))),
        ]));
    }
    let mut rows = vec![
        ("apiVersion", Node::string(SCHEMA)),
        ("kind", Node::string("Config")),
        ("metadata", texts([("name", declared.name.as_str())])),
    ];
    if !built.is_empty() {
        rows.push(("build", build(&built, package)));
    }
    rows.push(("manifests", manifests(format!("{OVERLAYS}/{name}"))));
    rows.push(("deploy", Node::mapping(deploy)));
    let forwards: Vec<Node> = environment.forward.iter().filter_map(|forward| self::forward(stack, forward)).collect();
    if !forwards.is_empty() {
        rows.push(("portForward", Node::sequence(forwards)));
    }
    rows.push(("profiles", Node::sequence(profiles)));
    Node::mapping(rows)
}

fn build(built: &[&Plan], package: &str) -> Node {
    Node::mapping([
        ("tagPolicy", Node::mapping([("sha256", Node::mapping::<&str>([]))])),
        ("local", Node::mapping([("push", Node::bool(false)), ("concurrency", Node::int(CONCURRENCY))])),
        ("artifacts", Node::sequence(built.iter().filter_map(|plan| artifact(plan, package)))),
    ])
}

fn artifact(plan: &Plan, package: &str) -> Option<Node> {
    let build = plan.build.as_ref()?;
    let context = build.context.as_deref().unwrap_or(".");
    let context = if package == "." { context.to_owned() } else { format!("{package}/{context}") };
    let mut docker = vec![("dockerfile", Node::string(build.dockerfile.as_deref().unwrap_or("Dockerfile")))];
    docker.extend(build.target.as_ref().map(|target| ("target", Node::string(target))));
    if !build.args.is_empty() {
        // Skaffold takes build arguments for Go templates.
        let args = build.args.iter().map(|(name, value)| (name.clone(), value.to_string().replace("{{", "{{\"{{\"}}")));
        docker.push(("buildArgs", Node::mapping(args.map(|(name, value)| (name, Node::string(value))))));
    }
    let mut rows = vec![
        ("image", Node::string(plan.image.name())),
        ("context", Node::string(context)),
        ("docker", Node::mapping(docker)),
    ];
    if !build.sync.is_empty() {
        let rules = build.sync.iter().map(|sync| {
            let mut rule = vec![("src", Node::string(&sync.files)), ("dest", Node::string(&sync.to))];
            rule.extend(sync.strip.as_ref().map(|strip| ("strip", Node::string(strip))));
            Node::mapping(rule)
        });
        rows.push(("sync", Node::mapping([("manual", Node::sequence(rules))])));
    }
    Some(Node::mapping(rows))
}

/// The longest start of any service: waits and start-up probes, as `check` added them up.
fn deadline(stack: &CheckedStack) -> u32 {
    stack.plans().iter().map(|plan| plan.start_budget).max().unwrap_or(0)
}

/// A forward to the final name of a Kubernetes Service; Skaffold prefixes nothing.
fn forward(stack: &CheckedStack, forward: &stack_model::Forward) -> Option<Node> {
    let environment = &stack.stack().environment;
    let plan = stack.plans().iter().find(|plan| plan.id == forward.service.as_str())?;
    let port = match &forward.port {
        Some(name) => plan.ports.iter().find(|port| port.name == name.as_str())?,
        None => plan.ports.first()?,
    };
    let mut rows = vec![
        ("resourceType", Node::string("service")),
        ("resourceName", Node::string(environment.final_name(plan.service_name.as_str()))),
    ];
    rows.extend(environment.namespace.as_ref().map(|namespace| ("namespace", Node::string(namespace.as_str()))));
    rows.push(("port", Node::int(port.service.get())));
    rows.push(("localPort", Node::int(forward.local.unwrap_or(port.service.get()))));
    Some(Node::mapping(rows))
}
