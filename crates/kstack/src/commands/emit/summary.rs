//! What an emission says when it is done.

use std::collections::BTreeSet;
use std::path::Path;

use stack_model::plan::{EdgeEnd, ExposedWay, Plan};
use stack_model::{CheckedStack, LoadBalancers, Storage};
use stack_overlay::emit::{BASE, CheckedEnvironment, OVERLAYS};
use stack_source::TreePath;

use super::needs::Need;
use super::{Outcome, local, needs, next};
use crate::Surroundings;
use crate::package::{Checked, name};
use crate::table::count;

/// `llm-stack  7 services · 6 relations · 2 waves`.
pub(in crate::commands) fn headline(checked: &Checked) -> String {
    let plans = checked.base.plans();
    let services = count(plans.len(), "service", "services");
    let between = |plan: &Plan| plan.edges.iter().filter(|edge| matches!(edge.to, EdgeEnd::Service(_))).count();
    let relations = count(plans.iter().map(between).sum(), "relation", "relations");
    let waves = count(plans.iter().map(|plan| plan.wave).max().unwrap_or(0), "wave", "waves");
    format!("{}  {services} · {relations} · {waves}", checked.base.stack().name)
}

/// A part of the tree, and what is worth knowing of it.
struct Part {
    path: TreePath,
    about: String,
}

impl Outcome<'_> {
    pub(super) fn text(&self, asked: &[String], package: &Path, surroundings: &Surroundings) -> String {
        let mut text = format!("{}\n", headline(self.checked));
        let touched = |part: &TreePath| {
            let written = self.written;
            let lists = [&written.created, &written.updated, &written.removed];
            lists.into_iter().flatten().any(|path| path.is_in(part))
        };
        let mut rows: Vec<(&str, String, String)> = Vec::new();
        for part in self.parts() {
            let state = if touched(&part.path) { "wrote" } else { "same" };
            rows.push((state, surroundings.shown(&self.out.join(part.path.as_str())), part.about));
        }
        rows.sort_by_key(|(state, ..)| *state != "wrote");
        for path in self.written.removed.iter().filter(|path| !local::is_local(path)) {
            rows.push(("removed", surroundings.shown(&self.out.join(path.as_str())), String::new()));
        }
        rows.extend(self.local.rows(surroundings));
        for need in self.needs(asked) {
            rows.push(("needs", need.what, need.about));
        }
        rows.push(("next", next::step(self, asked, package, surroundings), String::new()));
        let is_path = |state: &str| state != "next";
        let width =
            rows.iter().filter(|row| is_path(row.0)).map(|(_, path, _)| path.chars().count()).max().unwrap_or(0);
        let mut last = "";
        for (state, path, about) in &rows {
            let label = if *state == last { "" } else { state };
            let gap = " ".repeat(width.saturating_sub(path.chars().count()));
            let line = if about.is_empty() { path.clone() } else { format!("{path}{gap}  {about}") };
            text.push_str(&format!("{label:<8}{line}\n"));
            last = state;
        }
        text
    }

    pub(super) fn json(&self, surroundings: &Surroundings) -> serde_json::Value {
        let paths = |list: &[TreePath]| list.iter().map(|path| path.as_str().to_owned()).collect::<Vec<_>>();
        let environments: Vec<&str> = self.checked.environments.iter().map(name).collect();
        serde_json::json!({
            "stack": self.checked.base.stack().name,
            "environments": environments,
            "out": surroundings.shown(self.out),
            "created": paths(&self.written.created),
            "updated": paths(&self.written.updated),
            "removed": paths(&self.written.removed),
            "unchanged": paths(&self.written.unchanged),
            "local": self.local.paths(surroundings),
        })
    }

    /// What the environment that is applied next needs of its cluster; one that Skaffold runs needs nothing.
    fn needs(&self, asked: &[String]) -> Vec<Need> {
        next::applied(self, asked).map_or_else(Vec::new, |environment| needs::of(&environment.stack))
    }

    fn parts(&self) -> Vec<Part> {
        let tree = &self.emitted.tree;
        let mut parts = Vec::new();
        let mut add = |path: &str, about: String| {
            if let Ok(path) = TreePath::new(path) {
                parts.push(Part { path, about });
            }
        };
        let files = TreePath::new(BASE).map_or(0, |base| tree.in_folder(&base).count());
        let objects = count(self.checked.base.lower().len(), "object", "objects");
        add(BASE, format!("{objects} in {}", count(files, "file", "files")));
        for environment in &self.checked.environments {
            add(&format!("{OVERLAYS}/{}", name(environment)), decisions(environment));
        }
        let others: BTreeSet<&str> = tree
            .iter()
            .filter(|(path, _)| !path.as_str().starts_with("k8s/"))
            .filter_map(|(path, _)| path.parts().next())
            .collect();
        for other in others {
            let about = match other {
                "skaffold.yaml" => self.skaffold(),
                _ => "a ConfigMap of the files there".to_owned(),
            };
            add(other, about);
        }
        parts
    }

    fn skaffold(&self) -> String {
        let runs = self.checked.environments.iter().find(|one| one.stack.stack().environment.writes_synced_files());
        let Some(environment) = runs else { return String::new() };
        let built = built(&environment.stack);
        let forwards = environment.stack.stack().environment.forward.len();
        format!("{} · {}", count(built, "artifact", "artifacts"), count(forwards, "port-forward", "port-forwards"))
    }
}

/// `dev- prefix · 5 built images (Never) · emptyDir`.
fn decisions(environment: &CheckedEnvironment) -> String {
    let stack = &environment.stack;
    let decided = &stack.stack().environment;
    let mut facts = Vec::new();
    if let Some(profile) = &stack.stack().cluster.profile {
        facts.push(format!("for {profile}"));
    }
    if !decided.prefix.is_empty() {
        facts.push(format!("{} prefix", decided.prefix));
    }
    if !decided.suffix.is_empty() {
        facts.push(format!("{} suffix", decided.suffix));
    }
    if let Some(namespace) = &decided.namespace {
        facts.push(format!("namespace {namespace}"));
    }
    if built(stack) > 0 {
        let place = decided.images.registry.clone().unwrap_or_else(|| decided.pull.built.name().to_owned());
        facts.push(format!("{} ({place})", count(built(stack), "built image", "built images")));
    }
    facts.push(match decided.storage {
        Storage::Ephemeral => "emptyDir".to_owned(),
        Storage::Claims => "claims".to_owned(),
    });
    let balanced = |plan: &Plan| plan.exposed.iter().any(|way| matches!(way.way, ExposedWay::LoadBalancer(_)));
    if stack.stack().cluster.load_balancer == Some(LoadBalancers::MinikubeTunnel) && stack.plans().iter().any(balanced)
    {
        facts.push("load balancers answer while `minikube tunnel` runs".to_owned());
    }
    if !environment.patches.is_empty() {
        facts.push(count(environment.patches.len(), "raw patch", "raw patches"));
    }
    facts.join(" · ")
}

fn built(stack: &CheckedStack) -> usize {
    stack.plans().iter().filter(|plan| plan.build.is_some()).count()
}
