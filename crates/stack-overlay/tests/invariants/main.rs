//! The invariants of the emitted tree, over random stacks and environments.
//!
//! With `KSTACK_BUILDER=kubectl kustomize`, that program builds what our engine builds otherwise; `PROPTEST_CASES` says how often.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here is a failed test")]

mod random;

use proptest::prelude::*;
use random::{Choices, environment, package, with_r2r};
use stack_krm::Order;
use stack_krm::yaml::Node;
use stack_model::view::{MatrixRow, matrix};
use stack_model::{CheckedStack, Known, Naming, SERVICE_LABEL, Stack};
use stack_overlay::dangling::dangling;
use stack_overlay::emit::{self, CheckedEnvironment};
use stack_source::{Diagnostic, FileTree, Severity, TreePath};

/// How things are refused that would be one, by rule and words: names are drawn so that they meet now and then.
const MEETINGS: [(&str, &str); 3] = [("taken-name", ""), ("taken-variable", ""), ("invalid-path", "two things")];

fn checked(stack: &Stack, files: &FileTree) -> Result<CheckedStack, TestCaseError> {
    stack.check_in(files).map_err(|report| {
        let meets = |fault: &Diagnostic| {
            let is = |(rule, words): &(&str, &str)| fault.rule.name == *rule && fault.message.contains(words);
            fault.rule.severity == Severity::Warning || MEETINGS.iter().any(is)
        };
        assert!(report.iter().all(meets), "{}", report.render(files, false));
        TestCaseError::reject("two things would be one")
    })
}

fn emitted(base: &CheckedStack, stack: &CheckedStack) -> FileTree {
    let environment = CheckedEnvironment { stack: stack.clone(), patches: Vec::new(), local_secrets: Vec::new() };
    emit::emit(base, &[environment], ".").unwrap_or_else(|report| panic!("{report}")).tree
}

fn lowered(stack: &CheckedStack) -> String {
    let mut objects = stack.lower();
    objects.sort(&Order::legacy());
    objects.to_yaml().unwrap()
}

fn built(tree: &FileTree, root: &str) -> String {
    match std::env::var("KSTACK_BUILDER") {
        Ok(builder) => built_by(&builder, tree, root),
        Err(_) => built_here(tree, root),
    }
}

fn built_by(builder: &str, tree: &FileTree, root: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in tree.iter() {
        let file = folder.path().join(path.as_str());
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let (program, verb) = builder.rsplit_once(' ').unwrap();
    let output = std::process::Command::new(program).arg(verb).arg(folder.path().join(root)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn built_here(tree: &FileTree, root: &str) -> String {
    let root = TreePath::new(root).unwrap();
    let built = stack_kustomize::build(tree, &root, &stack_kustomize::BuildOptions::default());
    built.unwrap_or_else(|error| panic!("{error}")).to_yaml().unwrap()
}

/// Edges between two services that nothing else of the consumer repeats: who, which of its edges, to whom.
fn edges(stack: &Stack) -> Vec<(String, usize, String)> {
    let is_there = |name: &str| stack.services.get(name).is_some_and(|service| service.when != Some(false));
    let mut edges = Vec::new();
    for (id, service) in stack.services.iter().filter(|(id, _)| is_there(id.as_str())) {
        if matches!(service.component, Some(Known::Nginx(_))) {
            continue; // its routes are edges too
        }
        for (index, relation) in service.uses.iter().enumerate().filter(|(_, relation)| is_there(&relation.to.name)) {
            let provider = &relation.to.name;
            let mut others =
                service.uses.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
            let mut steps = service.init.values().flat_map(|step| &step.uses);
            if others.all(|other| other.to.name != *provider) && steps.all(|other| other.to.name != *provider) {
                edges.push((id.to_string(), index, provider.clone()));
            }
        }
    }
    edges
}

/// Whether the pods of a service are selected somewhere in an object.
fn selects(node: &Node, service: &str) -> bool {
    let in_map = node.as_mapping().is_some_and(|mapping| {
        mapping
            .iter()
            .any(|(key, value)| (key == SERVICE_LABEL && value.as_str() == Some(service)) || selects(value, service))
    });
    in_map || node.as_sequence().is_some_and(|nodes| nodes.iter().any(|node| selects(node, service)))
}

fn variable(service: &str) -> String {
    format!("STACK_{}", service.to_uppercase().replace('-', "_"))
}

/// The variables in a text that lead to services.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.starts_with("STACK_"))
}

/// Whether a variable leads to this service, and to none whose name begins alike.
fn is_of(found: &str, service: &str, stack: &Stack) -> bool {
    let begins = |service: &str| {
        let variable = variable(service);
        found.strip_prefix(variable.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let longer = |other: &str| other.len() > service.len() && begins(other);
    begins(service) && !stack.services.keys().any(|other| longer(other.as_str()))
}

/// The first line in which two texts differ, with those before it.
fn difference(built: &str, lowered: &str) -> Option<String> {
    let mut lines = built.lines().zip(lowered.lines());
    let at = match lines.position(|(built, lowered)| built != lowered) {
        Some(at) => at,
        None if built.len() == lowered.len() => return None,
        None => built.lines().count().min(lowered.lines().count()),
    };
    let around = |text: &str| text.lines().skip(at.saturating_sub(12)).take(15).collect::<Vec<_>>().join("\n");
    Some(format!("line {}\nbuilt:\n{}\nlowered:\n{}", at + 1, around(built), around(lowered)))
}

proptest! {
    // The more cases, the more stacks without an edge, or with two things that would be one.
    #![proptest_config(ProptestConfig { max_global_rejects: 1 << 16, ..ProptestConfig::default() })]

    /// Invariant 1: what is emitted builds to what is lowered, base and environment.
    #[test]
    fn emit_and_build_agree(bytes in proptest::collection::vec(any::<u8>(), 0..320)) {
        let mut choices = Choices::new(&bytes);
        let (stack, files) = package(&mut choices);
        let base = checked(&stack, &files)?;
        let there = checked(&environment(&stack, &mut choices), &files)?;
        let tree = emitted(&base, &there);
        prop_assert_eq!(difference(&built(&tree, "k8s/base"), &lowered(&base)), None);
        prop_assert_eq!(difference(&built(&tree, "k8s/overlays/env"), &lowered(&there)), None);
    }

    /// Invariant 2: no reference dangles, whatever the prefix, suffix and namespace.
    #[test]
    fn nothing_dangles(bytes in proptest::collection::vec(any::<u8>(), 0..320)) {
        let mut choices = Choices::new(&bytes);
        let (stack, files) = package(&mut choices);
        let there = checked(&environment(&stack, &mut choices), &files)?;
        let report = dangling(&there.lower(), None, "default");
        prop_assert!(!report.has_errors(), "{}", report);
    }

    /// The same for a component that binds what only others offer.
    #[test]
    fn a_component_binds_in_every_environment(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let (stack, files) = with_r2r();
        let base = checked(&stack, &files)?;
        let there = checked(&environment(&stack, &mut Choices::new(&bytes)), &files)?;
        let tree = emitted(&base, &there);
        prop_assert_eq!(difference(&built(&tree, "k8s/overlays/env"), &lowered(&there)), None);
        let report = dangling(&there.lower(), None, "default");
        prop_assert!(!report.has_errors(), "{}", report);
    }

    /// Invariant 3: an edge and all that follows from it vanish together.
    #[test]
    fn an_edge_and_its_artifacts_vanish_together(bytes in proptest::collection::vec(any::<u8>(), 0..320)) {
        let mut choices = Choices::new(&bytes);
        let (mut stack, files) = package(&mut choices);
        let edges = edges(&stack);
        prop_assume!(!edges.is_empty());
        let (consumer, index, provider) = edges[choices.below(edges.len())].clone();
        let between = |row: &MatrixRow| row.from == consumer && row.to == provider;
        prop_assert!(matrix(&checked(&stack, &files)?).iter().any(between), "{} and {} have an edge", consumer, provider);
        stack.service_mut(consumer.as_str()).expect("a service").uses.remove(index);
        let after = checked(&stack, &files)?;
        prop_assert!(!matrix(&after).iter().any(between));
        for object in after.objects(Naming::Plain) {
            let owner = object.service.as_ref().map(ToString::to_string).unwrap_or_default();
            let is_policy = object.node.get("kind").and_then(Node::as_str) == Some("NetworkPolicy");
            let text = format!("{:?}", object.node);
            let is_left = variables(&text).any(|found| is_of(found, &provider, &stack));
            prop_assert!(owner != consumer || !is_left, "a variable of {} is left to {}\n{}", provider, consumer, text);
            if is_policy && (owner == consumer || owner == provider) {
                let other = if owner == consumer { &provider } else { &consumer };
                prop_assert!(!selects(&object.node, other), "the policy of {} still names {}", owner, other);
            }
        }
    }

    /// Invariant 5: the same input gives the same bytes.
    #[test]
    fn the_same_input_gives_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..320)) {
        let make = || -> Result<FileTree, TestCaseError> {
            let mut choices = Choices::new(&bytes);
            let (stack, files) = package(&mut choices);
            Ok(emitted(&checked(&stack, &files)?, &checked(&environment(&stack, &mut choices), &files)?))
        };
        prop_assert_eq!(make()?, make()?);
    }
}
